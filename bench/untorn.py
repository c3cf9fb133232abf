"""Impossible stacks: the alternating oracles, a million samples for each version.

The truth is known by construction (tests/oracles), so every impossible stack is a fault.
"""

from __future__ import annotations

import stats
from context import Context, Table
from oracle_check import Programs, facts_of, impossible_stacks, parse_collapsed

FORMS = (
    "alternating_calls",
    "alternating_constant",
    "alternating_generators",
    "alternating_awaits",
)


def one_form(context: Context, interpreter, form, wanted, options) -> tuple[int, int, float, dict]:
    """Samples, distinct impossible stacks, their share of the time, and the last summary."""
    samples = wrong_stacks = 0
    wrong_time = time = 0
    seconds = 5.0
    summary: dict = {}
    while samples < wanted:
        with context.place(interpreter) as place:
            programs = Programs(place, interpreter)
            recording = place.folder / "untorn.lancehead"
            argv = [*programs.interpreter.argv, *programs.arguments(form, "--seconds", seconds)]
            outcome = context.record(recording, argv, "--rate", "max", *options)
            summary = context.summary(recording)
            stacks = parse_collapsed(context.collapsed(recording))
        samples += summary["samples"]
        wrong = impossible_stacks(stacks, facts_of(outcome)["chains"])
        wrong_stacks += len(wrong)
        wrong_time += sum(stack.microseconds for stack in wrong)
        time += sum(stack.microseconds for stack in stacks)
        # As long as it takes for the rest, with some to spare.
        seconds = min(
            60.0, max(1.0, 1.1 * seconds * (wanted - samples) / max(summary["samples"], 1))
        )
    return samples, wrong_stacks, wrong_time / max(time, 1), summary


def measure(context: Context) -> Table:
    wanted = 5000 if context.quick else 1_000_000 // len(FORMS)
    table = Table(
        "Impossible stacks",
        "Two chains of calls in turn, of which no part can be mixed: plain calls, calls in which "
        "no caller's variable changes, generators, and `await` chains 20 deep. The budget is "
        "lifted. *At most* is the bound on the share of impossible stacks that so many samples "
        "prove (95 %).",
        ["CPython", "program", "samples", "impossible", "share of time", "at most"],
    )
    for interpreter in context.interpreters:
        for form in FORMS:
            samples, wrong, share, _ = one_form(
                context, interpreter, form, wanted, ("--budget", "none")
            )
            bound = stats.rule_of_three(wrong, samples)
            table.rows.append(
                [
                    interpreter.version,
                    form,
                    str(samples),
                    str(wrong),
                    f"{share:.6f}",
                    f"{bound:.1e}",
                ]
            )
    return table
