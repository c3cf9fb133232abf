"""Functions with instructions of all kinds, in 3.8 syntax."""

import sys
import time

LIMIT = 10
count = 0


class Base:
    def value(self):
        return 1


class Derived(Base):
    step: int = 2

    def value(self):
        return super().value() + self.step


def arithmetic(end):
    x, y = 3, 2.5
    while time.time() < end:
        for n in range(200):
            x = (x * 3 + n // 2 - n % 7) & 0xFFFF
            y = y * 0.5 + x / 4
            y += 1.0
            x ^= n << 1
    return x, y


def comparisons(end):
    small = None
    while time.time() < end:
        for n in range(200):
            if 1 < n < 100 and n != 50 or not n:
                small = n if n is not None else -n
            if n in (1, 2, 3) and small not in [4, 5]:
                small = None
            assert n >= 0, n
    return small


def names(end):
    global count
    derived = Derived()
    derived.extra = 0
    while time.time() < end:
        for n in range(50):
            count += 1
            derived.extra = derived.value() + LIMIT + len(sys.argv)
            del derived.extra
            derived.extra = n
    return derived


def closures(end):
    total = 0
    unused = 1
    more = {"more": total}

    def add(n, *, times=2, **rest):
        nonlocal total
        total += n * times
        return lambda: (n, total)

    while time.time() < end:
        for n in range(50):
            add(n, times=3)()
            add(n, **more)
    return total, unused


def texts(end):
    text = ""
    while time.time() < end:
        for n in range(50):
            text = f"{n!r:>5} {n} {text[:3]!s} {n:x}" + "%d" % n
            first, *others, last = text
            text = text[1:-1] + first + last
            text = str(others and text)
    return text


def containers(end):
    table = {}
    while time.time() < end:
        pairs = [(n, str(n)) for n in range(50) if n % 2]
        table = {key: [value] for key, value in pairs}
        table.update({"a": 1, **table})
        kinds = {*table, 1, 2.5, "x"}
        merged = [*pairs, *kinds]
        merged[0], merged[1] = merged[1], merged[0]
        print(*merged[:0], sep="", end="", file=sys.stderr)
    return table


def exceptions(end):
    seen = 0
    while time.time() < end:
        for n in range(50):
            try:
                with memoryview(b"ab") as view:
                    if n % 3 == 0:
                        raise ValueError(view[0])
                    seen += 1
            except (ValueError, KeyError) as error:
                seen -= len(error.args)
            except TypeError:
                raise
            finally:
                seen += 2
    return seen


def generators(end):
    def numbers(limit):
        for n in range(limit):
            got = yield n
            if got:
                return got
        yield from (n * n for n in range(3))

    total = 0
    while time.time() < end:
        for n in numbers(50):
            total += n
            if n > 40:
                break
        else:
            continue
    return total


def imports(end):
    while time.time() < end:
        for _ in range(20):
            import os.path as path
            from math import pi, sqrt

            path.join("a", str(sqrt(pi)))
    return path


def long(end):
    x = 0
    while time.time() < end:
        x += 0.5  # the test puts many such lines here
    return x


def main():
    parts = [arithmetic, comparisons, names, closures, texts, containers]
    parts += [exceptions, generators, imports, long]
    for part in parts:
        part(time.time() + 0.15)


main()
