"""Programs whose calls cProfile and lancehead must agree on, one function each.

    workloads.py NAME            runs one
    workloads.py NAME FILE       runs it under cProfile, and writes what that counted as JSON

All that is imported is imported before, so that both see the same calls below the one function.
"""

import asyncio
import collections
import dis
import functools
import heapq
import json
import operator
import sys
import textwrap


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def recursion():
    fib(12)


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


def deep(n):
    return n and deep(n - 1) + 1


def mutual_recursion():
    even(50)
    odd(31)
    deep(500)


def numbers(n):
    for i in range(n):  # noqa: UP028
        yield i


def walk(n):
    if n:
        yield from walk(n - 1)
        yield n
        yield from walk(n - 1)


def echo():
    value = None
    while True:
        try:
            value = yield value
        except KeyError:
            value = "key"


def generators():
    sum(numbers(20))
    list(walk(4))
    sum(x * x for x in numbers(5))
    talk = echo()
    next(talk)
    talk.send(1)
    talk.send(2)
    talk.throw(KeyError("a"))
    talk.close()  # else it ends after this function, and is no callee of it


def closed_generators():
    for steps in range(4):
        some = numbers(9)
        for _ in range(steps):
            next(some)
        some.close()
        fib(2)
    with_finally = guarded()
    next(with_finally)
    with_finally.close()
    fib(3)
    left = walk(4)
    next(left)
    next(left)
    del left
    fib(4)
    broken = echo()
    next(broken)
    try:
        broken.throw(ValueError("b"))
    except ValueError:
        pass
    fib(2)


def guarded():
    try:
        yield 1
    finally:
        fib(2)


async def one(n):
    await asyncio.sleep(0)
    return fib(n)


async def several():
    return sum(await asyncio.gather(*(one(i) for i in range(6))))


async def stream(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def over_stream():
    return [i async for i in stream(5)]


def drive(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


class Ready:
    def __await__(self):
        yield 1
        return 2


async def waits(n):
    return sum([await Ready() for _ in range(n)])


async def chain(n):
    return await chain(n - 1) if n else await waits(3)


def coroutines():
    drive(chain(6))
    drive(waits(4))


def fails(n):
    if n == 0:
        raise ValueError(n)
    fails(n - 1)


def halfway(n):
    try:
        return fails(n)
    except ValueError:
        return fib(3)


def exceptions():
    for depth in range(6):
        try:
            fails(depth)
        except ValueError:
            fib(2)
    halfway(4)
    for bad in (lambda: abs("x"), lambda: len(3), lambda: [].pop(), lambda: {}["k"]):
        try:
            bad()
        except (TypeError, IndexError, KeyError):
            fib(1)
    try:
        next(iter([]))
    except StopIteration:
        pass


def negative(x):
    return -x


def callbacks():
    sorted(range(10), key=negative)
    list(map(negative, range(7)))
    list(filter(lambda x: x % 2, range(9)))
    functools.reduce(operator.add, range(5))
    functools.reduce(lambda a, b: a + b, range(5))
    max([1, 2, 3], key=negative)
    heapq.nsmallest(2, [3, 1, 2], key=negative)
    functools.partial(negative, 3)()
    [3, 1, 2].sort(key=negative)


class Base:
    kept = 0

    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        return self.x < other.x

    def __getattr__(self, name):
        return fib(1) if name == "missing" else None

    def __len__(self):
        return 3

    def __iter__(self):
        return iter((1, 2))

    def __abs__(self):
        return fib(2)

    def __eq__(self, other):
        return isinstance(other, Base) and self.x == other.x

    def __hash__(self):
        return hash(self.x)

    @property
    def value(self):
        return self.x

    @classmethod
    def make(cls):
        return cls(1)

    @staticmethod
    def free():
        return 2

    def method(self):
        return abs(self.x)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def __call__(self, n):
        return fib(n)

    def __getitem__(self, n):
        return fib(n)


class Derived(Base):
    def __new__(cls, x):
        return super().__new__(cls)

    def __init__(self, x):
        super().__init__(x + 1)

    def method(self):
        return super().method() + 1


def objects():
    many = [Base(i % 4) for i in range(12)] + [Derived(i) for i in range(5)]
    sorted(many)
    for each in many:
        each.value, each.method(), each.missing, len(each), list(each), abs(each), each[2], each(2)
    Base.make().free()
    Derived.make()
    with Base(3) as base:
        base.method()
    len(set(many))
    many.index(Base(1))
    type("Made", (Base,), {"extra": negative})(4).method()
    collections.namedtuple("Pair", "a b")(1, 2)
    super(Derived, many[-1]).method()


def methods_of_c():
    "".join(["a", "b"]).upper().split()
    str.upper("a")
    list.append([], 1)
    dict.fromkeys("ab").get("a")
    {}.setdefault(1, []).append(2)
    int("3"), float("2.5"), list("ab"), complex(1, 2)
    bytes.fromhex("00ff")
    int.from_bytes(b"ab", "big")
    print(end="")
    bound = [].append
    for i in range(5):
        bound(i)
    args, options = ([3, 1, 2],), {"reverse": True}
    sorted(*args, **options)
    "{}".format(*args)
    isinstance(3, int), getattr(3, "real"), divmod(7, 2)  # noqa: B009
    object.__new__(Base)


def library():
    json.loads(json.dumps({"a": [1, 2.5, None, {"b": "text"}] * 5}, indent=1))
    textwrap.fill("lorem ipsum dolor " * 10, 30)
    collections.Counter("abracadabra").most_common(2)
    list(dis.get_instructions(textwrap.fill))


def in_thread(n):
    fib(n)
    sorted(range(5), key=negative)


def key_of(code):
    if isinstance(code, str):
        return ["~", 0, code]
    return [code.co_filename, code.co_firstlineno, code.co_name]


def main(arguments):
    work = globals()[arguments[0]]
    if len(arguments) == 1:
        work()
        return
    import cProfile  # noqa: PLC0415  (not where it is not used)

    profile = cProfile.Profile()
    profile.runcall(work)
    # Not by pstats, which keeps one of several functions of the same name on the same line.
    rows = []
    for entry in profile.getstats():
        edges = [
            [key_of(edge.code), edge.callcount, edge.callcount - edge.reccallcount]
            for edge in entry.calls or ()
        ]
        primitive = entry.callcount - entry.reccallcount
        rows.append([key_of(entry.code), entry.callcount, primitive, edges])
    with open(arguments[1], "w") as out:
        json.dump(rows, out)


if __name__ == "__main__":
    main(sys.argv[1:])
