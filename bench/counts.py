"""What exact counts cost, beside the tools that give the same: interleaved whole runs.

Each round runs every tool once, in an order drawn anew. The program prints how long its work took, which
leaves out what a tool does before and after; each figure is divided by that of the plain run of
its round.
"""

from __future__ import annotations

import pathlib
import random
import re

import stats
from context import PROGRAMS, ROOT, Context, Table, Unavailable, run

PEERS = ROOT / "build/bench-peers"
LEAST = 0.001  # seconds; a tool that changes the program's clock gives no figure
ELAPSED = re.compile(r"^elapsed ([0-9.e+-]+)$", re.MULTILINE)


def elapsed(command, timeout=300, **options) -> float:
    """The seconds that the program says its work took: several parts add up."""
    printed = ELAPSED.findall(run(command, timeout=timeout, **options).stdout)
    if not printed:
        raise Unavailable("the program did not say how long it took")
    seconds = sum(map(float, printed))
    if seconds < LEAST:
        raise Unavailable(f"the program says that its work took {seconds} s")
    return seconds


def counted(context: Context, folder: pathlib.Path, target: list) -> list:
    """The command under exact counts, with the sampler as it is by default."""
    return [
        *(context.binary, "run", "--counts", "--quiet", "--force"),
        *("--output", folder / "counts.lancehead", "--", *target),
    ]


def peers(interpreter, folder: pathlib.Path, program: str, argument: str, module: str) -> dict:
    """The tools that are here, by name, with the whole command of each."""
    python = list(interpreter.argv)
    found = {"cProfile": [*python, "-m", "cProfile", "-o", "/dev/null", program, argument]}
    site = PEERS / f"exact-{interpreter.minor}"
    if interpreter.root != "/" or not site.exists():
        return found
    python = ["env", f"PYTHONPATH={site}", *python]
    found["line_profiler"] = [
        *(*python, "-m", "kernprof", "-l", "-q", "-p", module, "-o", folder / "out.lprof"),
        *(program, argument),
    ]
    found["coverage, branches"] = [
        *(*python, "-m", "coverage", "run", "--branch", f"--data-file={folder}/coverage"),
        *(program, argument),
    ]
    found["VizTracer"] = [
        *(*python, "-m", "viztracer", "--quiet", "-o", folder / "viz.json", program, argument)
    ]
    found["Scalene"] = [
        *(*python, "-m", "scalene", "run", "-o", folder / "scalene.json", program, argument)
    ]
    return found


def side_by_side(context: Context, interpreter, table: Table) -> None:
    rounds = 3 if context.quick else 9
    draw = random.Random(stats.SEED)
    workloads = (
        ("Julia", "timed_julia.py", "100" if context.quick else "300", "julia"),
        ("Fibonacci", "timed_fib.py", "22" if context.quick else "27", "timed_fib"),
    )
    for title, script, argument, module in workloads:
        with context.place(interpreter) as place:
            place.copy(ROOT / "examples/julia.py")
            program = place.copy(PROGRAMS / script)
            target = [*interpreter.argv, program, argument]
            tools = {
                "plain": target,
                "plain again": target,
                "lancehead --counts": counted(context, place.folder, target),
                **peers(interpreter, place.folder, program, argument, module),
            }
            times, failed = interleave(tools, rounds, draw)
        for name, seconds in times.items():
            if name in failed:
                table.notes.append(f"{name}, {title}, {interpreter.version}: {failed[name]}")
            elif name != "plain":
                ratio = stats.paired_ratio(seconds, times["plain"])
                table.rows.append([interpreter.version, title, name, ratio.fixed(2)])


def interleave(tools: dict, rounds: int, draw: random.Random):
    times: dict[str, list[float]] = {name: [] for name in tools}
    failed: dict[str, str] = {}
    for _ in range(rounds):
        for name in draw.sample(sorted(tools), len(tools)):
            if name in failed:
                continue
            try:
                times[name].append(elapsed(tools[name]))
            except (Unavailable, OSError, TimeoutError) as error:
                failed[name] = " ".join(str(error).split())[-200:]
    return times, failed


def measure(context: Context) -> Table:
    table = Table(
        "Exact counts, side by side",
        "The time that the program's work took under each tool, divided by that of the plain run of "
        "the same round: median with its 95 % interval. `plain again` is the noise.",
        ["CPython", "program", "tool", "times plain"],
    )
    for interpreter in context.interpreters:
        side_by_side(context, interpreter, table)
    return table
