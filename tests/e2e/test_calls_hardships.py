"""Calls are counted exactly where that is hard, and the program cannot tell that they are."""

import pathlib

import pytest
from harness import run_command
from test_calls_reference import Recorded

CALLS = pathlib.Path(__file__).resolve().parents[1] / "oracles/calls"
FIB_12 = 465
FIB_18 = 8361


class Watched:
    """One of the programs, with lancehead and without."""

    def __init__(self, lancehead, interpreter, place, tmp_path, name, options=("--calls",)):
        program = place.copy(CALLS / "hardships.py")
        self.alone = run_command([*interpreter.argv, program, name])
        self.recording = tmp_path / "r.lancehead"
        self.outcome = lancehead.record(
            self.recording, interpreter, program, name, options=["-q", *options]
        )
        assert self.outcome.stdout == self.alone.stdout, self.outcome.describe()
        assert self.outcome.stderr == self.alone.stderr, self.outcome.describe()
        assert self.outcome.code == self.alone.code, self.outcome.describe()
        self.calls = Recorded(self.recording)

    def numbers(self, function):
        """How often a function was called, by context."""
        numbers = {}
        for context, _, callee, count, *_ in self.calls.calls:
            if self.calls.functions[callee][2] == function and count:
                numbers[context] = numbers.get(context, 0) + count
        return numbers


@pytest.fixture
def watch(lancehead, interpreter, place, tmp_path):
    return lambda name, **how: Watched(lancehead, interpreter, place, tmp_path, name, **how)


def test_each_thread_has_its_own_calls(watch):
    assert sorted(watch("threads").numbers("fib").values()) == [FIB_12] * 8


def test_threads_that_interleave_do_not_mix(watch):
    found = watch("at_once")
    assert sorted(found.numbers("fib").values()) == [FIB_18] * 3
    assert found.calls.metrics["calls without an end"] == 0
    assert found.calls.metrics["ends without a call"] == 0


@pytest.mark.parametrize("name", ["forks", "forks_and_returns"])
def test_a_fork_counts_for_itself(watch, name):
    found = watch(name)
    numbers = found.numbers("fib")
    contexts = found.calls.contexts
    pids = {contexts[contexts[context][1]][2] for context in numbers}
    before = FIB_12 if name == "forks" else 0
    assert sorted(numbers.values()) == [FIB_12, FIB_12 + before]
    assert len(pids) == 2
    # The child's calls lie below the path on which it was made.
    for _, caller, callee, *_ in found.calls.calls:
        if found.calls.functions[callee][2] == "fib":
            assert found.calls.path(caller)[0][2] == "<module>"


@pytest.mark.parametrize("name", ["killed", "ends_at_once", "executes", "raises"])
def test_what_was_counted_outlives_the_process(watch, name):
    found = watch(name)
    assert list(found.numbers("fib").values()) == [FIB_12]
    # What had not returned has its time.
    totals = {}
    for _, _, callee, _, _, total, _ in found.calls.calls:
        function = found.calls.functions[callee][2]
        totals[function] = max(total, totals.get(function, 0))
    assert totals["<module>"] >= totals[name] >= totals["fib"] > 0


@pytest.mark.parametrize("name", ["profiled", "profile_function"])
def test_a_profiler_in_the_program_sees_what_it_sees_alone(watch, name):
    found = watch(name)
    assert list(found.numbers("fib").values()) == [2 * FIB_12]


def test_a_tracer_in_the_program_sees_what_it_sees_alone(watch):
    assert list(watch("traced").numbers("fib").values()) == [FIB_12]


@pytest.mark.minors("3.12", "3.13", "3.14", "3.15")
def test_a_monitoring_tool_sees_what_it_sees_alone(watch):
    assert list(watch("monitored").numbers("fib").values()) == [FIB_12]


TAKES_ALL_IDS = """
import sys
for tool in (3, 4, 5):
    sys.monitoring.use_tool_id(tool, "other")
"""


@pytest.mark.minors("3.12", "3.13", "3.14", "3.15")
@pytest.mark.parametrize("name", ["threads", "profiled"])
def test_where_no_tool_id_is_free_the_profile_function_does_it(
    lancehead, interpreter, place, tmp_path, name
):
    place.write("sitecustomize.py", TAKES_ALL_IDS)
    program = place.copy(CALLS / "hardships.py")
    recording = tmp_path / "r.lancehead"
    env = {"PYTHONPATH": place.seen(place.folder)}
    lancehead.record(recording, interpreter, program, name, options=["--calls"], env=env).check()
    found = lancehead.report(recording, "--by", "calls")["calls"]
    numbers = [row["calls"] for row in found["functions"] if row["function"]["name"] == "fib"]
    assert numbers == [8 * FIB_12 if name == "threads" else 2 * FIB_12]
    assert found["seen_by"] == "profile function"


def test_a_program_finds_nothing_of_it(watch):
    watch("looks_around")


def test_with_exact_counts_code_has_its_own_name(watch):
    found = watch("raises", options=["--calls", "--counts"])
    assert list(found.numbers("fib").values()) == [FIB_12]


@pytest.mark.parametrize("options", [["--calls"], ["--calls", "--counts"]])
def test_the_program_itself_is_called_once(watch, options):
    found = watch("threads", options=options).calls
    runs = [
        count
        for _, _, callee, count, *_ in found.calls
        if found.functions[callee][0].endswith("hardships.py")
        and found.functions[callee][2] == "<module>"
    ]
    assert runs == [1]
