"""What exact counts cost on the benchmarks of pyperformance."""

from __future__ import annotations

import math
import shutil
import statistics

from context import PROGRAMS, Context, Table, Unavailable
from counts import PEERS, counted, elapsed

SUITE = PEERS / "pyperformance/pyperformance/data-files/benchmarks"

# Benchmarks of pyperformance that need nothing but the standard library, with loops that take some
# tenths of a second.
PYPERFORMANCE = {
    "chaos": 1,
    "comprehensions": 2000,
    "coroutines": 2,
    "deepcopy": 100,
    "deltablue": 50,
    "fannkuch": 1,
    "float": 2,
    "generators": 4,
    "go": 1,
    "hexiom": 8,
    "logging": 2000,
    "mdp": 1,
    "meteor_contest": 1,
    "nbody": 1,
    "nqueens": 2,
    "pprint": 1,
    "pyflate": 1,
    "raytrace": 1,
    "richards": 5,
    "scimark": 1,
    "spectral_norm": 1,
    "unpack_sequence": 2000,
}


def measure(context: Context) -> Table:
    table = Table(
        "Exact counts on pyperformance",
        "The same for benchmarks of pyperformance, with `--counts` alone: the geometric mean of their "
        "ratios, the lowest and the highest.",
        ["CPython", "benchmarks", "geometric mean", "lowest", "highest", "plain again"],
    )
    rounds = 2 if context.quick else 5
    for interpreter in context.interpreters:
        if not SUITE.exists():
            table.notes.append("pyperformance is not installed here; `bench/setup` does that.")
            break
        ratios, noise = {}, {}
        for name, loops in PYPERFORMANCE.items():
            try:
                ratios[name], noise[name] = one_benchmark(
                    context, interpreter, SUITE / f"bm_{name}", loops, rounds
                )
            except Unavailable as error:
                reason = " ".join(str(error).split())[-160:]
                table.notes.append(f"{name} on {interpreter.version}: {reason}")
        if ratios:
            lowest, highest = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
            table.rows.append(
                [
                    interpreter.version,
                    str(len(ratios)),
                    f"{geometric_mean(ratios.values()):.3f}",
                    f"{ratios[lowest]:.2f} ({lowest})",
                    f"{ratios[highest]:.2f} ({highest})",
                    f"{geometric_mean(noise.values()):.3f}",
                ]
            )
    return table


def geometric_mean(values) -> float:
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def one_benchmark(context: Context, interpreter, folder, loops: int, rounds: int):
    """The median ratios of counted and of plain again to plain."""
    if not folder.exists():
        raise Unavailable("this pyperformance does not have it")
    with context.place(interpreter) as place:
        inside = place.folder / folder.name
        shutil.copytree(folder, inside)
        shutil.copy(PROGRAMS / "pyperf_stub/pyperf.py", inside)
        program = place.seen(inside / "run_benchmark.py")
        if interpreter.root == "/":
            target = ["env", f"BENCH_LOOPS={loops}", *interpreter.argv, program]
        else:
            chroot, root, python = interpreter.argv
            target = [chroot, root, "/usr/bin/env", f"BENCH_LOOPS={loops}", python, program]
        ratios, again = [], []
        for _ in range(rounds):
            plain = elapsed(target)
            ratios.append(elapsed(counted(context, place.folder, target)) / plain)
            again.append(elapsed(target) / plain)
    return statistics.median(ratios), statistics.median(again)
