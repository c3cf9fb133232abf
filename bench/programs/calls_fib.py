"""Calls and nothing else: 635 621 of them. Prints the seconds that they took."""

import time


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


began = time.perf_counter()
fib(27)
print(time.perf_counter() - began)
