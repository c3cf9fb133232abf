"""A program that replaces itself by exec again and again, also while it has threads.

Each image does some work in a function named after its place in the chain
(stage_1, stage_2, ...), then calls os.execv on itself. The times are handed on by
the arguments.

Truth: one process, `images` interpreters one after the other; stage_K has about
the same time in each; `exec_ns` is how long each exec took from the last line of
one image to the first of the next (interpreter start-up included).
Bound: every stage seen; exec not delayed; the exit code is 0.
"""

import os
import sys
import threading
import time

FIRST_LINE = time.monotonic_ns()

from oracle import finish, options, ready  # noqa: E402  (the clock comes first)


def work(deadline):
    n = 0
    while time.monotonic() < deadline:
        n += 1
    return n


def stage_function(number):
    """A function stage_<number> that works: a name of its own in each image."""
    namespace = {"work": work}
    exec(f"def stage_{number}(deadline):\n    return work(deadline)\n", namespace)
    return namespace[f"stage_{number}"]


def oracle_main(given):
    times = [int(t) for t in given.times.split(",") if t]
    if given.left_at:
        times.append(FIRST_LINE - given.left_at)
    else:
        ready(given)
    number = len(times) + 1
    for i in range(given.threads):
        threading.Thread(target=time.sleep, args=(3600,), name=f"idle-{i}", daemon=True).start()
    stage_function(number)(time.monotonic() + given.seconds / given.images)
    if number == given.images:
        return times
    arguments = [sys.executable, os.path.abspath(__file__)]
    for name in ("seconds", "images", "threads"):
        arguments += [f"--{name}", str(getattr(given, name))]
    arguments += ["--times", ",".join(map(str, times)), "--left-at", str(time.monotonic_ns())]
    sys.stdout.flush()
    return os.execv(sys.executable, arguments)


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, images=8, threads=0, times="", left_at=0)
    exec_ns = oracle_main(given)
    finish(
        images=given.images,
        pid=os.getpid(),
        exec_ns=exec_ns,
        chains=[[f"stage_{n + 1}", "work"] for n in range(given.images)],
    )
