"""Compares the profile of an oracle program with the truth that the program states.

The oracles (tests/oracles) end their output with one JSON line of facts. Here are the ways to
run one, with lancehead and without, and to check what a profile of it may show.
"""

from __future__ import annotations

import dataclasses
import json
import math
import pathlib
import re
import unittest

from harness import Outcome, run_command

ORACLES = pathlib.Path(__file__).resolve().parents[1] / "oracles"

# One of the statistical tests fails by chance in fewer than one of 10 000 whole runs: there are
# at most some 500 such comparisons in a run, so that each may fail once in 5 million times.
SIGMAS = 5.3


def facts_of(outcome: Outcome) -> dict:
    """The facts that an oracle program printed as its last line."""
    lines = outcome.stdout.rstrip("\n").split("\n")
    try:
        return json.loads(lines[-1])
    except ValueError:
        raise AssertionError(f"no facts in the last line: {outcome.describe()}") from None


PROC = 9


class Programs:
    """The oracle programs, copied to where an interpreter sees them.

    The Debian sid folder has no /proc, so a shell opens it as descriptor 9 before it goes there.
    """

    def __init__(self, place, interpreter):
        self._folder = place.copy(ORACLES)
        self._options: tuple[str, ...] = ()
        self.interpreter = interpreter
        if interpreter.root != "/":
            self._options = ("--proc", str(PROC))
            shell = ("sh", "-c", f'exec "$@" {PROC}</proc', "sh")
            self.interpreter = dataclasses.replace(interpreter, argv=shell + interpreter.argv)

    def arguments(self, name: str, *options) -> list[str]:
        """What the interpreter is to be given to run a program."""
        return [f"{self._folder}/{name}.py", *self._options, *map(str, options)]

    def run(self, name: str, *options, **how) -> Outcome:
        """Runs a program without a profiler."""
        return run_command([*self.interpreter.argv, *self.arguments(name, *options)], **how)


@dataclasses.dataclass(frozen=True)
class Stack:
    """The names of the functions of a stack, outermost first, and the time it stands for.

    `thread` is what the export put at the root, where it was asked to.
    """

    functions: tuple[str, ...]
    microseconds: int
    thread: str = ""


_LINE = re.compile(r"(?P<stack>.*) (?P<weight>\d+)")
_PLACE = re.compile(r" \([^;]*:\d+\)$")


def parse_collapsed(text: str, by_thread: bool = False) -> list[Stack]:
    """The lines `root;...;leaf microseconds` of `lancehead export --to collapsed`.

    A frame is a function's name, followed by its place in parentheses, which is left out here. A
    qualified name is cut down to its last part.
    """
    stacks = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        assert match, f"not a line of collapsed stacks: {line[:200]!r}"
        frames = match["stack"].split(";")
        thread = frames.pop(0) if by_thread else ""
        functions = tuple(_PLACE.sub("", frame).rpartition(".")[2] for frame in frames)
        stacks.append(Stack(functions, int(match["weight"]), thread))
    return stacks


def expand(chain: list[str]) -> tuple[str, ...]:
    """A chain with each `name*20` written out as 20 names."""
    names: list[str] = []
    for element in chain:
        name, star, count = element.partition("*")
        names += [name] * (int(count) if star else 1)
    return tuple(names)


def impossible_stacks(stacks: list[Stack], chains: list[list[str]]) -> list[Stack]:
    """The stacks that are, from the first name of a chain on, no prefix of any chain.

    A stack without any such name (the interpreter's start, an idle thread) says nothing.
    """
    possible: dict[str, list[tuple[str, ...]]] = {}
    for chain in map(expand, chains):
        possible.setdefault(chain[0], []).append(chain)
    wrong = []
    for stack in stacks:
        start = next((i for i, name in enumerate(stack.functions) if name in possible), None)
        if start is None:
            continue
        tail = stack.functions[start:]
        if not any(tail == chain[: len(tail)] for chain in possible[tail[0]]):
            wrong.append(stack)
    return wrong


def self_shares(stacks: list[Stack], names) -> dict[str, float]:
    """For each name, the share of the time in which it was the innermost function.

    The whole is the time under those stacks that hold one of the names or `oracle_main`.
    """
    names = set(names)
    spent = dict.fromkeys(names, 0)
    whole = 0
    for stack in stacks:
        if "oracle_main" in stack.functions or names.intersection(stack.functions):
            whole += stack.microseconds
            leaf = stack.functions[-1]
            if leaf in spent:
                spent[leaf] += stack.microseconds
    assert whole, "no sample shows any function of the program"
    return {name: time / whole for name, time in spent.items()}


def total_shares(stacks: list[Stack], names) -> dict[str, float]:
    """For each name, the share of the time in which it was anywhere in the stack."""
    names = set(names)
    spent = dict.fromkeys(names, 0)
    whole = 0
    for stack in stacks:
        if "oracle_main" in stack.functions or names.intersection(stack.functions):
            whole += stack.microseconds
            for name in names.intersection(stack.functions):
                spent[name] += stack.microseconds
    assert whole, "no sample shows any function of the program"
    return {name: time / whole for name, time in spent.items()}


