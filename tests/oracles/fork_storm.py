"""Many short-lived children, several at a time, each with an exit code of its own.

Truth: `children` processes, child N works in child_work for `child_ms` and exits
with the code N % 200; the parent collects every one.
Bound: the parent sees each code as without a profiler; no child is lost.
"""

import os
from time import monotonic

from oracle import finish, options, ready


def child_work(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def start_child(number, seconds):
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            child_work(monotonic() + seconds)
            code = number % 200
        finally:
            os._exit(code)
    return pid


def oracle_main(children, at_once, seconds):
    running = {}
    wrong = []
    started = 0
    while started < children or running:
        while started < children and len(running) < at_once:
            running[start_child(started, seconds)] = started
            started += 1
        pid, status = os.wait()
        number = running.pop(pid)
        if not os.WIFEXITED(status) or os.WEXITSTATUS(status) != number % 200:
            wrong.append([number, status])
    return wrong


if __name__ == "__main__":
    given = options(__doc__, children=100, at_once=4, child_ms=20)
    ready(given)
    wrong = oracle_main(given.children, given.at_once, given.child_ms / 1000)
    finish(
        children=given.children, wrong=wrong, chains=[["oracle_main", "start_child", "child_work"]]
    )
