"""Prints the rows of compiled_functions.h for the interpreter that runs it."""

import sys

SRC = """
def loops(xs, limit):
    total = 0
    for x in xs:
        while x < limit and abs(x) > 2:
            x += 1
            if x % 2:
                continue
            total += x
        else:
            break
    return total

def handles(x, log):
    with log:
        try:
            for y in x:
                try:
                    if y:
                        return 1 // y
                finally:
                    log.append(y)
        except (ValueError, KeyError) as error:
            raise RuntimeError from error
        else:
            log.append(0)
    return 2

def yields(xs):
    try:
        for x in xs:
            got = yield x
            if got:
                yield from got
    finally:
        xs.close()

async def awaits(xs, lock):
    async with lock:
        async for x in xs:
            await x

def serves(queue):
    queue.open()
    while True:
        queue.get()
"""
c = compile(SRC, "x", "exec")
for k in c.co_consts:
    if hasattr(k, "co_code"):
        t = k.co_linetable if sys.version_info >= (3, 10) else k.co_lnotab
        e = getattr(k, "co_exceptiontable", b"")
        print(
            '    {"%s", 0x%08x, %d, "%s",\n     "%s",\n     "%s"},'
            % (k.co_name, sys.hexversion, k.co_firstlineno, k.co_code.hex(), t.hex(), e.hex())
        )
