"""Re-raised exceptions, raise from, context, tracebacks, exceptions that are stored."""


def bare():
    try:
        try:
            raise ValueError("one")
        except ValueError:
            raise
    except ValueError as error:
        return str(error)


def chained():
    try:
        try:
            {}["x"]
        except KeyError as error:
            raise RuntimeError("two") from error
    except RuntimeError as error:
        return type(error.__cause__).__name__


def context():
    try:
        try:
            int("x")
        except ValueError:
            [][0]
    except IndexError as error:
        return type(error.__context__).__name__


def suppressed():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise TypeError from None
    except TypeError as error:
        return error.__cause__ is None and error.__suppress_context__


def with_traceback():
    try:
        1 / 0
    except ZeroDivisionError as error:
        kept = error
    try:
        raise kept.with_traceback(None)
    except ZeroDivisionError as error:
        return error.__traceback__.tb_next is None


def asserts(x):
    assert x, "message"
    assert (
        x
        > 1
    ), (
        "second",
        x,
    )
    return x


def tried(x):
    try: return asserts(x)
    except AssertionError as error: return str(error)


print(bare(), chained(), context(), suppressed(), with_traceback(), [tried(x) for x in (0, 1, 2)])
