"""What counting every call costs: fib and Julia plain, under --calls and under cProfile, in turn."""

from __future__ import annotations

import random

import stats
from context import PROGRAMS, ROOT, Context, Table, run

SEED = 7
WAYS = ("plain", "calls", "cprofile")


def seconds(context: Context, way: str, python, argv, recording) -> float:
    """What the program itself says that it took, without the start of anything."""
    if way == "calls":
        printed = context.record(recording, [*python, *argv], "--calls").stdout
        return float(printed.split()[-1])
    profiler = ["-W", "ignore", "-m", "cProfile"] if way == "cprofile" else []
    printed = run([*python, *profiler, *argv]).stdout
    # cProfile prints its table behind what the program prints.
    return float(printed.partition("function calls")[0].split()[-2 if profiler else -1])


def measure_program(context: Context, interpreter, place, name: str, argv) -> list[str]:
    rounds = 7 if context.quick else 25
    order = random.Random(SEED)
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in order.sample(WAYS, len(WAYS)):
            times[way].append(
                seconds(context, way, interpreter.argv, argv, place.folder / "calls.lancehead")
            )
    ratio = stats.paired_ratio(times["calls"], times["plain"])
    theirs = stats.paired_ratio(times["cprofile"], times["plain"])
    least = {way: min(values) for way, values in times.items()}
    added = (least["calls"] - least["plain"]) / (least["cprofile"] - least["plain"])
    return [
        interpreter.version,
        name,
        f"{1000 * least['plain']:.1f} ms",
        ratio.fixed(2),
        theirs.fixed(2),
        f"{added:.2f}",
    ]


def measure(context: Context) -> Table:
    table = Table(
        "Counting every call",
        "Times of `lancehead run --calls` and of cProfile against the plain program, as it measures itself; "
        "medians of pairs, whole runs interleaved. *added* is the time that --calls adds as a part of what "
        "cProfile adds, of the quickest runs.",
        ["Python", "program", "plain", "--calls / plain", "cProfile / plain", "added"],
    )
    width = "200" if context.quick else "300"
    for interpreter in context.interpreters:
        with context.place(interpreter) as place:
            fib = place.copy(PROGRAMS / "calls_fib.py")
            place.copy(ROOT / "examples/julia.py")
            julia = place.copy(PROGRAMS / "calls_julia.py")
            table.rows.append(measure_program(context, interpreter, place, "fib(27)", [fib]))
            table.rows.append(
                measure_program(context, interpreter, place, f"Julia {width}", [julia, width])
            )
    return table
