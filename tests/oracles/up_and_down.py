"""Two recursions that go down and up again, in turn, to ever different depths.

Truth: a stack is oracle_main and then only climb_a or only climb_b, at most `depth` of them.
Bound: 0 impossible stacks: no mixture, and none that is deeper.
"""

import sys
from time import monotonic

from oracle import finish, options, ready


def climb_a(depth):
    if depth > 1:
        climb_a(depth - 1)


def climb_b(depth):
    if depth > 1:
        climb_b(depth - 1)


def oracle_main(deadline, depth):
    rounds = 0
    this_depth = 1
    while monotonic() < deadline:
        for _ in range(20):
            # Goes through all depths in an order that is far from sorted.
            this_depth = this_depth * 7 % 401 % depth + 1
            climb_a(this_depth)
            climb_b(depth + 1 - this_depth)
            rounds += 1
    return rounds


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, depth=400)
    sys.setrecursionlimit(given.depth + 1000)
    ready(given)
    done = oracle_main(monotonic() + given.seconds, given.depth)
    finish(
        rounds=done,
        depth=given.depth,
        chains=[["oracle_main", f"climb_{side}*{given.depth}"] for side in "ab"],
    )
