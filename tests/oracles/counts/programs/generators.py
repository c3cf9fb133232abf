"""Generators: plain, with send, with return values, delegated."""


def count(n):
    for i in range(n):
        yield i


def echo():
    received = None
    while True:
        received = yield received
        if received == "stop":
            return "stopped"


def chain(*many):
    for each in many:
        yield from each


def outer():
    result = yield from echo()
    yield result
    yield from ()
    yield from [7, 8]


def on_one_line(): yield 1; yield 2; x = yield 3; yield x


def expression():
    value = (yield 1) + (
        yield 2
    ) + (yield
         3)
    yield value


e = outer()
print(list(count(3)), list(count(0)), list(chain(count(2), "ab", chain([1]))))
print(next(e), e.send(1), e.send(2), e.send("stop"), list(e))
o = on_one_line()
print(next(o), next(o), o.send(5), o.send(6), next(o, "end"))
x = expression()
print(next(x), x.send(10), x.send(20), x.send(30))
print(sum(count(4)), max(count(3)), [*count(2), *count(1)], dict(zip(count(2), count(2))))
a, b, *c = count(5)
print(a, b, c)
