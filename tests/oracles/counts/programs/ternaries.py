"""Conditional expressions, nested, over lines, and with and/or as values."""


def sign(x):
    return 1 if x > 0 else -1 if x < 0 else 0


def chosen(x):
    value = (
        "big"
        if x > 10
        else "medium"
        if x > 5
        else "small"
    )
    return value


def default(x, y):
    a = x or y
    b = x and y
    c = x or y or "none"
    d = (x
         or
         y
         and "both")
    return a, b, c, d


def argument(x):
    return max(
        x if x > 3 else 3,
        x * 2
        if x < 4
        else 1,
    )


print([sign(x) for x in (-2, 0, 2)], [chosen(x) for x in (1, 7, 12)])
print([default(x, y) for x in (0, 1) for y in (0, 2)], [argument(x) for x in (1, 9)])
