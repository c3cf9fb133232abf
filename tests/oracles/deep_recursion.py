"""10 000 calls deep, and a busy loop at the bottom.

Runs in a thread of its own with a large stack, as a call of a Python function takes
room on the C stack up to CPython 3.10.

Truth: nearly every stack (a share of at least `at_bottom`) is oracle_main, `depth` times dive, and spin.
Bound: every stack whole; no stack that is not a prefix of this chain.
"""

import sys
import threading
from time import monotonic, perf_counter_ns

from oracle import finish, options, ready


def spin(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def dive(depth, seconds, bottom):
    if depth > 1:
        return dive(depth - 1, seconds, bottom)
    bottom.append(perf_counter_ns())
    spin(monotonic() + seconds)
    bottom.append(perf_counter_ns())
    return depth


def oracle_main(depth, seconds, facts):
    bottom = []
    start = perf_counter_ns()
    dive(depth, seconds, bottom)
    total = perf_counter_ns() - start
    facts["at_bottom"] = (bottom[1] - bottom[0]) / total
    facts["depth"] = depth


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, depth=10000)
    sys.setrecursionlimit(given.depth + 1000)
    threading.stack_size(min(64 * 1024 + given.depth * 2048, 1024**3) // 4096 * 4096 + 8 * 1024**2)
    counted = {}
    ready(given)
    thread = threading.Thread(
        target=oracle_main, args=(given.depth, given.seconds, counted), name="deep"
    )
    thread.start()
    thread.join()
    finish(chains=[["oracle_main", f"dive*{given.depth}", "spin"]], **counted)
