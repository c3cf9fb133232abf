"""Decorators: stacked, with arguments, over several lines, of classes and methods."""
import functools

log = []


def plain(f):
    log.append("plain " + f.__name__)
    return f


def named(name, *rest):
    log.append("named " + name)

    def wrap(f):
        @functools.wraps(f)
        def wrapper(*args):
            return name, f(*args)
        return wrapper
    return wrap


@plain
@named("one")
@named(
    "two",
    1,
    2,
)
def f(x):
    return x


@plain
class C:
    @staticmethod
    @plain
    def s(x):
        return x

    @classmethod
    def c(cls):
        return cls.__name__

    @property
    def p(self): return 5

    @p.setter
    def p(self, value):
        self.v = value


c = C()
c.p = 3
print(f(1), C.s(2), C.c(), c.p, c.v, log)
