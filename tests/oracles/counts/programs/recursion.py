"""Recursion: plain, mutual, deep, and through C code."""
import sys


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def fib(n):
    if n < 2:
        return n
    return (fib(n - 1)
            + fib(n - 2))


def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)


def depth(n):
    if n:
        return depth(n - 1) + 1
    return 0


def through_c(n):
    return n and max(map(through_c, [n - 1])) + 1


def ackermann(m, n):
    if m == 0: return n + 1
    if n == 0: return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def generators(n):
    if n:
        yield n
        yield from generators(n - 1)


def hanoi(n, a, b, c):
    if not n:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


sys.setrecursionlimit(3000)
print(factorial(20), fib(10), even(50), odd(7), depth(900), through_c(20), ackermann(2, 3))
print(list(generators(6)), hanoi(5, "a", "b", "c"))
