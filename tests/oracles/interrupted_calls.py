"""System calls that a careless tracer would interrupt: epoll_wait and recv with time-outs.

Both are called through ctypes, past CPython's own retries, so that each EINTR is
seen.  Meanwhile a second thread computes, so that a profiler has something to stop.

Truth: no signal is sent, so no call ends with EINTR, and none ends early.
Bound: 0 EINTR; every call lasts its whole time-out.
"""

import ctypes
import errno
import os
import select
import socket
import struct
import threading
from time import monotonic

from oracle import finish, options, ready

libc = ctypes.CDLL(None, use_errno=True)


def wait_in_epoll(descriptor, timeout):
    """The errno of one epoll_wait(2), or 0 for a time-out."""
    events = ctypes.create_string_buffer(12 * 4)
    result = libc.epoll_wait(descriptor, events, 4, int(timeout * 1000))
    return ctypes.get_errno() if result < 0 else 0


def wait_in_recv(descriptor):
    """The errno of one recv(2); EAGAIN is the time-out of SO_RCVTIMEO."""
    buffer = ctypes.create_string_buffer(1)
    result = libc.recv(descriptor, buffer, 1, 0)
    return ctypes.get_errno() if result < 0 else 0


def wait_in_read(descriptor, deadline, results):
    """Reads from a pipe that stays empty until the end."""
    buffer = ctypes.create_string_buffer(1)
    result = libc.read(descriptor, buffer, 1)
    results["read"] = ctypes.get_errno() if result < 0 else 0


def repeat_calls(call, expected, timeout, deadline, results, name):
    counts = {"calls": 0, "eintr": 0, "other": 0, "early": 0}
    while monotonic() < deadline:
        start = monotonic()
        error = call()
        counts["calls"] += 1
        if error == errno.EINTR:
            counts["eintr"] += 1
        elif error != expected:
            counts["other"] += 1
        elif monotonic() - start < timeout * 0.95:
            counts["early"] += 1
    results[name] = counts


def call_much(deadline):
    while monotonic() < deadline:
        for _ in range(1000):
            step()


def step():
    pass


def oracle_main(seconds, timeout, given):
    results = {}
    deadline = monotonic() + seconds
    pair = socket.socketpair()
    pair[0].setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", 0, int(timeout * 1000000))
    )
    pipe = os.pipe()
    with select.epoll() as epoll:
        epoll_fd = epoll.fileno()
        recv_fd = pair[0].fileno()
        threads = [
            threading.Thread(
                target=repeat_calls,
                name="epoll",
                args=(
                    lambda: wait_in_epoll(epoll_fd, timeout),
                    0,
                    timeout,
                    deadline,
                    results,
                    "epoll_wait",
                ),
            ),
            threading.Thread(
                target=repeat_calls,
                name="recv",
                args=(
                    lambda: wait_in_recv(recv_fd),
                    errno.EAGAIN,
                    timeout,
                    deadline,
                    results,
                    "recv",
                ),
            ),
            threading.Thread(target=wait_in_read, name="read", args=(pipe[0], deadline, results)),
        ]
        for thread in threads:
            thread.start()
        ready(given)
        call_much(deadline)
        os.write(pipe[1], b"x")
        for thread in threads:
            thread.join()
    for end in pair:
        end.close()
    for end in pipe:
        os.close(end)
    return results


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, timeout=0.1)
    finish(calls=oracle_main(given.seconds, given.timeout, given))
