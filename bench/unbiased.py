"""Whether short functions get their full share: the default way of looking against stops.

A stop at every sample is unbiased: the thread stands while it is read. Runs of both take turns, so
that both meet the same machine.
"""

from __future__ import annotations

import stats
from context import Context, Table
from oracle_check import Programs, parse_collapsed, self_shares

NAMES = ("oracle_main", "outer_a", "outer_b", "inner_a", "inner_b")
GROUPS = {
    "oracle_main": ("oracle_main",),
    "outer": ("outer_a", "outer_b"),
    "inner": ("inner_a", "inner_b"),
}


def shares(context: Context, interpreter, look, seconds) -> dict[str, float]:
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


def measure(context: Context) -> Table:
    rounds, seconds = (2, 1) if context.quick else (8, 5)
    table = Table(
        "Short functions get their full share",
        "A program that only makes calls of some tens of nanoseconds: the share of the samples by "
        "top frame, in percent, as the default way of looking gives it and as a stop at every "
        "sample gives it, and the difference with its 95 % interval.",
        ["CPython", "top frame", "default", "stop", "difference"],
    )
    for interpreter in context.interpreters:
        found: dict[str, list] = {"auto": [], "stop": []}
        for number in range(rounds):
            order = ("auto", "stop") if number % 2 else ("stop", "auto")
            for look in order:
                found[look].append(shares(context, interpreter, look, seconds))
        for group in GROUPS:
            auto = [one[group] for one in found["auto"]]
            stop = [one[group] for one in found["stop"]]
            table.rows.append(
                [
                    interpreter.version,
                    group,
                    f"{sum(auto) / rounds:.2f}",
                    f"{sum(stop) / rounds:.2f}",
                    stats.difference(auto, stop).fixed(2),
                ]
            )
    return table
