"""Lambdas: several on a line, over several lines, as defaults and keys."""
pair = (lambda x: x + 1, lambda x: x + 2)
same = [lambda: 0, lambda: 0, lambda: 1]
deep = lambda a: lambda b: lambda c: a + b + c
wide = lambda x: (
    x
    + 1
    if x
    else 0
)
multi = [
    lambda: 1,
    lambda: (
        2
    ),
    lambda x=lambda: 3: x(),
]


def apply(f, *args):
    return f(*args)


print(pair[0](1), pair[1](1), pair[1](2), [f() for f in same], deep(1)(2)(3))
print(wide(0), wide(5), [f() for f in multi])
print(sorted([3, -1, 2], key=lambda v: -v), sorted("bca", key=lambda s: s))
print(apply(lambda a, b: a * b, 3, 4), apply(lambda *a: a, 1), (lambda: (yield))() is not None)
print(list(map(lambda v: v * 2, filter(lambda v: v % 2, range(5)))))
