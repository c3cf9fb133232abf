"""The reference for exact counts is one: it changes nothing, and gives the same each time.

The programs, the reference and the rules for line events are in tests/oracles/counts.
"""

import concurrent.futures
import json
import pathlib
import re

import pytest
from harness import run_command

COUNTS = pathlib.Path(__file__).resolve().parents[1] / "oracles/counts"
PROGRAMS = sorted((COUNTS / "programs").glob("*.py"))


def needs(program):
    """The first minor version on which a program runs, from its line `# needs: 3.10`."""
    found = re.search(rb"^# needs: 3\.(\d+)$", program.read_bytes(), re.MULTILINE)
    return int(found[1]) if found else 8


def programs_for(interpreter):
    minor = int(interpreter.minor.partition(".")[2])
    return [program for program in PROGRAMS if needs(program) <= minor]


class Runs:
    """All programs run by one interpreter: plainly, twice under the reference, once simulated."""

    def __init__(self, interpreter, place):
        self.names = [program.stem for program in programs_for(interpreter)]
        self._folder = place.folder / "counts"
        seen = place.copy(COUNTS)
        jobs = [
            self._job(place, run, kind, name)
            for run, kind in (("one", "reference"), ("two", "reference"), ("sim", "simulate"))
            for name in self.names
        ]
        env = {"PYTHONDONTWRITEBYTECODE": "1"}

        def plain(names):
            return [
                (name, run_command([*interpreter.argv, f"{seen}/programs/{name}.py"], env=env))
                for name in names
            ]

        def batch(part):
            file = self._folder / f"jobs{part}.json"
            file.write_text(json.dumps(jobs[part::2]), encoding="utf-8")
            argv = [*interpreter.argv, f"{seen}/batch.py", place.seen(file)]
            codes = json.loads(run_command(argv, env=env, timeout=120).check().stdout)
            return [(job["key"], job["name"], code) for job, code in zip(jobs[part::2], codes)]

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            batches = [pool.submit(batch, part) for part in (0, 1)]
            self.plain = dict(pool.submit(plain, self.names).result())
            done = [one for each in batches for one in each.result()]
        self._codes = {(run, name): code for run, name, code in done}

    def _job(self, place, run, kind, name):
        folder = self._folder / run / name
        folder.mkdir(parents=True)
        files = {key: place.seen(folder / key) for key in ("out", "stdout", "stderr")}
        program = place.seen(self._folder / "programs" / f"{name}.py")
        return {"key": run, "name": name, "run": kind, "program": program, **files}

    def code(self, run, name):
        return self._codes[run, name]

    def text(self, run, name, file="stdout"):
        path = self._folder / run / name / file
        return path.read_bytes().decode("utf-8", "replace")

    def results(self, run, name):
        """What was written by each process of a run: {"out": ..., "out.1": ...}."""
        files = sorted((self._folder / run / name).glob("out*"))
        return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}


def line_totals(result):
    totals = {}
    for code in result["codes"]:
        lines = totals.setdefault(code["file"], {})
        for line, hits in code["lines"].items():
            lines[line] = lines.get(line, 0) + hits
    return {file: lines for file, lines in totals.items() if lines}


def test_there_are_programs_for_everything():
    assert len(PROGRAMS) >= 80
    assert {needs(program) for program in PROGRAMS} == {8, 10, 11, 12, 14}


@pytest.mark.one_patch_level
def test_the_reference_is_exact(interpreter, place):
    runs = Runs(interpreter, place)
    for name in runs.names:
        plain = runs.plain[name]
        for run in ("one", "two", "sim"):
            explained = f"{name}, {run}: {runs.text(run, name, 'stderr')}\n{plain.describe()}"
            assert runs.code(run, name) == plain.code, explained
            assert runs.text(run, name) == plain.stdout.replace("\r\n", "\n"), explained
            if plain.code == 1:
                assert runs.text(run, name, "stderr").endswith(plain.stderr[-40:]), explained

        first = runs.results("one", name)
        assert first == runs.results("two", name), name
        assert all(line_totals(one) for one in first.values()), name
        main = [c for c in first["out"]["codes"] if c["name"] == "<module>"]
        assert any(c["file"] == f"{name}.py" and c["lines"] for c in main), name

        # The rules say from the instructions alone which line events there are, and opcode
        # events did not change them.
        for process, simulated in runs.results("sim", name).items():
            assert simulated["wrong"] == [], (name, process)
            assert simulated["lines"] == line_totals(first[process]), (name, process)

    # Each child of a fork wrote its own, also the child of a child.
    children = [f"out.{child}" for child in ("1", "2", "3", "4", "5", "5.1")]
    assert sorted(runs.results("one", "forks")) == ["out", *children]

    # A branch that is executed each time a function is called.
    branches = runs.results("sim", "conditions")["out"]["branches"]
    (grade,) = [code["outcomes"] for code in branches if code["name"] == "grade"]
    assert sum(grade[min(grade, key=int)]) == 8
