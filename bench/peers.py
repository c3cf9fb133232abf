"""Side by side with other profilers: whole runs of the Julia program, interleaved.

Each round runs every tool once, in an order drawn anew; the time of each run is divided by that of
the plain run of its round.
"""

from __future__ import annotations

import pathlib
import random
import shutil

import stats
from context import ROOT, Context, Table, Unavailable, run

PEERS = ROOT / "build/bench-peers/bin"


# What the program prints when it has done all of its work.
SIGN_OF_LIFE = "Sum of the steps: 3004102 (as it must be)"

# Some tools look for themselves in /proc, which the Debian sid folder lacks: it is mounted for the
# command alone.
WITH_PROC = ("unshare", "-m", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"')


def start_of(interpreter) -> tuple[str, ...]:
    """The command of an interpreter, in a chroot with /proc."""
    if interpreter.root == "/":
        return interpreter.argv
    return (*WITH_PROC, interpreter.root, interpreter.argv[-1])


def commands(context: Context, interpreter, program, folder: pathlib.Path) -> dict[str, list]:
    """The tools that are here, by name, with the whole command of each."""
    python = start_of(interpreter)
    target = [*python, program, "300"]
    found: dict[str, list] = {"plain": target}
    for rate in (1000, 10000):
        found[f"lancehead, {rate} Hz"] = [
            *(context.binary, "run", "--quiet", "--force", "--rate", str(rate)),
            *("--output", folder / f"{rate}.lancehead", "--", *target),
        ]
    found["cProfile"] = [*python, "-m", "cProfile", "-o", "/dev/null", program, "300"]
    if (PEERS / "py-spy").exists():
        spy = [PEERS / "py-spy", "record", "--rate", "1000", "--format", "raw"]
        spy += ["--output", folder / "spy.txt"]
        found["py-spy, 1000 Hz"] = [*spy, "--", *target]
        found["py-spy --nonblocking, 1000 Hz"] = [*spy, "--nonblocking", "--", *target]
    austin = PEERS / "austin" if (PEERS / "austin").exists() else shutil.which("austin")
    if austin:
        found["austin, 1000 Hz"] = [austin, "-i", "1000", "-o", folder / "austin.txt", *target]
    if interpreter.minor == "3.15":
        found["profiling.sampling, 1000 Hz"] = [
            *(*python, "-m", "profiling.sampling", "run", "-r", "1khz"),
            *("--collapsed", "-o", "/dev/null", program, "300"),
        ]
    site = PEERS.parent / f"pyinstrument-{interpreter.minor}"
    if site.exists() and interpreter.root == "/":
        found["pyinstrument"] = [
            *("env", f"PYTHONPATH={site}", *python, "-m", "pyinstrument"),
            *("-o", folder / "pyinstrument.txt", program, "300"),
        ]
    return found


def one_interpreter(context: Context, interpreter, table: Table) -> None:
    rounds = 3 if context.quick else 10
    draw = random.Random(stats.SEED)
    with context.place(interpreter) as place:
        program = place.copy(ROOT / "examples/julia.py")
        tools = commands(context, interpreter, program, place.folder)
        times: dict[str, list[float]] = {name: [] for name in tools}
        failed: dict[str, str] = {}
        for _ in range(rounds):
            for name in draw.sample(sorted(tools), len(tools)):
                if name in failed:
                    continue
                try:
                    finished = run(tools[name], timeout=120)
                    if SIGN_OF_LIFE not in finished.stdout:
                        raise Unavailable("the program did not do its work")
                    times[name].append(finished.seconds)
                except (Unavailable, OSError) as error:
                    failed[name] = str(error)
    for name in tools:
        if name in failed:
            reason = " ".join(failed[name].split())[-200:]
            table.notes.append(f"{name} on {interpreter.version} failed: {reason}")
        elif name != "plain":
            ratio = stats.paired_ratio(times[name], times["plain"])
            table.rows.append([interpreter.version, name, ratio.fixed(2)])


def measure(context: Context) -> Table:
    table = Table(
        "Side by side",
        "The Julia program (width 300) under each tool, its whole run divided by the plain run of "
        "the same round, start-up included: median with its 95 % interval.",
        ["CPython", "tool", "times plain"],
    )
    if not PEERS.exists():
        table.notes.append("No other tool is installed here; `bench/setup` does that.")
    for minor in ("3.8", "3.13", "3.15"):
        for interpreter in context.interpreters:
            if interpreter.minor == minor:
                one_interpreter(context, interpreter, table)
    return table
