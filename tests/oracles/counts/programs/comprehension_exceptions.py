"""Exceptions in comprehensions, caught around them, and variables they must not touch."""
x = "outer"


def safe(n):
    try:
        return [1 // (x - 2) for x in range(n)]
    except ZeroDivisionError:
        return x


def lines(n):
    try:
        return {
            key: 10 //
            key
            for key in range(
                n,
                -1,
                -1)
            if key != 5
        }
    except ZeroDivisionError as error:
        return str(error)


def in_loop():
    out = []
    for i in range(3):
        try: out.append([i // j for j in (1, i)])
        except ZeroDivisionError: out.append("zero"); continue
        finally: out.append(i)
    return out


class Body:
    x = 3
    try: items = [y // 0 for y in range(x)]
    except ZeroDivisionError: items = [y for y in range(x)]
    size = len([z for z in items if z])


def generator():
    return sum(
        1 // n
        for n in (1, 0)
    )


try:
    generator()
except ZeroDivisionError:
    print("generator")
print(safe(2), safe(4), lines(3), in_loop(), Body.items, Body.size, x)
print([[i for i in range(j)] for j in range(3)], [(lambda: i)() for i in range(2)], {i for i in "a"})
