"""dataclasses, enum, namedtuple, lru_cache, partial, singledispatch, abstract classes."""
import abc
import collections
import dataclasses
import enum
import functools


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = dataclasses.field(default_factory=lambda: ["t"], compare=False)

    def __post_init__(self):
        self.x += 1


class Color(enum.Enum):
    RED = 1
    GREEN = 2

    def describe(self):
        return self.name.lower()

    @classmethod
    def first(cls): return next(iter(cls))


class Pair(collections.namedtuple("Pair", "a b")):
    def total(self): return self.a + self.b


@functools.lru_cache(maxsize=None)
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


@functools.singledispatch
def show(x): return "any"
@show.register(int)
def _(x): return "int"


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


class Square(Shape):
    def area(self): return 4


try:
    Shape()
except TypeError:
    print("abstract")
print(Point(1), Point(1) < Point(2), Color.first().describe(), Color(2), Pair(1, 2).total(), fib(12))
print(show(1), show("x"), functools.partial(show, 1)(), Square().area(), [c.value for c in Color])
