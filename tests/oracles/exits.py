"""A program that ends in a way of its own: a code, a signal, an exception, at once.

    exits.py --how code --code 7    exits with 7
    exits.py --how signal           dies by SIGTERM
    exits.py --how kill             dies by SIGKILL
    exits.py --how exception        dies of a ValueError, with its traceback
    exits.py --how at-once          calls os._exit(7) in its first line of work
    exits.py --how thread           exits with 7 while a thread is still at work

Truth: the exit status is the program's own, and so is what it printed.
Bound: the profiler ends with the same status; the profile of what ran is kept.
"""

import os
import signal
import sys
import threading
from time import monotonic

from oracle import finish, options, ready


def work(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def oracle_main(given):
    if given.how == "at-once":
        os._exit(given.code)
    ready(given)
    work(monotonic() + given.seconds)
    finish(how=given.how, chains=[["oracle_main", "work"]])
    if given.how == "code":
        sys.exit(given.code)
    if given.how == "signal":
        os.kill(os.getpid(), signal.SIGTERM)
    if given.how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if given.how == "exception":
        raise ValueError("as planned")
    if given.how == "thread":
        threading.Thread(target=work, args=(monotonic() + 3600,), daemon=True).start()
        sys.exit(given.code)


if __name__ == "__main__":
    oracle_main(options(__doc__, how="code", code=7, seconds=0.3))
