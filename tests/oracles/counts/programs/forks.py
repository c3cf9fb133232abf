"""Children by os.fork that end by os._exit, one of them in the middle of a function."""
import os
import sys


def child(n):
    total = 0
    for i in range(n):
        total += i
        if total > 5:
            os._exit(total)
    os._exit(n)


def parent():
    codes = []
    for n in range(4):
        pid = os.fork()
        if pid == 0:
            child(n * 2)
        codes.append(os.waitpid(pid, 0)[1] >> 8)
    return codes


def nested():
    pid = os.fork()
    if pid == 0:
        inner = os.fork()
        if not inner:
            os._exit(3)
        os._exit(4 + (os.waitpid(inner, 0)[1] >> 8))
    return os.waitpid(pid, 0)[1] >> 8


sys.stdout.flush()
print(parent(), nested())
