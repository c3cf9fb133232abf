"""exec from a program with several busy and waiting threads: how long does it take?

The old image starts threads, works a little, and executes a small command that
prints the monotonic clock.  exec must end the other threads first, and a tracer that does
not collect them holds it up.

Truth: `exec_ns` is from just before exec to the first instruction of the new image's
program (interpreter start-up included); without a profiler some ten milliseconds.
Bound: at most 0.3 s more than without a profiler.
"""

import os
import sys
import threading
from time import monotonic, monotonic_ns, sleep

AFTER = monotonic_ns()

from oracle import finish, options, ready  # noqa: E402  (the clock comes first)


def spin(deadline):
    while monotonic() < deadline:
        step()


def step():
    pass


def oracle_main(given):
    for number in range(given.threads):
        target, argument = (spin, monotonic() + 3600) if number % 2 else (sleep, 3600)
        threading.Thread(target=target, args=(argument,), name=f"t{number}", daemon=True).start()
    ready(given)
    spin(monotonic() + given.seconds)
    script = os.path.abspath(__file__)
    os.execv(sys.executable, [sys.executable, script, "--left-at", str(monotonic_ns())])


if __name__ == "__main__":
    given = options(__doc__, seconds=1.0, threads=4, left_at=0)
    if not given.left_at:
        oracle_main(given)
    finish(exec_ns=AFTER - given.left_at, threads=threading.active_count())
