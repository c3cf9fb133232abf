"""Local variables that are read and written in pairs, on one line and on several."""


def pairs(a, b, c):
    items = [
        a,
        b,
        c,
    ]
    x = a; y = b; z = x
    u = x
    v = u
    w = (x,
         y, z,
         u)
    x, y = y, x
    x = (
        a
        + b
        * c
    )
    return items, v, w, x, \
        y


def hot(n, step):
    total = 0
    low = high = None
    for i in range(n):
        if low is None or i < low:
            low = i
        if high is None or \
                i > high:
            high = i
        total += step
        total -= i if i & 1 else \
            step
    return low, high, total


def hot_attributes(n):
    class Box: value = 0
    box = Box()
    while box.value < n:
        box.value += 1
    return box.value


def hot_generators(n):
    total = 0
    for i in (j for j in range(n) if j % 3):
        total += i
    for i in hot_source(n): total += i
    return total


def hot_source(n):
    for i in range(n):
        yield i


print(pairs(1, 2, 3), hot(120, 2), hot_attributes(90), hot_generators(80), [pairs(i, i, i)[1] for i in range(60)][-1])
