"""The program cannot tell that it is watched, on the oldest and the newest CPython.

Each program runs under a thousand stops a second, the hardest way to be looked at.
"""

import json
import os
import signal
import subprocess
import time

import pytest
from oracle_check import Programs, facts_of, needs_run

pytestmark = pytest.mark.minors("3.8", "3.15")

STOPS = ("--quiet", "--force", "--rate", "1000", "--look", "stop", "--budget", "none")


@pytest.fixture
def programs(interpreter, place, lancehead):
    needs_run(lancehead)
    return Programs(place, interpreter)


@pytest.fixture
def watched(lancehead, programs, tmp_path):
    """Runs an oracle program under stops, and gives the Outcome."""

    def run(name, *options):
        return lancehead.record(
            tmp_path / "oracle.lancehead",
            programs.interpreter,
            *programs.arguments(name, *options),
            options=STOPS,
        )

    return run


def test_all_timer_signals_arrive(watched, lancehead, tmp_path):
    # While lancehead holds the program signals merge, too; on a busy machine, where lancehead loses
    # the CPU just then, that is long, and it says how long. A careless tracer costs half of the
    # signals, or all, and does not know it.
    facts = facts_of(watched("timer_signals").check())
    held = lancehead.report(tmp_path / "oracle.lancehead")["summary"]["time_lost_ns"] / 2_000_000
    assert facts["handled"] + facts["excused"] + held + 5 >= facts["wanted"], (facts, held)


def test_no_system_call_is_interrupted(watched):
    calls = facts_of(watched("interrupted_calls", "--seconds", 3).check())["calls"]
    assert calls["read"] == 0, calls
    for name in ("epoll_wait", "recv"):
        assert calls[name]["calls"] > 3, calls
        assert calls[name]["eintr"] == calls[name]["other"] == calls[name]["early"] == 0, calls


def test_stop_and_continue_work(watched):
    facts = facts_of(watched("stop_and_continue").check())
    assert facts["wrong"] == []
    assert facts["continued"] >= facts["rounds"]


def test_exec_from_threads_is_not_delayed(watched, programs):
    # What a tracer that does not collect the dead threads costs, each run shows; what a neighbour
    # that takes the CPU costs, the quickest of three does not.
    quick = ("--seconds", 0.5)
    alone = [facts_of(programs.run("exec_from_threads", *quick).check()) for _ in range(3)]
    under = [facts_of(watched("exec_from_threads", *quick).check()) for _ in range(3)]
    delay = min(f["exec_ns"] for f in under) - min(f["exec_ns"] for f in alone)
    assert delay < 300_000_000, (alone, under)


def test_a_debugger_can_attach_while_the_program_is_still(lancehead, programs, tmp_path):
    outcome = lancehead.record(
        tmp_path / "oracle.lancehead",
        programs.interpreter,
        *programs.arguments("debugger_attaches", "--seconds", 4),
        options=("--quiet",),
    ).check()
    facts = facts_of(outcome)
    assert facts["ok"] >= facts["attempts"] / 2, facts
    assert facts["results"][-1] == "ok", facts


def test_no_child_of_a_fork_storm_is_lost(watched):
    facts = facts_of(watched("fork_storm").check())
    assert facts["wrong"] == []


@pytest.mark.parametrize(
    "how, code",
    [("code", 7), ("signal", -15), ("kill", -9), ("exception", 1), ("at-once", 7), ("thread", 7)],
)
def test_the_end_of_the_program_is_its_own(how, code, watched, programs, lancehead, tmp_path):
    alone = programs.run("exits", "--how", how).check(code)
    under = watched("exits", "--how", how)
    assert under.code == code, under.describe()
    assert under.stdout == alone.stdout
    assert under.stderr == alone.stderr
    if how != "at-once":
        text = lancehead("export", tmp_path / "oracle.lancehead", "--to", "collapsed").check()
        assert "work" in text.stdout


def test_a_stopped_lancehead_does_not_hold_the_program(lancehead, programs, tmp_path):
    # A stop of lancehead may by chance fall into one of its looks, for which the budget allows 2 %
    # of the time: five stops of 0.6 s, of which at most two may have held the program.
    read_end, write_end = os.pipe()
    program = programs.arguments("longest_gap", "--seconds", 6, "--ready", write_end)
    command = [lancehead.binary, "run", "--quiet", "--output", tmp_path / "oracle.lancehead", "--"]
    with subprocess.Popen(
        [*command, *programs.interpreter.argv, *program],
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[write_end],
    ) as process:
        os.close(write_end)
        assert os.read(read_end, 1) == b"r"
        os.close(read_end)
        for _ in range(5):
            time.sleep(0.3)
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.6)
            process.send_signal(signal.SIGCONT)
        stdout = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    held = [gap for gap in json.loads(stdout.splitlines()[-1])["gaps"] if gap > 500_000_000]
    assert len(held) <= 2, held
