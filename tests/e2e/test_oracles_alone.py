"""The oracle programs tell the truth about themselves when nobody looks at them.

What holds for a program under a profiler can only be a test of the profiler if it holds without.
"""

import pytest
from oracle_check import ORACLES, Programs, facts_of

# Options that make a program quick, and a check of its facts. So short a run is at the mercy of
# whoever else wants the CPU, so shares are only asked to be possible at all.
QUICK = {
    "alternating_awaits": (["--seconds", 0.1], lambda f: f["rounds"] > 0),
    "alternating_calls": (["--seconds", 0.1], lambda f: f["pairs"] > 0),
    "alternating_constant": (["--seconds", 0.1], lambda f: len(f["chains"]) == 2),
    "alternating_generators": (["--seconds", 0.1], lambda f: f["rounds"] > 0),
    "blocking_calls": (["--seconds", 0.2], lambda f: len(f["blocked_in"]) == 9),
    "debugger_attaches": (["--seconds", 0.8], lambda f: f["ok"] == f["attempts"] > 0),
    "deep_recursion": (["--seconds", 0.1], lambda f: 0 < f["at_bottom"] <= 1),
    "equal_halves": (["--seconds", 0.1], lambda f: 0 < f["shares"]["first"] < 1),
    "exec_chain": (["--seconds", 0.2, "--images", 3], lambda f: len(f["exec_ns"]) == 2),
    "exec_from_threads": (["--seconds", 0.1], lambda f: f["exec_ns"] > 0 and f["threads"] == 1),
    "exits": (["--seconds", 0.1, "--code", 0], lambda f: f["how"] == "code"),
    "expressions": (["--seconds", 0.2], lambda f: 0.6 < f["second_of_sum"] < 0.9),
    "fork_storm": (["--children", 12, "--child-ms", 2], lambda f: f["wrong"] == []),
    "gc_heavy": (["--seconds", 0.2], lambda f: 0.05 < f["collecting"] < 0.99),
    # Long enough that the last round of each thread, beyond the deadline, weighs little.
    "gil_fight": (
        ["--seconds", 1.5],
        lambda f: 0 < sum(thread["held"] for thread in f["threads"].values()) < 1.1,
    ),
    "interrupted_calls": (
        ["--seconds", 0.3, "--timeout", 0.05],
        lambda f: (
            f["calls"]["read"] == f["calls"]["recv"]["eintr"] == 0
            and f["calls"]["epoll_wait"]["eintr"] == f["calls"]["epoll_wait"]["other"] == 0
            and f["calls"]["recv"]["other"] == 0
        ),
    ),
    "longest_gap": (["--seconds", 0.1], lambda f: len(f["gaps"]) == 10),
    "many_threads": (["--seconds", 0.2], lambda f: len(f["waiting"]) == 198),
    "names": (["--seconds", 0.1], lambda f: len(f["functions"]) == 10),
    "ratios": (["--seconds", 0.2], lambda f: 0.5 < sum(f["shares"].values()) <= 1),
    "reused_code": (["--seconds", 0.3], lambda f: f["reused"] > f["runs"] / 2),
    "short_calls": (["--seconds", 0.1], lambda f: f["calls"] > 0),
    "stop_and_continue": (["--rounds", 2], lambda f: f["wrong"] == [] and f["continued"] >= 2),
    "tasks": (["--seconds", 0.2], lambda f: 0 < sum(f["shares"].values()) < 1),
    "timer_signals": (
        ["--signals", 100],
        lambda f: f["handled"] + f["excused"] + 5 >= f["wanted"],
    ),
    "two_equal_functions": (["--seconds", 0.2], lambda f: 0 < f["totals"]["flat"] < 1),
    "up_and_down": (["--seconds", 0.1], lambda f: f["rounds"] > 0),
}


def test_every_oracle_is_tried():
    assert {path.stem for path in ORACLES.glob("*.py")} - {"oracle"} == set(QUICK)


def test_every_oracle_states_its_truth_and_bound():
    for name in QUICK:
        text = (ORACLES / f"{name}.py").read_text(encoding="utf-8")
        assert "\nTruth: " in text and "\nBound: " in text, name
        assert f"`{name}`" in (ORACLES / "README.md").read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", sorted(QUICK))
@pytest.mark.minors("3.8", "3.15")
def test_an_oracle_tells_the_truth_when_nobody_looks(name, interpreter, place):
    options, holds = QUICK[name]
    outcome = Programs(place, interpreter).run(name, *options).check()
    facts = facts_of(outcome)
    assert holds(facts), outcome.describe()


@pytest.mark.parametrize(
    "how, code", [("signal", -15), ("kill", -9), ("exception", 1), ("at-once", 7), ("thread", 7)]
)
@pytest.mark.minors("3.8", "3.15")
def test_a_program_ends_as_planned(how, code, interpreter, place):
    programs = Programs(place, interpreter)
    programs.run("exits", "--how", how, "--seconds", 0.05).check(code)


@pytest.mark.minors("3.8", "3.15")
def test_an_oracle_says_when_it_is_ready(interpreter, place):
    programs = Programs(place, interpreter)
    outcome = programs.run("short_calls", "--seconds", 0.01, "--ready", 2).check()
    assert outcome.stderr == "r"
