# needs: 3.11
"""Task groups of asyncio, one of which fails."""
import asyncio

log = []


async def work(n):
    for i in range(n):
        await asyncio.sleep(0)
    if n == 3:
        raise ValueError(n)
    return n


async def patient():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.append("cancelled")
        raise


async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(n)) for n in (1, 2)]
    log.append([task.result() for task in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(patient())
            group.create_task(work(3))
    except* ValueError as found:
        log.append(len(found.exceptions))


asyncio.run(main())
print(log)
