"""A program that is stopped and continued: SIGSTOP, SIGTSTP, SIGCONT.

A helper process, forked before the work begins, stops the program, looks in /proc
whether it is stopped and stays so, continues it, and looks whether it goes on.
Progress is a counter in memory that both share.

Truth: after each stop signal the state becomes T (or t, under a tracer), the counter stands
still; after SIGCONT it moves again.
Bound: all rounds as without a profiler.
"""

import mmap
import os
import signal
import struct
from time import monotonic, sleep

from oracle import finish, options, read_proc, ready

COUNTER = 0
FINISHED = 8


def state_of(pid, given):
    """The state letter of a process, as the kernel shows it."""
    return read_proc(given, f"{pid}/stat").rpartition(")")[2].split()[0]


def counter(shared, offset=COUNTER):
    return struct.unpack_from("q", shared, offset)[0]


def wait_until(condition, seconds):
    """Whether the condition came true in time."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            return False
        sleep(0.001)
    return True


def check_round(pid, shared, number, given):
    """Stops and continues the program once; the list of what went wrong."""
    wrong = []
    name = signal.Signals(number).name
    os.kill(pid, number)
    if not wait_until(lambda: state_of(pid, given) in "Tt", given.patience):
        wrong.append(f"{name} did not stop the program; its state is {state_of(pid, given)}")
    at_stop = counter(shared)
    sleep(0.1)
    if counter(shared) != at_stop:
        wrong.append(f"the program went on after {name}")
    os.kill(pid, signal.SIGCONT)
    if not wait_until(lambda: counter(shared) > at_stop, given.patience):
        wrong.append(f"SIGCONT after {name} did not continue the program")
    return wrong


def keep_from_being_orphaned(group):
    """Sees to it that SIGTSTP stops the processes of a group, and returns how to end that.

    The kernel ignores SIGTSTP in a group none of whose members has its parent in another group of
    the same session. So the caller leaves the group, and has a child that is in it.
    """
    os.setpgid(0, 0)
    read_end, write_end = os.pipe()
    member = os.fork()
    if member == 0:
        os.close(write_end)
        os.read(read_end, 1)
        os._exit(0)
    os.setpgid(member, group)
    return lambda: (os.close(write_end), os.waitpid(member, 0))


def helper(pid, shared, given, report):
    """What the forked helper does: all the rounds, then the report and the end."""
    wrong = []
    try:
        release = keep_from_being_orphaned(os.getpgid(pid))
        wait_until(lambda: counter(shared) > 0, given.patience)
        for number in range(given.rounds):
            wrong += check_round(pid, shared, (signal.SIGSTOP, signal.SIGTSTP)[number % 2], given)
        release()
    except Exception as error:
        wrong.append(f"the helper failed: {error!r}")
    finally:
        os.kill(pid, signal.SIGCONT)
        os.write(report, "\n".join(wrong).encode())
        struct.pack_into("q", shared, FINISHED, 1)
        os._exit(0)


def step(shared, n):
    struct.pack_into("q", shared, COUNTER, n)


def oracle_main(given):
    shared = mmap.mmap(-1, 16)
    read_end, write_end = os.pipe()
    parent = os.getpid()
    continued = []
    signal.signal(signal.SIGCONT, lambda number, frame: continued.append(number))
    child = os.fork()
    if child == 0:
        os.close(read_end)
        helper(parent, shared, given, write_end)
    os.close(write_end)
    ready(given)
    n = 0
    while counter(shared, FINISHED) == 0:
        n += 1
        step(shared, n)
    os.waitpid(child, 0)
    with open(read_end, "rb") as report:
        wrong = report.read().decode().splitlines()
    return {"rounds": given.rounds, "wrong": wrong, "continued": len(continued)}


if __name__ == "__main__":
    given = options(__doc__, rounds=6, patience=5.0)
    finish(**oracle_main(given))
