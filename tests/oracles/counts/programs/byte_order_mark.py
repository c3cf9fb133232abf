"""A byte order mark in front."""


def f(x):
    return x * 2


print(f(3), ascii("ä€🐍"))
