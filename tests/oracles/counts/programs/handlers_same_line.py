"""Handlers on the line that raised, and clean-up that raises again with the old place."""
log = []


class Manager:
    def __init__(self, suppress=False):
        self.suppress = suppress

    def __enter__(self): return self
    def __exit__(self, *exc): return self.suppress


def two(x):
    with Manager(True), Manager(): x = 1 // x
    return x


def three():
    with Manager(True), Manager(), Manager(): log.append(1); {}["x"]
    return 3


def mixed():
    with Manager(True):
        for i in (1, 0):
            with Manager(): log.append(1 // i)
    return 4


def spread(x):
    with Manager(True), \
            Manager():
        with Manager():
            log.append(5)
            int("a" if x else
                "b")
    return 5


def one_line_try():
    try: int("x"); log.append("never")
    except (KeyError, ValueError): log.append("value")
    finally: log.append("finally")


def in_finally():
    try:
        try: int("x")
        finally: log.append("f"); log.append("g")
    except ValueError: return 6


def loops():
    for i in range(3):
        try: [][i]
        except IndexError:
            with Manager(True): raise
            try: raise
            except IndexError as error: log.append(i)
    return 7


def gen():
    with Manager(True): x = yield 1; yield x
    try: yield 2; yield 3
    except ValueError: yield 4
    finally: yield 5


g = gen()
print(two(1), two(0), three(), mixed(), spread(0), one_line_try(), in_finally(), loops())
print(next(g), g.throw(KeyError), g.throw(ValueError), next(g), next(g, "end"), log)
