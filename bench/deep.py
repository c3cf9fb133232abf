"""Stacks of 10 000 frames: whether they are whole, how often they can be read, what that costs."""

from __future__ import annotations

from context import Context, Table
from oracle_check import Programs, facts_of, impossible_stacks, parse_collapsed


def measure(context: Context) -> Table:
    seconds = 3 if context.quick else 20
    table = Table(
        "10 000 frames deep",
        "A recursion with a busy loop at its bottom, with the default rate and budget. *Whole* is the "
        "share of the time under stacks that show the loop on top of all 10 000 frames; *true* is "
        "the share of its time that the program says it spent there.",
        ["CPython", "whole", "true", "impossible", "rate reached", "time lost"],
    )
    for interpreter in context.interpreters:
        with context.place(interpreter) as place:
            programs = Programs(place, interpreter)
            recording = place.folder / "deep.lancehead"
            arguments = programs.arguments("deep_recursion", "--seconds", seconds)
            outcome = context.record(recording, [*programs.interpreter.argv, *arguments])
            summary = context.summary(recording)
            stacks = parse_collapsed(context.collapsed(recording))
        facts = facts_of(outcome)
        inside = [stack for stack in stacks if "dive" in stack.functions]
        whole = [s for s in inside if s.functions.count("dive") == facts["depth"]]
        time = sum(stack.microseconds for stack in inside)
        table.rows.append(
            [
                interpreter.version,
                f"{sum(stack.microseconds for stack in whole) / max(time, 1):.4f}",
                f"{facts['at_bottom']:.4f}",
                str(len(impossible_stacks(stacks, facts["chains"]))),
                f"{summary['reached_rate_hz']:.0f} Hz",
                f"{100 * summary['time_lost_ns'] / max(summary['wall_ns'], 1):.2f} %",
            ]
        )
    return table
