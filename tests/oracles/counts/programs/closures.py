"""Nested functions, closures, nonlocal, global and default arguments."""
counter = 0


def bump():
    global counter
    counter += 1
    return counter


def default(a, b=bump(), *c, d=bump(), **e):
    return a, b, c, d, sorted(e)


def accumulator():
    total = 0

    def add(x):
        nonlocal total
        total += x

        def again():
            nonlocal total
            total *= 2
            return total
        return again
    return add


def cells(n):
    functions = []
    for i in range(n):
        def f(i=i):
            return i
        functions.append(f)
        functions.append(lambda: i)
    return [f() for f in functions]


def deleted():
    x = 1
    y = [1, 2, 3]
    del x
    del y[0], y[0]
    try:
        x
    except UnboundLocalError:
        return y


add = accumulator()
print(default(0), default(1, 2, 3, d=4, e=5), add(3)(), add(4)(), cells(3), deleted(), bump())
