"""What the end-to-end tests stand on: running commands with a limit, and lancehead among them.

Nothing here knows what a right answer is; that is for the tests to say.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a command ended. `code` is -n after signal n, as in subprocess."""

    argv: list[str]
    code: int
    stdout: str
    stderr: str
    seconds: float

    def check(self, code: int = 0) -> Outcome:
        """Itself if the command ended with this code; else fails the test with all there is."""
        assert self.code == code, self.describe()
        return self

    def describe(self) -> str:
        return (
            f"{' '.join(self.argv)}\nended with {self.code} after {self.seconds:.2f} s\n"
            f"--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"
        )


class TookTooLong(AssertionError):
    """A command did not end in its time; it and its children have been killed."""


def run_command(argv, timeout=60.0, env=None, cwd=None, stdin=None) -> Outcome:
    """Runs a command in a process group of its own, which is killed when the time is over.

    `env` is added to the environment, a value of None removes a name; `stdin` is text, and nothing
    can be read where it is None.
    """
    argv = [os.fspath(part) for part in argv]
    environment = {**os.environ, **(env or {})}
    environment = {name: value for name, value in environment.items() if value is not None}
    began = time.monotonic()
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=cwd,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr = process.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            stdout, stderr = process.communicate()
            outcome = Outcome(argv, process.returncode, stdout, stderr, time.monotonic() - began)
            raise TookTooLong(f"not done after {timeout} s: {outcome.describe()}") from None
    return Outcome(argv, process.returncode, stdout, stderr, time.monotonic() - began)


class Place:
    """A folder that an interpreter can see, under the path that this interpreter knows it by."""

    def __init__(self, folder: pathlib.Path, root: str):
        self.folder = folder
        self._root = pathlib.Path(root)

    def seen(self, path: pathlib.Path) -> str:
        """The path of a file of this folder as the interpreter has to spell it."""
        return "/" + str(path.relative_to(self._root))

    def write(self, name: str, text: str) -> str:
        """Writes a file and returns its path as the interpreter sees it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self.seen(path)

    def copy(self, source: pathlib.Path | str) -> str:
        """Copies a file or a whole folder and returns its path as the interpreter sees it."""
        source = pathlib.Path(source)
        path = self.folder / source.name
        if source.is_dir():
            shutil.copytree(source, path)
        else:
            shutil.copy2(source, path)
        return self.seen(path)


class Lancehead:
    """The command under test."""

    def __init__(self, binary: pathlib.Path):
        self.binary = binary

    def __call__(self, *args, **options) -> Outcome:
        """Runs `lancehead ARGS…`; the options are those of run_command."""
        return run_command([self.binary, *args], **options)

    def record(self, recording, interpreter, *args, options=(), **how) -> Outcome:
        """Records a program under an interpreter into the file `recording`.

        `args` are the interpreter's own, so they begin with the path that it has to open; `options`
        are for `lancehead run`.
        """
        command = ["run", *options, "--output", recording, "--", *interpreter.argv, *args]
        return self(*command, **how)

    def report(self, recording, *options, **how) -> dict:
        """What `lancehead report FILE --json` says, as Python data."""
        outcome = self("report", recording, "--json", *options, **how).check()
        try:
            return json.loads(outcome.stdout)
        except ValueError as error:
            raise AssertionError(f"not JSON ({error}): {outcome.describe()}") from None
