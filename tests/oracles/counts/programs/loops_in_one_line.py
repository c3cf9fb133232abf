"""Backward jumps within one line: comprehensions, loops and generators on a line."""
out = []
for i in range(3): out.append(i)
while out: out.pop()
for i in range(3): out += [j for j in range(i) if j]
for i in range(4): continue
x = [[a * b for a in range(3)] for b in range(2)]
y = {a: {b for b in range(2)} for a in range(2)}
z = sum(a for a in (b for b in range(4)) if a % 2)


def f(n):
    while n: n -= 1; out.append(n)
    for i in range(2): (
        out.append(i))
    for i in range(2): out.append(
        i)
    for \
            i in range(2): out.append(i)
    return [i for i in range(3)
            ], [
        i for i in range(3)], [i
                               for i in range(3) if i
                               ]


def gen(n):
    for i in range(n): yield i


def send():
    got = 0
    while got is not None: got = yield got
    return "over"


async def co(n):
    return [i async for i in agen(n)], [i async for i in agen(n) if i]


async def agen(n):
    for i in range(n): yield i


def forever(n):
    while True: n -= 1; out.append(n); \
        n or out.append("zero"); \
        n < 0 and out.append("minus")
    # Never here.


try: co(3).send(None)
except StopIteration as stop: print(stop.value)
g = send(); next(g); g.send(1); g.send(2)
print(f(2), list(gen(3)), x, y, z, next(g, "stopped"), len(out))
