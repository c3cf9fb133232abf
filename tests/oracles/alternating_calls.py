"""Two pairs of calls in turn: hot_a calls leaf_a, hot_b calls leaf_b.

Truth: every stack from `oracle_main` on is a prefix of oracle_main;hot_a;leaf_a or of
oracle_main;hot_b;leaf_b.
Bound: 0 impossible stacks (hot_a above leaf_b and the like).
"""

from itertools import repeat
from time import monotonic

from oracle import finish, options, ready


def leaf_a(n):
    while n:
        n -= 1


def leaf_b(n):
    while n:
        n -= 1


def hot_a(n):
    total = n + 1
    leaf_a(n)
    return total


def hot_b(n):
    total = n + 2
    leaf_b(n)
    return total


def oracle_main(deadline, work):
    pairs = 0
    while monotonic() < deadline:
        for _ in repeat(None, 1000):
            hot_a(work)
            hot_b(work)
            pairs += 1
    return pairs


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=5)
    ready(given)
    done = oracle_main(monotonic() + given.seconds, given.work)
    finish(
        pairs=done, chains=[["oracle_main", "hot_a", "leaf_a"], ["oracle_main", "hot_b", "leaf_b"]]
    )
