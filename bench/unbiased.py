"""Whether each place gets its full share: the default way of looking against stops.

A stop at every sample is unbiased: the thread stands while it is read. Runs of both take turns, so
that both meet the same machine. Functions are compared in a program that never stands still,
expressions in one that is only read.
"""

from __future__ import annotations

import json

import stats
from context import ROOT, Context, Table, run
from oracle_check import Programs, parse_collapsed, self_shares, text_of

NAMES = ("oracle_main", "outer_a", "outer_b", "inner_a", "inner_b")
GROUPS = {
    "oracle_main": ("oracle_main",),
    "outer": ("outer_a", "outer_b"),
    "inner": ("inner_a", "inner_b"),
}
CONDITION = "while n < maxiter and abs(z) < 2:"
LINES = (CONDITION, "z = z * z + c", "n += 1")
EXPRESSIONS = ("n < maxiter", "abs(z) < 2")


def of_short_calls(context: Context, interpreter, look, seconds) -> dict[str, float]:
    """The self shares of the groups, in percent, in one run."""
    with context.place(interpreter) as place:
        programs = Programs(place, interpreter)
        recording = place.folder / "unbiased.lancehead"
        argv = [
            *programs.interpreter.argv,
            *programs.arguments("short_calls", "--seconds", seconds),
        ]
        options = ("--rate", "5000", "--budget", "none", "--look", look)
        context.record(recording, argv, *options)
        found = self_shares(parse_collapsed(context.collapsed(recording)), NAMES)
    return {group: 100 * sum(found[n] for n in names) for group, names in GROUPS.items()}


def of_julia(context: Context, interpreter, look, _seconds) -> dict[str, float]:
    """The shares of the loop's lines and of the halves of its condition, in percent."""
    with context.place(interpreter) as place:
        program = place.copy(ROOT / "examples/julia.py")
        recording = place.folder / "unbiased.lancehead"
        size = "300" if context.quick else "600"
        options = ("--rate", "5000", "--budget", "none", "--look", look)
        context.record(recording, [*interpreter.argv, program, size], *options)
        command = [context.binary, "report", recording, "--json", "--clock", "wall"]
        report = json.loads(run(command).stdout)
    whole = next(
        row["self"]["ns"]
        for row in report["functions"]
        if row["function"] and row["function"]["name"] == "calculate_z"
    )
    lines = {(row["source"] or "").strip(): row for row in report["lines"]}
    found = {source: lines[source]["self"]["ns"] for source in LINES}
    condition = lines[CONDITION]
    for one in condition["expressions"]:
        if text_of(condition, one) in EXPRESSIONS:
            found[text_of(condition, one)] = one["self"]["ns"]
    return {place: 100 * time / whole for place, time in found.items()}


def measure(context: Context) -> Table:
    rounds, seconds = (2, 1) if context.quick else (6, 4)
    table = Table(
        "Each place gets its full share",
        "A program that only makes calls of some tens of nanoseconds, and the Julia program: the "
        "share of the samples by top frame, and the share of the function's samples by line and "
        "expression, in percent, as the default way of looking gives it and as a stop at every "
        "sample gives it, and the difference with its 95 % interval.",
        ["CPython", "place", "default", "stop", "difference"],
    )
    for interpreter in context.interpreters:
        for shares in (of_short_calls, of_julia):
            found: dict[str, list] = {"auto": [], "stop": []}
            for number in range(rounds):
                order = ("auto", "stop") if number % 2 else ("stop", "auto")
                for look in order:
                    found[look].append(shares(context, interpreter, look, seconds))
            for place in found["auto"][0]:
                auto = [one.get(place, 0.0) for one in found["auto"]]
                stop = [one.get(place, 0.0) for one in found["stop"]]
                table.rows.append(
                    [
                        interpreter.version,
                        place,
                        f"{sum(auto) / rounds:.2f}",
                        f"{sum(stop) / rounds:.2f}",
                        stats.difference(auto, stop).fixed(2),
                    ]
                )
    return table
