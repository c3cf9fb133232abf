"""Stands in for pyperf, so that a benchmark of pyperformance runs once, in this process.

Prints `elapsed` and the seconds of a fixed number of loops, the same in every run of the benchmark.
"""

import argparse
import os
import time

perf_counter = time.perf_counter
LOOPS = int(os.environ.get("BENCH_LOOPS", "1"))


def python_implementation():
    return "cpython"


def python_has_jit():
    return False


class Runner:
    def __init__(self, *args, **kwargs):
        self.argparser = argparse.ArgumentParser()
        self.metadata = {}
        self.args = None

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse_args(args)
        return self.args

    def bench_func(self, name, func, *args, **kwargs):
        self.parse_args()
        began = time.perf_counter()
        for _ in range(LOOPS):
            func(*args)
        print("elapsed", time.perf_counter() - began, flush=True)

    def bench_async_func(self, name, func, *args, **kwargs):
        import asyncio

        self.parse_args()

        async def run():
            for _ in range(LOOPS):
                await func(*args)

        began = time.perf_counter()
        asyncio.run(run())
        print("elapsed", time.perf_counter() - began, flush=True)

    def bench_time_func(self, name, func, *args, **kwargs):
        self.parse_args()
        print("elapsed", func(LOOPS, *args), flush=True)
