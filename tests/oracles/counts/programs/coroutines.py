"""Coroutines, async for, async with and async comprehensions."""
import asyncio

log = []


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await asyncio.sleep(0)
        return self.n


class Manager:
    async def __aenter__(self):
        log.append("enter")
        return 5

    async def __aexit__(self, *exc):
        await asyncio.sleep(0)
        log.append("exit")
        return exc[0] is ValueError


async def agen(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


async def main():
    async for x in Counter(2):
        log.append(x)
    else:
        log.append("else")
    async for x in agen(4):
        if x == 1: continue
        if x == 3: break
    async with Manager() as m, Manager():
        log.append(m)
    async with Manager():
        raise ValueError
    items = [i async for i in agen(3) if i]
    table = {i: await asyncio.sleep(0, i) async for i in Counter(2)}
    nested = [
        (i, j)
        for i in range(3)
        async for j in agen(i)
    ]
    lazy = (i async for i in agen(2))
    return items, table, nested, [i async for i in lazy], x


print(asyncio.run(main()), log)
