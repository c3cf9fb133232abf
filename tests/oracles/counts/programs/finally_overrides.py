"""A return, break or continue in finally that overrides what was going on.

Newer Pythons warn of it on the standard error.
"""


def overriding():
    try:
        raise ValueError
    finally:
        return "overridden"


def two():
    try:
        return 1
    finally:
        return 2


def breaking():
    while True:
        try:
            1 / 0
        finally:
            break
    return "broke"


def continuing():
    n = 0
    for i in range(3):
        try:
            n += 1
            raise KeyError
        finally:
            continue
    return n


print(overriding(), two(), breaking(), continuing())
