"""How fast lancehead is by itself: the most stacks a second, its CPU, its recording, its start."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time

import stats
from context import PROGRAMS, ROOT, Context, Table, run

TICK = os.sysconf("SC_CLK_TCK")


def julia(context: Context, interpreter, place) -> list[str]:
    """A command that is busy for some seconds with one still loop."""
    program = place.copy(ROOT / "examples/julia.py")
    return [*interpreter.argv, program, "300" if context.quick else "1000"]


def flat_out(context: Context) -> list[str]:
    """Valid stacks a second when nothing holds lancehead back."""
    interpreter = context.interpreter("3.13")
    rates, losses = [], []
    for _ in range(2 if context.quick else 5):
        with context.place(interpreter) as place:
            recording = place.folder / "flat.lancehead"
            options = ("--rate", "max", "--budget", "none")
            context.record(recording, julia(context, interpreter, place), *options)
            summary = context.summary(recording)
        rates.append(summary["samples"] / (summary["wall_ns"] / 1e9))
        losses.append(summary["lost"] / max(summary["samples"] + summary["lost"], 1))
    return [
        f"flat out, Julia on {interpreter.version}",
        f"{statistics.median(rates):,.0f} stacks/s (lost {100 * max(losses):.3f} %)",
        f"{min(rates):,.0f} to {max(rates):,.0f}",
    ]


def bytes_per_sample(context: Context) -> list[str]:
    """What a sample adds to the recording: the difference of a long and a short recording."""
    interpreter = context.interpreter("3.13")
    points = []
    with context.place(interpreter) as place:
        program = place.copy(PROGRAMS / "progress.py")
        log = place.seen(place.folder / "progress")
        for seconds in (2, 6) if context.quick else (5, 30):
            recording = place.folder / "size.lancehead"
            argv = [*interpreter.argv, program, "julia", log, str(seconds)]
            context.record(recording, argv)
            points.append((context.summary(recording)["samples"], recording.stat().st_size))
    (few, small), (many, large) = points
    return [
        "recording, Julia at 1 kHz",
        f"{(large - small) / (many - few):.2f} bytes/sample more",
        f"whole files {small / few:.2f} and {large / many:.2f} bytes/sample",
    ]


def cpu_of(pid: int) -> int:
    """The CPU ticks that a process itself has used, without its children."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def own_cpu(context: Context, kind: str) -> list[str]:
    """The share of a core that lancehead uses, by the kernel's account of its process."""
    interpreter = context.interpreter("3.13")
    seconds = 6 if context.quick else 20
    with context.place(interpreter) as place:
        program = place.copy(PROGRAMS / "progress.py")
        recording = place.folder / "cpu.lancehead"
        log = place.seen(place.folder / "progress")
        command = [context.binary, "run", "--quiet", "--output", recording, "--"]
        argv = [*command, *interpreter.argv, program, kind, log, str(seconds)]
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            # The steady state between the first second and the last but one.
            time.sleep(1)
            before, began = cpu_of(process.pid), time.monotonic()
            time.sleep(seconds - 2)
            after, ended = cpu_of(process.pid), time.monotonic()
            process.wait()
        summary = context.summary(recording)
    share = (after - before) / TICK / (ended - began)
    told = summary["profiler_cpu_ns"] / max(summary["wall_ns"], 1)
    return [
        f"lancehead's own CPU, {kind} at 1 kHz",
        f"{100 * share:.1f} % of a core",
        f"its own account of the whole run: {100 * told:.1f} %",
    ]


def help_time(context: Context) -> list[str]:
    times = []
    for _ in range(20 if context.quick else 200):
        times.append(1000 * run([context.binary, "--help"]).seconds)
    floor = [1000 * run(["/bin/true"]).seconds for _ in range(20)]
    return [
        "lancehead --help",
        f"{statistics.median(times):.1f} ms",
        f"95 of 100 within {stats.quantile(times, 0.95):.1f} ms; /bin/true: "
        f"{statistics.median(floor):.1f} ms",
    ]


def first_sample(context: Context) -> list[str]:
    """The first millisecond of a script that shows up in a profile at 10 kHz."""
    interpreter = context.interpreter("3.13")
    firsts = []
    for _ in range(3 if context.quick else 20):
        with context.place(interpreter) as place:
            program = place.copy(PROGRAMS / "first_steps.py")
            recording = place.folder / "first.lancehead"
            argv = [*interpreter.argv, program]
            context.record(recording, argv, "--rate", "10000", "--budget", "none")
            steps = re.findall(r"\bstep_(\d+)\b", context.collapsed(recording))
        firsts.append(min(map(int, steps), default=200))
    return [
        "first sample after the script's first line",
        f"within {statistics.median(firsts) + 1:.0f} ms",
        f"latest of {len(firsts)}: {max(firsts) + 1} ms",
    ]


def measure(context: Context) -> Table:
    table = Table(
        "Speed, size and start",
        "Medians; *range* tells how far single runs went.",
        ["what", "result", "range"],
    )
    table.rows = [
        flat_out(context),
        bytes_per_sample(context),
        own_cpu(context, "julia"),
        own_cpu(context, "calls"),
        help_time(context),
        first_sample(context),
    ]
    return table
