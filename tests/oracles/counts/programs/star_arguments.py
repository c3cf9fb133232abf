"""Starred arguments and targets, keyword-only and positional-only parameters."""


def f(a, /, b, *args, c=3, d, **kwargs):
    return a, b, args, c, d, sorted(kwargs)


def g(*args, **kwargs):
    return f(
        *args,
        **kwargs,
    )


def many(*numbers):
    first, *middle, last = numbers
    (x, [y, *z]), w = (1, [2, 3, 4]), 5
    return first, middle, last, x, y, z, w


def spread(a, *b):
    return [*b, a, *b], {**{"a": a}, "b": b}, (*b,), {a, *b}


def wrong(call):
    try:
        call()
    except TypeError:
        return "refused"


print(f(1, 2, d=4), g(1, *(2, 3), d=5, **{"e": 6}), many(1, 2, 3, 4), spread(1, 2, 3))
print(wrong(lambda: f(1)), wrong(lambda: f(a=1, b=2, d=3)), wrong(lambda: many(*5)), wrong(
    lambda: g(1, 2, d=1,
              **{"d": 2})))
a = b = c = 0
a, b = b, a + 1
for i, *rest in [(1, 2, 3), (4,)]: c += i + len(rest)
a += b; b **= 2; c //= 2
print(a, b, c)
