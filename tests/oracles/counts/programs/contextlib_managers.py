"""Context managers that are generators, also as decorators."""
import contextlib

log = []


@contextlib.contextmanager
def tagged(tag):
    log.append("<" + tag)
    try:
        yield tag.upper()
    finally:
        log.append(tag + ">")


@contextlib.contextmanager
def swallowing(*kinds):
    try:
        yield
    except kinds as error:
        log.append(type(error).__name__)


@tagged("deco")
def decorated(x):
    return x + 1


def use():
    with tagged("a") as a, swallowing(ValueError):
        log.append(a)
        with swallowing(KeyError):
            raise ValueError
    with swallowing():
        return len(log)


def leaking():
    try:
        with swallowing(KeyError):
            raise IndexError
    except IndexError:
        return "leaked"


class Closing:
    def close(self): log.append("closed")


with contextlib.closing(Closing()) as c:
    pass
print(decorated(1), decorated(2), use(), leaking(), log)
