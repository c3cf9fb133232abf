"""Exceptions that leave a function in the middle of its lines."""


def straight():
    a = 1
    b = 2
    c = a // (b - 2)
    d = 4
    return c + d


def in_expression(table):
    return (
        table["a"]
        + table["b"]
        + table["missing"]
        + table["c"]
    )


def in_call():
    return max(
        1,
        int("x"),
        3,
    )


def deep(n):
    if n == 0:
        raise LookupError("bottom")
    x = deep(n - 1)
    return x


def caller(f, *args):
    try:
        before = 1
        f(*args)
        before = 2
    except Exception as error:
        return type(error).__name__, before
    return None


def twice():
    for i in range(3):
        value = [
            1,
            2 // (1 - i),
            3,
        ]
    return value


def between(x):
    try:
        y = deep(x)
    finally:
        y = 0
    return y


print(caller(straight), caller(in_expression, {"a": 1, "b": 2, "c": 3}), caller(in_call))
print(caller(deep, 0), caller(deep, 4), caller(twice), caller(between, 2), caller(caller))
