"""Two functions that do the same work: `flat` by itself, `nested` through `inner`.

They take turns, some hundred microseconds each.

Truth: the total time of flat and of nested is about equal (measured: `totals`); the
self time of nested is next to nothing, as all of it is spent in inner.
Bound: measured shares inside the printed intervals; self time of nested below 2 %.
"""

from time import monotonic, perf_counter_ns

from oracle import finish, options, ready, shares


def flat(n):
    while n:
        n -= 1


def inner(n):
    while n:
        n -= 1


def nested(n):
    inner(n)


def oracle_main(deadline, work):
    in_flat = 0
    in_nested = 0
    start = perf_counter_ns()
    while monotonic() < deadline:
        t0 = perf_counter_ns()
        flat(work)
        t1 = perf_counter_ns()
        nested(work)
        t2 = perf_counter_ns()
        in_flat += t1 - t0
        in_nested += t2 - t1
    total = perf_counter_ns() - start
    return {"flat": in_flat, "nested": in_nested}, total


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=5000)
    ready(given)
    measured = shares(*oracle_main(monotonic() + given.seconds, given.work))
    finish(
        totals=measured,
        shares={"flat": measured["flat"], "inner": measured["nested"], "nested": 0.0},
        chains=[["oracle_main", "flat"], ["oracle_main", "nested", "inner"]],
    )
