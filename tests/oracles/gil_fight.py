"""Threads that fight for the GIL, and know how long each of them held it.

Thread hold-K goes round a loop of one call into C that lasts K units and cannot be
interrupted; whoever waits asks for the GIL every millisecond, so that it is handed over every
few calls.  Asking that seldom costs next to no CPU, so the thread's CPU time is the time it held
the GIL.

Truth: `held`: the share of the wall time that each thread held the GIL, in function
hold_K; together they are nearly 1, as one holds it at any time.  The rest of each
thread's time it waits for the GIL.
Bound: the shares of running samples within 5 points of `held`; at no time two holders.
"""

import sys
import threading
from time import monotonic, perf_counter_ns, thread_time_ns

from oracle import finish, options, ready


def hold_1(span):
    return sum(span)


def hold_2(span):
    return sum(span)


def hold_4(span):
    return sum(span)


def fight(hold, units, deadline, work, facts, barrier):
    span = range(units * work)
    barrier.wait()
    wall = perf_counter_ns()
    cpu = thread_time_ns()
    rounds = 0
    while monotonic() < deadline:
        hold(span)
        rounds += 1
    facts[f"hold-{units}"] = {
        "held": (thread_time_ns() - cpu) / (perf_counter_ns() - wall),
        "rounds": rounds,
    }


def oracle_main(seconds, work, given):
    sys.setswitchinterval(1e-3)
    facts = {}
    fighters = ((hold_1, 1), (hold_2, 2), (hold_4, 4))
    barrier = threading.Barrier(len(fighters), action=lambda: ready(given))
    deadline = monotonic() + seconds
    threads = [
        threading.Thread(
            target=fight,
            args=(hold, units, deadline, work, facts, barrier),
            name=f"hold-{units}",
        )
        for hold, units in fighters
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return facts


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=40000)
    finish(threads=oracle_main(given.seconds, given.work, given))
