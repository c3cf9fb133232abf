"""Two pairs of calls in turn, in which no caller's variable ever changes.

The callers hold the same values from the first call to the last, so that the
bytes of their frames tell nothing about which of the calls is in progress:
only the place in the bytecode moves.  A reader that compares the callers' bytes
to see whether something moved has nothing to go by.

Truth: as for alternating_calls.
Bound: 0 impossible stacks.
"""

from itertools import repeat
from time import monotonic

from oracle import finish, options, ready


def leaf_a():
    pass


def leaf_b():
    pass


def hot_a():
    leaf_a()


def hot_b():
    leaf_b()


def oracle_main(deadline):
    while monotonic() < deadline:
        for _ in repeat(None, 1000):
            hot_a()
            hot_b()


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0)
    ready(given)
    oracle_main(monotonic() + given.seconds)
    finish(chains=[["oracle_main", "hot_a", "leaf_a"], ["oracle_main", "hot_b", "leaf_b"]])
