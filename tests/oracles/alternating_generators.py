"""Two chains of generators, resumed in turn, and two that are made anew.

kept_a yields from deep_a, which calls leaf_a; both live as long as the program and
are resumed again and again, so their frames are objects on the heap that do
not move.  new_a is made, run and freed each time, so that frames are reused.

Truth: the chains below; an a never stands above or beneath a b.
Bound: 0 impossible stacks.
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


def deep_a(n):
    while True:
        leaf_a(n)
        yield n


def deep_b(n):
    while True:
        leaf_b(n)
        yield n


def kept_a(n):
    yield from deep_a(n)


def kept_b(n):
    yield from deep_b(n)


def new_a(n):
    leaf_a(n)
    yield n


def new_b(n):
    leaf_b(n)
    yield n


def oracle_main(deadline, work):
    a = kept_a(work)
    b = kept_b(work)
    rounds = 0
    while monotonic() < deadline:
        for _ in repeat(None, 500):
            next(a)
            next(b)
            for _ in new_a(work):
                rounds += 1
            for _ in new_b(work):
                rounds += 1
    return rounds


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=5)
    ready(given)
    done = oracle_main(monotonic() + given.seconds, given.work)
    finish(
        rounds=done,
        chains=[
            ["oracle_main", "kept_a", "deep_a", "leaf_a"],
            ["oracle_main", "kept_b", "deep_b", "leaf_b"],
            ["oracle_main", "new_a", "leaf_a"],
            ["oracle_main", "new_b", "leaf_b"],
        ],
    )
