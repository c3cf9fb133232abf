"""Handlers that are reached by raising again: what was raised first decides, body or __exit__."""
log = []


class Manager:
    def __init__(self, name, fails=False, suppress=False):
        self.name, self.fails, self.suppress = name, fails, suppress

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        log.append(self.name)
        if self.fails:
            raise KeyError(self.name)
        return self.suppress


def in_one_statement(body, fails):
    with Manager("a", suppress=True), Manager("b", fails), Manager("c"):
        log.append("body")
        if body:
            raise ValueError
    return "left"


def in_several(body, fails):
    with Manager("d", suppress=True):
        with Manager("e", fails):
            if body: raise ValueError
    return "left"


def on_one_line(body, fails):
    with Manager("f", suppress=True), Manager("g", fails): log.append(1 // (not body))
    return "left"


def with_finally(body, fails):
    try:
        try:
            with Manager("h", fails): log.append(1 // (not body))
        finally: log.append("i")
    except (KeyError, ZeroDivisionError) as error:
        return type(error).__name__


for f in (in_one_statement, in_several, on_one_line, with_finally):
    print([f(body, fails) for body in (False, True) for fails in (False, True)])
print(log)
