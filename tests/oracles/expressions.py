"""Lines whose time is shared between expressions in a known way.

In `return sum(short) + sum(long)` the second call goes through three times as many numbers
as the first; all of the work is done in C, so it belongs to the line itself. In `while
n < limit and costly(span)` the second condition has next to all of the line's time.

Truth: of the time of the line in both_sums, `second_of_sum` (measured, about 3/4) belongs to
`sum(long)`; of that of the `while` line in both_conditions, `second_of_condition` (about 1)
belongs to `costly(span)`.
Bound: within 5 points; expressions and the rest of the statement add up to the line.
"""

from statistics import median
from time import monotonic, perf_counter_ns

from oracle import finish, options, ready

costly = sum


def both_sums(short, long):
    return sum(short) + sum(long)


def both_conditions(limit, span):
    n = 0
    while n < limit and costly(span):
        n += 1
    return n


def time_of_sum(span):
    start = perf_counter_ns()
    sum(span)
    return perf_counter_ns() - start


def oracle_main(seconds, work):
    short = range(1, work)
    long = range(1, 3 * work)
    in_short = []
    in_long = []
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        for _ in range(8):
            both_sums(short, long)
            both_conditions(4, short)
        # Outside of the lines in question: how long the two sums take just now.
        in_short.append(time_of_sum(short))
        in_long.append(time_of_sum(long))
    # Medians, as a neighbour that takes the CPU may fall into the one or the other.
    return median(in_long) / (median(in_short) + median(in_long))


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=2000)
    ready(given)
    second = oracle_main(given.seconds, given.work)
    finish(
        second_of_sum=second,
        second_of_condition=1.0,
        chains=[["oracle_main", name] for name in ("both_sums", "both_conditions", "time_of_sum")],
    )
