"""Work in the ratio 1 : 2 : 4 : 8, by four functions in turn, finely mixed.

All four run the same loop, so the same machine code: `one` goes round it n
times, `two` 2n, `four` 4n, `eight` 8n, a round of all four within a millisecond or so.

Truth: self time 1/15, 2/15, 4/15, 8/15; `shares` holds what the program measured.
Bound: the measured share lies inside the printed interval.
"""

from time import monotonic, perf_counter_ns

from oracle import finish, options, ready, shares


def one(n):
    while n:
        n -= 1


def two(n):
    while n:
        n -= 1


def four(n):
    while n:
        n -= 1


def eight(n):
    while n:
        n -= 1


def oracle_main(deadline, work):
    in_one = in_two = in_four = in_eight = 0
    start = perf_counter_ns()
    while monotonic() < deadline:
        t0 = perf_counter_ns()
        one(work)
        t1 = perf_counter_ns()
        two(2 * work)
        t2 = perf_counter_ns()
        four(4 * work)
        t3 = perf_counter_ns()
        eight(8 * work)
        t4 = perf_counter_ns()
        in_one += t1 - t0
        in_two += t2 - t1
        in_four += t3 - t2
        in_eight += t4 - t3
    total = perf_counter_ns() - start
    return {"one": in_one, "two": in_two, "four": in_four, "eight": in_eight}, total


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=2000)
    ready(given)
    measured = shares(*oracle_main(monotonic() + given.seconds, given.work))
    finish(
        shares=measured,
        chains=[["oracle_main", name] for name in ("one", "two", "four", "eight")],
    )
