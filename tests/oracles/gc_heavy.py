"""A program that mostly collects garbage: cycles beside many objects that live on.

Truth: `collecting` is the share of the wall time between the start and the stop
of the collections, as gc.callbacks saw them; all collections begin in make_cycles or collect.
Bound: the share of samples marked as collecting agrees with it within 5 points or the
printed interval, whichever is wider.
"""

import gc
from time import monotonic, perf_counter_ns

from oracle import finish, options, ready


class Node:
    """Points at itself, so that only the collector can free it."""

    def __init__(self, payload):
        self.me = self
        self.payload = payload


def make_cycles(count):
    for number in range(count):
        Node([number])


def collect():
    gc.collect()


def oracle_main(seconds, live):
    spent = [0, 0, 0]

    def watch(phase, info):
        if phase == "start":
            spent[0] = perf_counter_ns()
        else:
            spent[1] += perf_counter_ns() - spent[0]
            spent[2] += 1

    keep = [[number] for number in range(live)]
    gc.callbacks.append(watch)
    start = perf_counter_ns()
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        make_cycles(10000)
        collect()
    total = perf_counter_ns() - start
    gc.callbacks.remove(watch)
    return {"collecting": spent[1] / total, "collections": spent[2], "kept": len(keep)}


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, live=20000)
    ready(given)
    finish(**oracle_main(given.seconds, given.live))
