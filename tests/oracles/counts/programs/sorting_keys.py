"""Lambdas and functions that C code calls: sorted, min, map, filter, reduce, re.sub, hooks."""
import functools
import re

calls = []


def key(x):
    calls.append(x)
    return -x


def compare(a, b):
    return (a > b) - (a < b)


def reducer(a, b):
    if b % 2:
        return a + b
    return a * b


words = ["pear", "fig", "apple"]
print(sorted([3, 1, 2], key=key), min(words, key=len), max(words, key=lambda w: w[-1]))
print(list(map(key, [4, 5])), list(filter(lambda w: "p" in w, words)), functools.reduce(reducer, [1, 2, 3, 4]))
print(sorted(words, key=functools.cmp_to_key(compare)), re.sub("a|e", lambda m: m.group().upper(), "apple"))
numbers = [5, 3, 4]
numbers.sort(key=lambda n: (
    n % 2,
    n,
))
print(numbers, list(iter(lambda it=iter("abc"): next(it), "c")), calls)
print(list(zip(*map(lambda *p: p, "ab", "cd"))), any(map(lambda n: n > 3, numbers)), [*map(str, numbers)])
