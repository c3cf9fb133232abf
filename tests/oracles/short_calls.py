"""A program that does nothing but call: outer_a and outer_b, each with its own
empty inner function.  A call lives for some tens of nanoseconds.

Truth: the chains below; and the shares of the top frames are those that an
unbiased look at the same process gives (a stop at every sample).
Bound: 0 impossible stacks; shares within 1.5 points of the reference.
"""

from itertools import repeat
from time import monotonic

from oracle import finish, options, ready


def inner_a():
    pass


def inner_b():
    pass


def outer_a():
    inner_a()


def outer_b():
    inner_b()


def oracle_main(deadline):
    calls = 0
    while monotonic() < deadline:
        for _ in repeat(None, 1000):
            outer_a()
            outer_b()
        calls += 4000
    return calls


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0)
    ready(given)
    done = oracle_main(monotonic() + given.seconds)
    finish(
        calls=done,
        chains=[["oracle_main", "outer_a", "inner_a"], ["oracle_main", "outer_b", "inner_b"]],
    )
