"""global, nonlocal, del, assert and import in all places."""
import os.path as path, sys as system
from os import (
    sep,
    linesep,
)

a = 1; b = [1, 2, 3]; c = {"x": 1}


def globals_here():
    global a, made_here
    a += 1
    made_here = a
    del b[0], c["x"]
    import json
    from os import getcwd as where
    return json.dumps(a), callable(where)


def nonlocals():
    x = y = 0

    def inner():
        nonlocal x, \
            y
        x += 1
        y -= 1
        def innermost():
            nonlocal x
            x *= 10
        innermost()
    inner()
    del y
    return x


def asserts(x):
    assert x
    assert x > 1, "small"
    assert isinstance(x, int) and x < 10, (
        "large"
    )
    return x


def tried(x):
    try: asserts(x)
    except AssertionError as error: return error.args
    return "fine"


print(globals_here(), made_here, a, b, c, nonlocals(), [tried(x) for x in (0, 1, 2, 20)], sep == path.sep, linesep)
del a, made_here
try:
    a
except NameError:
    print("deleted", "a" in globals())
print(system.getrecursionlimit() > 0)
