"""Calls are counted as cProfile counts them: numbers, primitive numbers, and both for each edge."""

import json
import pathlib
import re
import runpy
import subprocess

import pytest
from code_tools import tool

CALLS = pathlib.Path(__file__).resolve().parents[1] / "oracles/calls"
WORKLOADS = (
    "recursion",
    "mutual_recursion",
    "generators",
    "closed_generators",
    "coroutines",
    "exceptions",
    "callbacks",
    "objects",
    "methods_of_c",
    "library",
)


class Recorded:
    """The calls of a recording (tests/tools/read_calls.cpp)."""

    def __init__(self, recording):
        outcome = subprocess.run(
            [tool("read_calls"), recording], capture_output=True, text=True, timeout=60, check=True
        )
        found = json.loads(outcome.stdout)
        self.functions = [tuple(one) for one in found["functions"]]
        self.stacks = found["stacks"]
        self.calls = found["calls"]
        self.contexts = found["contexts"]
        self.metrics = found["metrics"]

    def path(self, stack):
        """The functions from the root to the stack's top."""
        names = []
        while stack != -1:
            stack, function = self.stacks[stack]
            names.append(self.functions[function])
        return names[::-1]

    def below(self, name):
        """What was called from a function on: {function: [count, primitive, {caller: …}]}."""
        rows = {}
        for _, caller, callee, count, *_ in self.calls:
            path = self.path(caller)
            function = self.functions[callee]
            begin = next((i for i, one in enumerate([*path, function]) if one[2] == name), None)
            if begin is None:
                continue
            path = path[begin:]
            row = rows.setdefault(function, [0, 0, {}])
            row[0] += count
            row[1] += 0 if function in path else count
            if path:
                edge = row[2].setdefault(path[-1], [0, 0])
                edge[0] += count
                pairs = list(zip(path, path[1:]))
                edge[1] += 0 if (path[-1], function) in pairs else count
        return rows


def plain(function):
    """A function without what differs from run to run."""
    file, line, name = function
    return file, line, re.sub(" at 0x[0-9a-f]+", "", name)


def expected(file):
    """What cProfile wrote, without its own end."""
    rows = {}
    for caller, count, primitive, edges in json.loads(file.read_text()):
        row = rows.setdefault(plain(caller), [0, 0, {}])
        row[0] += count
        row[1] += primitive
        for callee, *numbers in edges:
            edge = rows.setdefault(plain(callee), [0, 0, {}])[2].setdefault(plain(caller), [0, 0])
            edge[0] += numbers[0]
            edge[1] += numbers[1]
    del rows["~", 0, "<method 'disable' of '_lsprof.Profiler' objects>"]
    return rows


@pytest.mark.parametrize("workload", WORKLOADS)
def test_calls_are_those_of_cprofile(lancehead, interpreter, place, tmp_path, workload):
    program = place.copy(CALLS / "workloads.py")
    reference = place.folder / "reference.json"
    lancehead_run = lancehead.record(
        tmp_path / "r.lancehead", interpreter, program, workload, options=["--calls"]
    )
    lancehead_run.check()
    subprocess.run(
        [*interpreter.argv, program, workload, place.seen(reference)], check=True, timeout=60
    )
    found = Recorded(tmp_path / "r.lancehead").below(workload)
    assert found == expected(reference)


def steps_of_julia(width):
    """What the program computes, for each of its points."""
    module = runpy.run_path(str(CALLS.parents[2] / "examples/julia.py"))
    low, high, coordinates = module["X_LOW"], module["X_HIGH"], module["coordinates"]
    xs = coordinates(low, high, (high - low) / width)
    ys = coordinates(high, low, (low - high) / width)
    points = [complex(x, y) for y in ys for x in xs]
    return module["calculate_z"](module["MAX_ITERATIONS"], points, [module["C"]] * len(points))


def test_the_julia_program_has_the_calls_that_it_must_have(lancehead, interpreter, place, tmp_path):
    program = place.copy(CALLS.parents[2] / "examples/julia.py")
    recording = tmp_path / "r.lancehead"
    lancehead.record(recording, interpreter, program, "100", options=["--calls", "-q"]).check()
    found = lancehead.report(recording, "--by", "calls")["calls"]
    numbers = {row["function"]["name"]: row["calls"] for row in found["functions"]}
    # One for each step that is made, and one before the step that is not, but for the last.
    steps = steps_of_julia(100)
    assert numbers["<built-in method builtins.abs>"] == sum(steps) + sum(n < 300 for n in steps)
    appended = {
        edge["caller"]["name"]: edge["calls"]
        for edge in found["edges"]
        if edge["caller"] and edge["callee"]["name"] == "<method 'append' of 'list' objects>"
    }
    assert appended["calculate_julia"] == 2 * len(steps)
    assert numbers["calculate_z"] == numbers["calculate_julia"] == 1
    assert numbers["coordinates"] == 2
    assert found["lost"] == 0
