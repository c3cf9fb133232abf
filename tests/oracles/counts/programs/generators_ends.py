"""StopIteration in generators, generators in finally, a return in the middle, re-entry."""


def stops():
    yield 1
    raise StopIteration(2)


def returns(n):
    for i in range(5):
        if i == n:
            return i
        yield i


def in_finally():
    try:
        yield "body"
    finally:
        yield "cleanup"
        yield "more"


def keeps_running():
    while True:
        try:
            yield 1
        except GeneratorExit:
            return


def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


def reenter():
    try:
        next(me)
    except ValueError as error:
        yield type(error).__name__


def failing():
    yield 1
    1 / 0


out = []
for call in (lambda: list(stops()), lambda: list(failing())):
    try:
        call()
    except Exception as error:
        out.append(type(error).__name__)
out += [list(returns(2)), list(in_finally())]
g = keeps_running(); next(g); g.close(); out.append(next(g, "over"))
g = ignores(); next(g)
try: g.close()
except RuntimeError: out.append("ignored")
del g
me = reenter(); out.append(list(me))
def result():
    out.append((yield from returns(1)))
    return "r"
try: g = result(); next(g); next(g)
except StopIteration as stop: out.append(stop.value)
print(out)
