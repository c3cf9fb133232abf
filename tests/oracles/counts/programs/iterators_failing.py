"""Iterators that raise, that are empty, that are changed, that are called again after their end."""


def failing(n):
    for i in range(n):
        yield i
    raise LookupError("after %d" % n)


class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Indexed:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


def consume(items):
    seen = []
    try:
        for item in items:
            seen.append(item)
        else:
            seen.append("else")
    except LookupError as error:
        seen.append(str(error))
    finally:
        seen.append("end")
    return seen


def unpack(n):
    try:
        a, b = failing(n)
    except (LookupError, ValueError) as error:
        return type(error).__name__
    return a + b


def in_comprehension():
    try:
        return [
            x
            for x in failing(2)
        ]
    except LookupError:
        return "failed"


def not_iterable():
    try:
        for x in 5:
            pass
    except TypeError:
        return "no iterator"


growing = [1]
for x in growing:
    if len(growing) < 4: growing.append(x * 2)
print(consume(failing(0)), consume(failing(2)), consume(Countdown(2)), consume(Indexed()), consume(()))
print(unpack(1), unpack(2), unpack(3), in_comprehension(), not_iterable(), growing, sum(Indexed()))
