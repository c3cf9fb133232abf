"""Expressions and calls that go over several lines."""


def f(*args, **kwargs):
    return sum(args) + sum(kwargs.values())


def g(x):
    return x


x = f(
    1,
    g(2),
    g(
        3
    ),
    key=g(4),
)
y = (x
     + g(1)
     - g(2)
     * g(3))
z = [
    g(1),
    2,
    g(3),
][
    1
]
w = {
    "a": g(1),
    "b": f(
        1,
        2),
    **{"c": g(3)},
}
v = g(g(
    g(5)))
chain = "  a b  ".strip(
).split(
    " "
)
u = f(1,
      2, g(3)) + f(4,
                   g(5))
t = (g(1), g(2),
     g(3)) < (1, 2,
              4)
print(x, y, z, w, v, chain, u, t)
