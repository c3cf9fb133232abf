"""What every measurement needs: the command, the interpreters, a folder, and a table to fill."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "bench/programs"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/e2e")]

import interpreters  # noqa: E402  (the path comes first)
from harness import Place  # noqa: E402


@dataclasses.dataclass
class Table:
    """The result of a measurement, as docs/benchmarks.md shows it."""

    title: str
    about: str
    header: list[str]
    rows: list[list[str]] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    def markdown(self) -> str:
        widths = [
            max(len(row[i]) for row in [self.header, *self.rows]) for i in range(len(self.header))
        ]
        lines = [f"### {self.title}", "", self.about, ""]
        for row in [self.header, ["-" * width for width in widths], *self.rows]:
            cells = (cell.ljust(width) for cell, width in zip(row, widths))
            lines.append("| " + " | ".join(cells) + " |")
        if self.notes:
            lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines) + "\n"


class Unavailable(Exception):
    """A measurement cannot be made here; the text says why."""


@dataclasses.dataclass
class Finished:
    """What a command printed, and how long it took."""

    stdout: str
    stderr: str
    seconds: float


def run(argv, timeout=900.0, **options) -> Finished:
    """Runs a command to its end, and checks that it ended well."""
    began = time.monotonic()
    done = subprocess.run(
        [os.fspath(part) for part in argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
        **options,
    )
    seconds = time.monotonic() - began
    if done.returncode != 0:
        command = " ".join(map(str, argv))
        raise Unavailable(f"`{command}` ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return Finished(done.stdout, done.stderr, seconds)


class Context:
    """Where the measurements happen. `quick` makes them short and rough."""

    def __init__(self, binary: pathlib.Path, minors: list[str] | None, quick: bool):
        self.binary = binary
        self.quick = quick
        found = interpreters.find()
        wanted = minors or list(interpreters.MINORS)
        # One of each minor version is enough: the highest patch level, outside of a chroot if any.
        ordered = sorted(found, key=lambda one: one.root == "/")
        by_minor = {one.minor: one for one in ordered if not one.free_threaded}
        self.interpreters = [by_minor[minor] for minor in wanted if minor in by_minor]
        self.missing = [minor for minor in wanted if minor not in by_minor]

    def interpreter(self, minor: str):
        """The interpreter of a minor version, or the nearest newer one that is here."""
        for one in self.interpreters:
            if interpreters.MINORS.index(one.minor) >= interpreters.MINORS.index(minor):
                return one
        if not self.interpreters:
            raise Unavailable("no interpreter was found")
        return self.interpreters[-1]

    @contextlib.contextmanager
    def place(self, interpreter):
        """A folder that the interpreter can see (harness.Place), removed at the end."""
        parent = None if interpreter.root == "/" else interpreter.root + "/tmp"
        folder = pathlib.Path(tempfile.mkdtemp(prefix="lancehead-bench-", dir=parent))
        try:
            yield Place(folder, interpreter.root)
        finally:
            shutil.rmtree(folder)

    def record(self, recording, argv, *options, prefix=(), **how) -> Finished:
        """Runs `lancehead run` on a command."""
        return run([*prefix, self.binary, "run", "--quiet", "--force", *options, "--output",
                    recording, "--", *argv], **how)  # fmt: skip

    def summary(self, recording) -> dict:
        """The summary of a recording: samples, lost, and what lancehead itself cost."""
        return json.loads(run([self.binary, "report", recording, "--json"]).stdout)["summary"]

    def collapsed(self, recording) -> str:
        return run(
            [self.binary, "export", recording, "--to", "collapsed", "--clock", "wall"]
        ).stdout
