"""A program that notes how long it ever stood still.

Truth: `gaps` holds the ten longest times between two of its steps, in nanoseconds.
Bound: a profiler that is itself stopped for a second does not hold the program
for anything like a second.
"""

from time import monotonic, monotonic_ns

from oracle import finish, options, ready


def step():
    pass


def oracle_main(deadline):
    gaps = [0] * 10
    last = monotonic_ns()
    while monotonic() < deadline:
        for _ in range(50):
            step()
        now = monotonic_ns()
        if now - last > gaps[0]:
            gaps[0] = now - last
            gaps.sort()
        last = now
    return gaps


if __name__ == "__main__":
    given = options(__doc__, seconds=3.0)
    ready(given)
    finish(gaps=oracle_main(monotonic() + given.seconds), chains=[["oracle_main", "step"]])
