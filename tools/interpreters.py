#!/usr/bin/env python3
"""Finds the CPythons that the tests can run: pyenv's, those in PATH, and Debian sid's.

As a command it prints them as JSON; `--missing [pyenv|sid]` prints the supported minor versions
that come from there and were not found.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

# Where the tests get each supported minor version from.
SOURCES = {
    "3.8": "pyenv",
    "3.9": "pyenv",
    "3.10": "pyenv",
    "3.11": "pyenv",
    "3.12": "pyenv",
    "3.13": "pyenv",
    "3.14": "sid",
    "3.15": "sid",
}
MINORS = tuple(SOURCES)

_NAME = re.compile(r"python3\.\d+(t|-nogil)?")
_PROBE = """
import json, os, sys, sysconfig
print(json.dumps({
    "implementation": sys.implementation.name,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
"""


@dataclasses.dataclass(frozen=True)
class Interpreter:
    """One CPython and how to start it; `root` is the folder that it sees as `/`."""

    id: str
    minor: str
    version: str
    kind: str
    argv: tuple[str, ...]
    root: str
    executable: str
    free_threaded: bool


def cache_folder() -> pathlib.Path:
    """Where set-up keeps what is costly to make; the same rule as in tools/setup_sid."""
    if "LANCEHEAD_CACHE" in os.environ:
        return pathlib.Path(os.environ["LANCEHEAD_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "lancehead"


def _pyenv_candidates():
    root = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    for folder in sorted(root.glob("versions/*")):
        for name in ("python3", "python"):
            if (folder / "bin" / name).exists():
                yield "pyenv", (str(folder / "bin" / name),), "/"
                break


def _path_candidates():
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        # A shim only picks one of the versions that are listed already.
        if not os.path.isdir(folder) or os.path.basename(folder) == "shims":
            continue
        for name in sorted(os.listdir(folder)):
            if _NAME.fullmatch(name):
                yield "path", (os.path.join(folder, name),), "/"


def _sid_candidates():
    root = cache_folder() / "sid"
    if os.geteuid() != 0 or not (root / "etc/lancehead-sid").is_file():
        return
    for name in sorted(os.listdir(root / "usr/bin")):
        if _NAME.fullmatch(name):
            yield "sid", ("chroot", str(root), "/usr/bin/" + name), str(root)


def _probe(argv):
    """What the interpreter says of itself, or None where it is no working CPython."""
    try:
        done = subprocess.run(
            [*argv, "-I", "-S", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return answer if answer["implementation"] == "cpython" else None


def find() -> list[Interpreter]:
    """All CPythons of supported versions, oldest first, each version from one place only."""
    found: dict[str, Interpreter] = {}
    for candidates in (_pyenv_candidates(), _path_candidates(), _sid_candidates()):
        for kind, argv, root in candidates:
            answer = _probe(argv)
            if answer is None:
                continue
            minor = answer["version"].rpartition(".")[0]
            name = answer["version"] + ("t" if answer["free_threaded"] else "")
            if minor in SOURCES and name not in found:
                found[name] = Interpreter(
                    id=name,
                    minor=minor,
                    version=answer["version"],
                    kind=kind,
                    argv=argv,
                    root=root,
                    executable=answer["executable"],
                    free_threaded=answer["free_threaded"],
                )
    return sorted(
        found.values(), key=lambda one: ([int(n) for n in one.version.split(".")], one.id)
    )


def missing(found: list[Interpreter]) -> list[str]:
    """The supported minor versions of which `found` has none."""
    present = {one.minor for one in found}
    return [minor for minor in MINORS if minor not in present]


def is_offered(minor: str) -> bool:
    """Whether the place that a minor version comes from still has it, as far as is known here."""
    record = cache_folder() / "sid/etc/lancehead-sid"
    if SOURCES[minor] != "sid" or not record.is_file():
        return True
    offered = re.search(r"^offered: (.*)$", record.read_text(), re.MULTILINE)
    return offered is None or "python" + minor in offered[1].split()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missing", nargs="?", const="all", choices=("all", "pyenv", "sid"))
    options = parser.parse_args()
    found = find()
    if options.missing:
        for minor in missing(found):
            if options.missing in ("all", SOURCES[minor]):
                print(minor)
    else:
        json.dump([dataclasses.asdict(one) for one in found], sys.stdout, indent=2)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
