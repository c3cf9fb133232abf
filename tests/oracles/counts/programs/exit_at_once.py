"""os._exit at the end, with a generator suspended and a finally that does not run."""
import os
import sys


def gen():
    try:
        yield 1
        yield 2
    finally:
        print("never")


def leave(code):
    try:
        sys.stdout.flush()
        os._exit(code)
    finally:
        print("never")


g = gen()
print(next(g))
leave(5)
