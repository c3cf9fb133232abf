"""Comprehensions: nested, with conditions, over lines, in classes."""
numbers = range(6)
flat = [x for x in numbers if x % 2 if x > 1]
pairs = [(x, y) for x in numbers if x < 3 for y in range(x) if y != 1]
nest = [[y * x for y in range(x)] for x in range(3)]
unique = {x % 3 for x in numbers}
table = {x: x * x for x in numbers if x}
lazy = sum(x * 2 for x in numbers)
multi = [
    x
    + y
    for x in numbers
    if x % 2
    for y in (
        1,
        2,
    )
    if y
]
merged = {
    key: value
    for key, value
    in zip("ab", [1, 2])
}
none = [x for x in ()]


def inside(n):
    local = [n + x for x in range(n)]
    generated = list(
        n * x
        for x in local
        if x > n
    )
    return local, generated, any(x > 3 for x in local), all(x < 3 for x in local)


class Body:
    size = 3
    items = [x for x in range(size)]
    double = [
        y * 2
        for y in items
    ]
    functions = [lambda: x for x in range(2)]


print(flat, pairs, nest, sorted(unique), table, lazy, multi, merged, none)
print(inside(3), Body.items, Body.double, [f() for f in Body.functions])
