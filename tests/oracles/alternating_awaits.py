"""Two `await` chains, 20 coroutines deep, resumed in turn; and two made anew.

kept_a awaits itself 20 deep; at the bottom it calls leaf_a and then suspends
the whole chain.  It is resumed again and again, all the way down, in turn with
kept_b.  new_a is built 20 deep, run and dropped each time.

Truth: the chains below, with the depth given: leaf_a stands only upon 20 kept_a
or 20 new_a.
Bound: 0 impossible stacks.
"""

from time import monotonic
from types import coroutine

from oracle import finish, options, ready


@coroutine
def suspend():
    yield


def leaf_a(n):
    while n:
        n -= 1


def leaf_b(n):
    while n:
        n -= 1


async def kept_a(depth, n):
    if depth > 1:
        await kept_a(depth - 1, n)
    else:
        while True:
            leaf_a(n)
            await suspend()


async def kept_b(depth, n):
    if depth > 1:
        await kept_b(depth - 1, n)
    else:
        while True:
            leaf_b(n)
            await suspend()


async def new_a(depth, n):
    if depth > 1:
        await new_a(depth - 1, n)
    else:
        leaf_a(n)


async def new_b(depth, n):
    if depth > 1:
        await new_b(depth - 1, n)
    else:
        leaf_b(n)


def finish_coroutine(chain):
    """Runs a coroutine that never suspends to its end."""
    try:
        chain.send(None)
    except StopIteration:
        return True
    return False


def oracle_main(deadline, depth, work):
    a = kept_a(depth, work)
    b = kept_b(depth, work)
    rounds = 0
    while monotonic() < deadline:
        for _ in range(100):
            a.send(None)
            b.send(None)
            rounds += finish_coroutine(new_a(depth, work))
            rounds += finish_coroutine(new_b(depth, work))
    return rounds, a, b


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=5, depth=20)
    ready(given)
    done, *kept = oracle_main(monotonic() + given.seconds, given.depth, given.work)
    # Not beneath oracle_main: what is closed runs from the innermost outwards, with no callers.
    for chain in kept:
        chain.close()
    chains = []
    for side in "ab":
        kept = f"kept_{side}*{given.depth}"
        new = f"new_{side}*{given.depth}"
        chains.append(["oracle_main", kept, f"leaf_{side}"])
        chains.append(["oracle_main", kept, "suspend"])
        # From 3.11 on a coroutine is made by a frame of its own function.
        chains.append(["oracle_main", "new_" + side])
        chains.append(["oracle_main", "finish_coroutine", new, f"leaf_{side}"])
    finish(rounds=done, chains=chains)
