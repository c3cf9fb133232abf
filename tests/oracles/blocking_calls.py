"""Threads that are blocked, each in one known system call, by a line of its own.

Truth: thread `in-NAME` is blocked in NAME's system call (see `blocked_in`; CPython and
libc choose between them by version) inside function block_NAME, never running.
Bound: at least 99 % of the samples of such a thread say so.
"""

import os
import select
import socket
import tempfile
import threading
from time import monotonic, sleep

from oracle import finish, options, ready


def block_sleep(seconds, things):
    sleep(seconds)


def block_read(seconds, things):
    os.read(things["pipe"][0], 1)


def block_lock(seconds, things):
    things["lock"].acquire()


def block_poll(seconds, things):
    poll = select.poll()
    poll.register(things["pipe"][0], select.POLLPRI)
    poll.poll(seconds * 1000)


def block_epoll(seconds, things):
    with select.epoll() as epoll:
        epoll.poll(seconds)


def block_select(seconds, things):
    select.select([], [], [], seconds)


def block_accept(seconds, things):
    # socket.accept is a function of its own in Python; this is the one in C beneath it.
    descriptor, _ = things["listener"]._accept()
    os.close(descriptor)


def block_connect(seconds, things):
    # A Unix socket whose queue is full makes connect() wait until there is room.
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(things["full_path"])


def block_recv(seconds, things):
    things["pair"][0].recv(1)


BLOCKED_IN = {
    "sleep": ["clock_nanosleep", "select", "pselect6"],
    "read": ["read"],
    "lock": ["futex"],
    "poll": ["poll", "ppoll"],
    "epoll": ["epoll_wait", "epoll_pwait", "epoll_pwait2"],
    "select": ["select", "pselect6"],
    "accept": ["accept", "accept4"],
    "connect": ["connect"],
    "recv": ["recvfrom", "recv"],
}


def fill_queue(path):
    """Connects to a listener that accepts nobody until its queue is full."""
    clients = []
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        try:
            client.connect(path)
        except BlockingIOError:
            client.close()
            return clients
        clients.append(client)


def oracle_main(seconds, folder, given):
    things = {"pipe": os.pipe(), "lock": threading.Lock(), "pair": socket.socketpair()}
    things["lock"].acquire()
    things["listener"] = socket.socket(socket.AF_UNIX)
    things["listener"].bind(os.path.join(folder, "accept"))
    things["listener"].listen(1)
    things["full_path"] = os.path.join(folder, "full")
    full = socket.socket(socket.AF_UNIX)
    full.bind(things["full_path"])
    full.listen(0)
    clients = fill_queue(things["full_path"])

    threads = [
        threading.Thread(
            target=globals()[f"block_{name}"], args=(seconds, things), name=f"in-{name}"
        )
        for name in BLOCKED_IN
    ]
    start = monotonic()
    for thread in threads:
        thread.start()
    ready(given)
    sleep(max(0.0, start + seconds - monotonic()))

    os.write(things["pipe"][1], b"x")
    things["lock"].release()
    things["pair"][1].send(b"x")
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(os.path.join(folder, "accept"))
    for _ in range(len(clients) + 1):
        full.accept()[0].close()
    for thread in threads:
        thread.join()
    for thing in [caller, full, things["listener"]] + clients + list(things["pair"]):
        thing.close()
    for end in things["pipe"]:
        os.close(end)


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0)
    with tempfile.TemporaryDirectory() as folder:
        oracle_main(given.seconds, folder, given)
    finish(blocked_in=BLOCKED_IN, functions={name: f"block_{name}" for name in BLOCKED_IN})
