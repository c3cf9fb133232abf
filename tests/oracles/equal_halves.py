"""Two equal halves: first `first`, then `second`, the same loop for the same time.

Truth: each has half of the time; `shares` holds what the program measured.
Bound: the measured share lies inside the printed interval.
"""

from time import monotonic, perf_counter_ns

from oracle import finish, options, ready, shares


def first(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def second(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def oracle_main(seconds):
    start = perf_counter_ns()
    first(monotonic() + seconds / 2)
    middle = perf_counter_ns()
    second(monotonic() + seconds / 2)
    end = perf_counter_ns()
    return shares({"first": middle - start, "second": end - middle}, end - start)


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0)
    ready(given)
    finish(shares=oracle_main(given.seconds))
