"""Recursive Fibonacci: next to nothing but calls. Prints how long it took."""

import sys
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


began = time.perf_counter()
fib(int(sys.argv[1]))
print("elapsed", time.perf_counter() - began)
