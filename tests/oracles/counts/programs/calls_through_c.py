"""Exceptions and generators that cross C code, and callbacks that fail."""
import functools


def failing(x):
    if x == 2:
        raise ValueError("two")
    return x


def attempt(call, *args):
    try:
        return call(*args)
    except ValueError as error:
        return str(error)
    except StopIteration:
        return "stop"


def numbers():
    yield 1
    yield 2
    return "r"


class Weird:
    def __lt__(self, other): raise ValueError("no order")
    def __hash__(self): raise ValueError("no hash")
    def __bool__(self): raise ValueError("no truth")
    def __index__(self): return 1
    def __eq__(self, other): raise ValueError("no equality")


def truth(x):
    if x:
        return True
    return False


def loop(x):
    while x and x: pass


print(attempt(list, map(failing, range(4))), attempt(sorted, [Weird(), Weird()]), attempt(hash, Weird()))
print(attempt(truth, Weird()), attempt(loop, Weird()), [10, 20][Weird()], attempt(lambda: Weird() in [Weird()]))
print(attempt(functools.reduce, lambda a, b: failing(a + b), [1, 1, 1]), attempt(next, iter(())))
print(sum(numbers()), list(zip(numbers(), numbers())), attempt(dict, map(failing, "ab")), max(numbers(), key=failing, default=0) if 0 else 1)
print(attempt(lambda: [failing(n)
                       for n in numbers()]), attempt(int, "x")[:7])
