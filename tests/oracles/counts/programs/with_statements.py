"""with: one and several managers, suppressing or not, with jumps out of it."""
log = []


class Manager:
    def __init__(self, name, suppress=False):
        self.name = name
        self.suppress = suppress

    def __enter__(self):
        log.append("+" + self.name)
        return self.name

    def __exit__(self, kind, value, trace):
        log.append("-" + self.name)
        return self.suppress


def plain():
    with Manager("a") as a, Manager("b"):
        x = a
    return x


def returning():
    with Manager("c"):
        with Manager(
            "d"
        ) as d:
            return d


def loops():
    for i in range(4):
        with Manager(str(i)):
            if i == 1: continue
            if i == 2: break
    return i


def raising(suppress):
    try:
        with Manager("e", suppress):
            log.append("raise")
            raise ValueError
            log.append("never")
        log.append("after")
    except ValueError:
        return "leaked"
    return "suppressed"


def fails_inside_call():
    with Manager("f", True), \
            Manager("g"):
        int(
            "x"
        )


def one_line():
    with Manager("h"): log.append("one"); log.append("line")


def empty():
    with Manager("i"):
        pass


print(plain(), returning(), loops(), raising(True), raising(False), fails_inside_call(), one_line(), empty())
print(log)
