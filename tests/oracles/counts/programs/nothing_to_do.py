"""pass, ..., docstrings and functions that do nothing."""


def nothing(): pass


def dots(): ...


def docstring():
    """Only this."""


def commented():
    # Only a comment, and
    pass
    # another one.


def passes():
    pass
    pass; pass
    if nothing():
        pass
    else:
        pass
    for _ in range(2): pass
    for _ in range(2):
        pass
    while nothing():
        pass
    try:
        pass
    except ValueError:
        pass
    else:
        pass
    finally:
        pass
    with open("/dev/null"):
        pass
    1
    "string"
    nothing
    None; ...


class Empty:
    pass


class Bare: ...


async def co(): pass
def gen(): yield


c = co(); c.close()
pass
"a string by itself"
print(nothing(), dots(), docstring(), commented(), passes(), list(gen()), Empty.__name__, Bare.__name__)
