"""Coroutines and asynchronous generators driven without a loop."""
import types

log = []


@types.coroutine
def pause(value):
    got = yield value
    return got


class Awaitable:
    def __await__(self):
        x = yield "awaitable"
        return x


async def inner(n):
    a = await pause(n)
    try:
        b = await pause(n + 1)
    except ValueError:
        b = "caught"
    finally:
        log.append("inner over")
    return a, b


async def outer():
    first = await inner(1); second = await inner(10)
    third = (await pause("x")) + (
        await pause("y")
    )
    return first, second, third, await Awaitable()


async def agen():
    try:
        got = yield 1
        log.append(got)
        yield await pause("in agen")
    except KeyError:
        yield "key"
    finally:
        log.append("agen over")


def drive(step):
    try:
        return step.send(None)
    except StopIteration as stop:
        return "result", stop.value


c = outer()
print([c.send(v) for v in (None, "a")], c.throw(ValueError), c.send("b"), c.send("c"), c.send(1), c.send(2))
try: c.send("end")
except StopIteration as stop: print(stop.value)
g = agen()
print(drive(g.__anext__()), drive(sent := g.asend("sent")), drive(sent), drive(g.athrow(KeyError)), drive(g.aclose()))
never = inner(5); never.close()
half = inner(6); half.send(None); half.close()
g = agen(); drive(g.__anext__()); print(drive(g.aclose()))
print(log)
