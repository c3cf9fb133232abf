"""How much slower a program runs while it is sampled, by switching the sensor inside one run.

`lancehead run --alternate 0.1` lets the sampler work in windows of 0.1 s of the monotonic clock
with an even number, and rest in the others. The program notes its own progress. Neighbouring
windows are compared, so that what the machine does over seconds has no effect.
"""

from __future__ import annotations

from array import array

import stats
from context import PROGRAMS, Context, Table, run

WINDOW = 0.1
EDGE = 0.005
DISTURBED = 3.0


def progress(path) -> array:
    """The clocks that a progress program noted."""
    clocks = array("q")
    clocks.frombytes(path.read_bytes())
    return clocks


def slowdowns(clocks) -> tuple[stats.Estimate, stats.Estimate]:
    """Of all the time, and of the undisturbed units alone."""
    window, edge = int(WINDOW * 1e9), int(EDGE * 1e9)
    marks = list(zip(clocks, range(len(clocks))))
    return (
        stats.slowdown(stats.window_rates(marks, window, edge)),
        stats.slowdown(stats.unit_rates(clocks, window, edge, DISTURBED)),
    )


def one_run(context: Context, interpreter, kind, seconds, options=None, prefix=()):
    """The slowdown of one run, and what lancehead says that it is; without options nothing looks."""
    with context.place(interpreter) as place:
        program = place.copy(PROGRAMS / "progress.py")
        log = place.folder / "progress"
        argv = [*interpreter.argv, program, kind, place.seen(log), str(seconds)]
        told = 0.0
        if options is None:
            run([*prefix, *argv])
        else:
            recording = place.folder / "slowdown.lancehead"
            alternate = ("--alternate", str(WINDOW))
            context.record(recording, argv, *options, *alternate, prefix=prefix)
            summary = context.summary(recording)
            # The sensor was on for half of the time.
            told = 2 * summary["time_lost_ns"] / summary["wall_ns"]
        return (*slowdowns(progress(log)), told)


def row(name, rate, interpreter, found, control):
    return [
        f"{name}, {interpreter.minor}",
        rate,
        found[0].fixed(3),
        found[1].fixed(3),
        f"{1 + found[2]:.3f}",
        control[0].fixed(3),
        control[1].fixed(3),
    ]


def measure(context: Context) -> Table:
    seconds = 8 if context.quick else 25
    table = Table(
        "What sampling costs the program",
        "The ratio of the time that the same work takes with the sensor on and off, with its 95 % "
        "interval; 1 is nothing. *Told* is what the report says that looking cost. *Undisturbed* "
        f"leaves out units of work that took more than {DISTURBED:g} times the median. *Control* is "
        "the same without lancehead: what it differs from 1 is noise.",
        [
            "program",
            "rate",
            "slowdown",
            "undisturbed",
            "told",
            "control",
            "control, undisturbed",
        ],
    )
    # The oldest and the newest, and one of each way in which frames are reached.
    minors = ("3.13",) if context.quick else ("3.8", "3.11", "3.13", "3.15")
    for interpreter in [one for one in context.interpreters if one.minor in minors]:
        for kind in ("julia", "calls"):
            control = one_run(context, interpreter, kind, seconds)
            for rate in (1000, 10000):
                found = one_run(context, interpreter, kind, seconds, ("--rate", str(rate)))
                table.rows.append(row(kind, f"{rate} Hz", interpreter, found, control))
    interpreter = context.interpreter("3.13")
    pinned = ("taskset", "-c", "0")
    for kind in ("julia", "calls"):
        control = one_run(context, interpreter, kind, seconds, prefix=pinned)
        found = one_run(context, interpreter, kind, seconds, ("--rate", "1000"), prefix=pinned)
        table.rows.append(
            row(f"{kind} and lancehead on one CPU", "1000 Hz", interpreter, found, control)
        )
    return table
