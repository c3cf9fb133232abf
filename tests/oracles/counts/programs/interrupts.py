"""KeyboardInterrupt and SystemExit, raised by hand and caught."""
import sys


def interrupted(where):
    try:
        if where == "body":
            raise KeyboardInterrupt
        if where == "exit":
            sys.exit("message")
        if where == "base":
            raise BaseException("base")
    except KeyboardInterrupt:
        return "interrupt"
    except SystemExit as error:
        return error.code
    except BaseException as error:
        return str(error)
    else:
        return "none"


def loop():
    n = 0
    try:
        while True:
            n += 1
            if n == 4:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    return n


def gen():
    try:
        yield 1
    except KeyboardInterrupt:
        yield "interrupt"


g = gen(); next(g)
print([interrupted(w) for w in ("body", "exit", "base", "")], loop(), g.throw(KeyboardInterrupt))
