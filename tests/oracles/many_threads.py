"""200 threads, nearly all of them waiting, each in one of eight ways; two compute.

The waiting threads are woken once at the end, and not before.

Truth: thread `wait-KIND-N` stands in wait_KIND all the time; `busy-N` in spin.
`blocked_in` says in which system calls a thread of each kind may be found.
Bound: no thread in another function; the CPU time belongs to the busy two.
"""

import os
import queue
import select
import socket
import threading
from time import monotonic, sleep, thread_time_ns

from oracle import finish, options, ready


class Wakeups:
    """What each kind of thread waits for."""

    def __init__(self):
        self.event = threading.Event()
        self.lock = threading.Lock()
        self.lock.acquire()
        self.condition = threading.Condition()
        self.condition_met = False
        self.queue = queue.Queue()
        self.read_end, self.write_end = os.pipe()
        self.sockets = socket.socketpair()

    def close(self):
        os.close(self.read_end)
        os.close(self.write_end)
        for end in self.sockets:
            end.close()


def wait_event(wakeups, seconds):
    wakeups.event.wait()


def wait_lock(wakeups, seconds):
    with wakeups.lock:
        pass


def wait_condition(wakeups, seconds):
    with wakeups.condition:
        while not wakeups.condition_met:
            wakeups.condition.wait()


def wait_queue(wakeups, seconds):
    wakeups.queue.get()


def wait_pipe(wakeups, seconds):
    os.read(wakeups.read_end, 1)


def wait_recv(wakeups, seconds):
    wakeups.sockets[0].recv(1)


def wait_select(wakeups, seconds):
    select.select([wakeups.read_end], [], [])


def wait_sleep(wakeups, seconds):
    sleep(seconds)


KINDS = {
    "event": (wait_event, ["futex"]),
    "lock": (wait_lock, ["futex"]),
    "condition": (wait_condition, ["futex"]),
    "queue": (wait_queue, ["futex"]),
    "pipe": (wait_pipe, ["read"]),
    "recv": (wait_recv, ["recvfrom"]),
    "select": (wait_select, ["select", "pselect6"]),
    "sleep": (wait_sleep, ["clock_nanosleep", "select", "pselect6"]),
}


def spin(deadline, cpu, name):
    n = 0
    while monotonic() < deadline:
        n += 1
    cpu[name] = thread_time_ns()


def oracle_main(count, busy, seconds, given):
    wakeups = Wakeups()
    waiting = []
    kinds = sorted(KINDS)
    for number in range(count - busy):
        kind = kinds[number % len(kinds)]
        name = f"wait-{kind}-{number}"
        waiting.append(
            (kind, threading.Thread(target=KINDS[kind][0], args=(wakeups, seconds), name=name))
        )
    for _, thread in waiting:
        thread.start()
    ready(given)
    cpu = {}
    deadline = monotonic() + seconds
    workers = [
        threading.Thread(target=spin, args=(deadline, cpu, f"busy-{i}"), name=f"busy-{i}")
        for i in range(busy)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wake_all(wakeups, [kind for kind, _ in waiting])
    for _, thread in waiting:
        thread.join()
    wakeups.close()
    return cpu, [thread.name for _, thread in waiting]


def wake_all(wakeups, kinds):
    wakeups.event.set()
    wakeups.lock.release()
    with wakeups.condition:
        wakeups.condition_met = True
        wakeups.condition.notify_all()
    for _ in range(kinds.count("queue")):
        wakeups.queue.put(None)
    wakeups.sockets[1].send(b"x" * kinds.count("recv"))
    os.write(wakeups.write_end, b"x" * kinds.count("pipe"))
    # A byte that nobody takes lets every select() return.
    os.write(wakeups.write_end, b"x")


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, threads=200, busy=2)
    cpu_ns, names = oracle_main(given.threads, given.busy, given.seconds, given)
    finish(
        cpu_ns=cpu_ns,
        waiting=names,
        functions={kind: function.__name__ for kind, (function, _) in KINDS.items()},
        blocked_in={kind: calls for kind, (_, calls) in KINDS.items()},
    )
