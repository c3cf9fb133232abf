"""asyncio tasks with names, each of which computes a little and then yields.

Truth: below oracle_main;run_loop the loop's own frames, and then only job_K;step_K;leaf_K,
all of one K; the task that is running is named task-K.  The jobs' work is in the
ratio 1 : 2 : 3; `shares` holds what the program measured.
Bound: 0 impossible stacks; measured shares inside the printed intervals.
"""

import asyncio
from time import monotonic, perf_counter_ns

from oracle import finish, options, ready, shares

spent = {"leaf_1": 0, "leaf_2": 0, "leaf_3": 0}


def leaf_1(n):
    while n:
        n -= 1


def leaf_2(n):
    while n:
        n -= 1


def leaf_3(n):
    while n:
        n -= 1


async def step_1(work):
    start = perf_counter_ns()
    leaf_1(work)
    spent["leaf_1"] += perf_counter_ns() - start
    await asyncio.sleep(0)


async def step_2(work):
    start = perf_counter_ns()
    leaf_2(2 * work)
    spent["leaf_2"] += perf_counter_ns() - start
    await asyncio.sleep(0)


async def step_3(work):
    start = perf_counter_ns()
    leaf_3(3 * work)
    spent["leaf_3"] += perf_counter_ns() - start
    await asyncio.sleep(0)


async def job_1(deadline, work):
    while monotonic() < deadline:
        await step_1(work)


async def job_2(deadline, work):
    while monotonic() < deadline:
        await step_2(work)


async def job_3(deadline, work):
    while monotonic() < deadline:
        await step_3(work)


async def run_loop(deadline, work):
    loop = asyncio.get_running_loop()
    tasks = []
    for number, job in enumerate((job_1, job_2, job_3), 1):
        task = loop.create_task(job(deadline, work))
        task.set_name(f"task-{number}")
        tasks.append(task)
    await asyncio.gather(*tasks)


def oracle_main(seconds, work):
    start = perf_counter_ns()
    asyncio.run(run_loop(monotonic() + seconds, work))
    return shares(spent, perf_counter_ns() - start)


if __name__ == "__main__":
    given = options(__doc__, seconds=2.0, work=3000)
    ready(given)
    measured = oracle_main(given.seconds, given.work)
    finish(
        shares=measured,
        chains=[
            [f"job_{k}", f"step_{k}", *tail]
            for k in (1, 2, 3)
            for tail in ([f"leaf_{k}"], ["sleep", "__sleep0"])
        ],
    )