def widest_error(share: float, samples: int, bias: float) -> float:
    """How far a sampled share of `samples` independent samples may be from the truth.

    SIGMAS standard errors (those of the middle of Wilson's interval, which stay above 0 for a
    share of 0), and the bound on bias beside them.
    """
    middle = (share * samples + 2) / (samples + 4)
    return SIGMAS * math.sqrt(middle * (1 - middle) / (samples + 4)) + bias


def check_shares(found: dict[str, float], truth: dict[str, float], allowed: dict[str, float]):
    """Fails the test when a share is further from the truth than is allowed."""
    wrong = [
        f"{name}: {found[name]:.4f} seen, {share:.4f} true, allowed {allowed[name]:.4f}"
        for name, share in sorted(truth.items())
        if abs(found[name] - share) > allowed[name]
    ]
    assert not wrong, "; ".join(wrong)


@dataclasses.dataclass(frozen=True)
class Profile:
    """An oracle program's run under lancehead: its own facts, and what lancehead saw."""

    outcome: Outcome
    facts: dict
    collapsed: str
    stacks: list[Stack]
    report: dict

    @property
    def samples(self) -> int:
        return self.report["summary"]["samples"]

    def check_self_shares(self, truth: dict[str, float], bias: float = 0.01):
        found = self_shares(self.stacks, truth)
        check_shares(found, truth, {n: self._allowed(n, "self", truth[n], bias) for n in truth})

    def check_total_shares(self, truth: dict[str, float], bias: float = 0.01):
        found = total_shares(self.stacks, truth)
        check_shares(found, truth, {n: self._allowed(n, "total", truth[n], bias) for n in truth})

    def _allowed(self, name: str, kind: str, truth: float, bias: float) -> float:
        """How far the share may be off: by its number of samples, and by the printed interval.

        On a busy machine some samples stand for a long time and others for a short one, so that
        they say less than their number promises; the printed 95 % interval knows that.
        """
        widths = [
            (row[kind]["high"] - row[kind]["low"]) / 2
            for row in self.report["functions"]
            if row["function"] and row["function"]["name"] == name
        ]
        printed = max(widths, default=0.0) / 1.96 * SIGMAS
        return max(widest_error(truth, self.samples, 0), printed) + bias

    def split_of_thread(self, name: str) -> dict:
        """Where the time of the thread of this name went: running, waiting, blocked…, in ns."""
        named = [row for row in self.report["threads"] if (row["thread"] or {}).get("name") == name]
        assert named, f"no thread is called {name}: {[r['thread'] for r in self.report['threads']]}"
        return named[0]["split"]

    def line(self, source: str) -> dict:
        """The row of the line with this source text."""
        rows = [r for r in self.report["lines"] if (r["source"] or "").strip() == source]
        assert len(rows) == 1, (source, [row["source"] for row in self.report["lines"]])
        return rows[0]

    def check_no_impossible_stack(self):
        wrong = impossible_stacks(self.stacks, self.facts["chains"])
        time = sum(stack.microseconds for stack in self.stacks)
        assert not wrong, (
            f"{sum(s.microseconds for s in wrong)} of {time} us show stacks that cannot exist: "
            + ", ".join(shortened(stack) for stack in wrong[:5])
        )


def shortened(stack: Stack) -> str:
    """A stack for a message: repeated names counted, as in chains."""
    parts: list[list] = []
    for name in stack.functions:
        if parts and parts[-1][0] == name:
            parts[-1][1] += 1
        else:
            parts.append([name, 1])
    return ";".join(name if count == 1 else f"{name}*{count}" for name, count in parts)


def needs_run(lancehead):
    """Skips a test as long as the command cannot record, report and export."""
    words = lancehead("--help").stdout.split()
    for verb in ("run", "report", "export"):
        if verb not in words:
            raise unittest.SkipTest(f"this lancehead has no `{verb}`")


def profile_of(
    lancehead, programs, recording, name, *options_of_program, options=(), by_thread=False
):
    """Runs an oracle program under lancehead and reads what it recorded."""
    outcome = lancehead.record(
        recording,
        programs.interpreter,
        *programs.arguments(name, *options_of_program),
        options=("--quiet", *options),
    ).check()
    roots = "thread" if by_thread else "none"
    export = ("export", recording, "--to", "collapsed", "--clock", "wall", "--roots", roots)
    collapsed = lancehead(*export).check().stdout
    return Profile(
        outcome,
        facts_of(outcome),
        collapsed,
        parse_collapsed(collapsed, by_thread),
        lancehead.report(recording, "--limit", "0", "--clock", "wall"),
    )


def text_of(line: dict, expression: dict) -> str:
    """The source text of an expression that lies in one line; columns are bytes of UTF-8."""
    text = line["source"].encode()
    return text[expression["column"] : expression["end_column"]].decode()
