"""What the tests of src/code and src/recompile share: their small programs, and asking interpreters."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DUMP = pathlib.Path(__file__).with_name("recompile_dump.py")


def tool(name):
    folders = [
        os.environ.get("LANCEHEAD_TEST_TOOLS"),
        ROOT / "build/asan/bin",
        ROOT / "build/dev/bin",
    ]
    for folder in filter(None, folders):
        if (pathlib.Path(folder) / name).is_file():
            return str(pathlib.Path(folder) / name)
    pytest.fail(f"{name} is missing; 'ninja -C build/dev {name}' builds it.", pytrace=False)


def outside(interpreter):
    return "" if interpreter.root == "/" else interpreter.root


def ask(interpreter, code, *args, options=()):
    """What a program prints that runs inside the interpreter."""
    argv = [*interpreter.argv, "-I", "-S", "-B", "-W", "ignore", *options, "-", *args]
    done = subprocess.run(argv, input=code, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def dump(interpreter, paths, optimize=0, options=()):
    prefix = outside(interpreter)
    return ask(interpreter, DUMP.read_text(), prefix, str(optimize), *paths, options=options)


class Recovered:
    """The answer of recompile_code: ranges by number of code object, notes, and the counts."""

    def __init__(
        self, interpreter, described, total=120_000, per_file=60_000, argv=None, version=None
    ):
        own = "import sys; print('%08x' % sys.hexversion)"
        hexversion = version or ask(interpreter, own).strip()
        command = [tool("recompile_code"), hexversion, str(total), str(per_file), "/"]
        done = subprocess.run(
            [*command, *(argv or interpreter.argv)],
            input=described,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        self.notes, self.ranges = [], {}
        for line in done.stdout.splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "note":
                self.notes.append(rest)
            elif kind == "recovered":
                self.count, _, self.wanted = (int(w) if w.isdigit() else w for w in rest.split())
            elif kind == "code":
                number, *ranges = rest.split()
                self.ranges[int(number)] = [tuple(map(int, r.split(","))) for r in ranges]

    def at(self, number):
        """Places by offset of each unit."""
        return {
            offset: tuple(place)
            for begin, end, *place in self.ranges.get(number, [])
            for offset in range(begin, end, 2)
        }
