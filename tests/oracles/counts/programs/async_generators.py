"""Asynchronous generators that are closed, abandoned, thrown into, and comprehensions of them."""
import asyncio

log = []


async def numbers(n, name):
    try:
        for i in range(n):
            yield i; await asyncio.sleep(0)
    except ValueError:
        log.append(name + " value")
        yield -1
    finally:
        await asyncio.sleep(0); log.append(name + " closed")


async def delegate(n):
    async for x in numbers(n, "inner"): yield x * 2
    yield await last()


async def last(): return "last"


async def nested():
    return [(a, b) async for a in numbers(2, "a") async for b in numbers(a + 1, "b") if b < 2
            if a], {
        x async for x in numbers(2, "set")}


async def main():
    g = numbers(5, "g")
    log.append(await g.__anext__())
    log.append(await g.athrow(ValueError))
    await g.aclose()
    async for x in numbers(5, "broken"):
        if x: break
    h = numbers(3, "never started"); await h.aclose()
    out = [x async for x in delegate(2)]
    try:
        async for x in numbers(2, "error"):
            1 / 0
    except ZeroDivisionError:
        log.append("zero")
    lazy = (x + 1 async for x in numbers(2, "lazy"))
    return out, await nested(), [x async for x in lazy]


print(asyncio.run(main()), sorted(map(str, log)))
