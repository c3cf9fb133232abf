"""asyncio tasks: gather, cancellation, timeouts, exceptions, queues."""
import asyncio

log = []


async def work(name, steps):
    for step in range(steps):
        await asyncio.sleep(0)
        log.append(name + str(step))
    return name


async def forever():
    try:
        while True:
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("cleanup")


async def failing():
    await asyncio.sleep(0)
    raise LookupError("task")


async def producer(queue):
    for i in range(3):
        await queue.put(i)
    await queue.put(None)


async def consumer(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item
    return total


async def main():
    names = await asyncio.gather(work("a", 2), work("b", 3))
    task = asyncio.ensure_future(forever())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("seen")
    results = await asyncio.gather(failing(), work("c", 1), return_exceptions=True)
    queue = asyncio.Queue(1)
    total = (await asyncio.gather(producer(queue), consumer(queue)))[1]
    try:
        await asyncio.wait_for(asyncio.get_running_loop().create_future(), 0)
    except asyncio.TimeoutError:
        log.append("timeout")
    return names, str(results[0]), total


print(asyncio.run(main()), log)
