"""Managers that fail in __enter__ or __exit__, and one that lacks them."""
import contextlib

log = []


class Bad:
    def __init__(self, where):
        self.where = where

    def __enter__(self):
        if self.where == "enter":
            raise ValueError("enter")
        return self

    def __exit__(self, *exc):
        if self.where == "exit":
            raise KeyError("exit")
        log.append(exc[0] and exc[0].__name__)


def attempt(where, body=None):
    try:
        with Bad("fine"):
            with Bad(where) as bad:
                log.append(bad.where)
                if body:
                    raise body
    except (ValueError, KeyError, OSError) as error:
        return type(error).__name__
    return "fine"


def lacking():
    try:
        with 1:
            log.append("never")
    except (AttributeError, TypeError):
        return "no manager"


def stack():
    with contextlib.ExitStack() as stack:
        for i in range(2):
            stack.callback(log.append, i)
        stack.enter_context(contextlib.suppress(KeyError))
        raise KeyError
    return "stacked"


print(attempt("enter"), attempt("exit"), attempt("none"), attempt("none", OSError()), attempt("exit", OSError()))
print(lacking(), stack(), log)
