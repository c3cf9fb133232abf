"""Recursion errors that come from C code or are raised by hand, at no depth of Python's own."""
import sys


def nested(n):
    value = []
    for _ in range(n):
        value = [value]
    return value


def flatten(value):
    while value:
        value = value[0]
    return value


def too_deep():
    value = nested(3000)
    try:
        repr(value)
    except RecursionError:
        result = "too deep"
    else:
        result = "deep enough"
    flatten(value)
    return result in ("too deep", "deep enough")


def by_hand(n):
    if n == 0:
        raise RecursionError("by hand")
    try:
        return by_hand(n - 1)
    finally:
        unwound.append(n)


unwound = []
limit = sys.getrecursionlimit()
try:
    by_hand(5)
except RecursionError as error:
    print(error, unwound)
sys.setrecursionlimit(limit + 100)
print(sys.getrecursionlimit() - limit)
try:
    sys.setrecursionlimit(-1)
except ValueError:
    print("refused")
