"""async with and async for with exceptions, returns, breaks and conditions, on one line too."""
import asyncio

log = []


class Manager:
    def __init__(self, name, suppress=False): self.name, self.suppress = name, suppress
    async def __aenter__(self): await asyncio.sleep(0); return self.name

    async def __aexit__(self, *exc):
        log.append((self.name, exc[0] and exc[0].__name__))
        return self.suppress


class Items:
    def __init__(self, *items): self.items = list(items)
    def __aiter__(self): return self

    async def __anext__(self):
        if not self.items: raise StopAsyncIteration
        item = self.items.pop(0)
        if isinstance(item, Exception): raise item
        return item


async def returning():
    async with Manager("r"), Manager("s") as s:
        return s


async def one_line():
    async with Manager("o", True): log.append("x"); 1 / 0
    async for x in Items(1, 2): log.append(x); await asyncio.sleep(0)
    return await asyncio.sleep(0, "done") if await asyncio.sleep(0, True) else await asyncio.sleep(0)


async def looping():
    async for x in Items(1, 2, 3):
        async with Manager("l"):
            if x == 1: continue
            if x == 2: break
    else: log.append("never")
    try:
        async for x in Items(4, ValueError("item")):
            pass
    except ValueError as error:
        return str(error)


async def waiting():
    values = [
        await asyncio.sleep(0, 1),
        await asyncio.sleep(
            0, 2),
    ]
    return sum(values) + (await asyncio.sleep(0, 3)
                          if values else 0)


async def main():
    return [await f() for f in (returning, one_line, looping, waiting)]


print(asyncio.run(main()), log)
