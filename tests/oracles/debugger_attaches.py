"""A debugger attaches to the program while it is still, and lets it go again.

The program computes in a loop that a profiler need not stop; a helper process that
it forked attaches by ptrace, waits for the stop, and detaches, every tenth of a second.

Truth: each attempt succeeds, as the program is still all the time.
Bound: at least half of the attempts succeed (a profiler may hold on to a program for a
second after it was last moving), and the last one does.
"""

import ctypes
import os
import signal
from time import monotonic, sleep

from oracle import finish, options, ready

PTRACE_ATTACH = 16
PTRACE_DETACH = 17
PR_SET_PTRACER = 0x59616D61

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def attach_once(pid):
    """'ok', or the name of the error."""
    if libc.ptrace(PTRACE_ATTACH, pid, None, None) != 0:
        return os.strerror(ctypes.get_errno())
    _, status = os.waitpid(pid, 0)
    # A signal that came first is handed on; the attaching stop is SIGSTOP.
    number = os.WSTOPSIG(status)
    libc.ptrace(PTRACE_DETACH, pid, None, None if number == signal.SIGSTOP else number)
    return "ok"


def spin(deadline):
    n = 0
    while monotonic() < deadline:
        n += 1
    return n


def oracle_main(seconds, given):
    read_end, write_end = os.pipe()
    go_read, go_write = os.pipe()
    parent = os.getpid()
    deadline = monotonic() + seconds
    child = os.fork()
    if child == 0:
        try:
            os.read(go_read, 1)
            results = []
            while monotonic() < deadline - 0.2:
                results.append(attach_once(parent))
                sleep(0.1)
            os.write(write_end, "\n".join(results).encode())
        finally:
            os._exit(0)
    # Where the kernel asks for it (Yama), the helper is allowed to trace its parent.
    libc.prctl(PR_SET_PTRACER, ctypes.c_ulong(child), 0, 0, 0)
    os.close(write_end)
    os.write(go_write, b"g")
    ready(given)
    spin(deadline)
    os.waitpid(child, 0)
    with open(read_end, "rb") as report:
        results = report.read().decode().splitlines()
    os.close(go_read)
    os.close(go_write)
    return {"attempts": len(results), "ok": results.count("ok"), "results": results}


if __name__ == "__main__":
    given = options(__doc__, seconds=3.0)
    finish(**oracle_main(given.seconds, given))
