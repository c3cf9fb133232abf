"""__del__, weak references with callbacks, and generators that die in many ways."""
import gc
import weakref

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(
            self.name
        )


def gen(name):
    noisy = Noisy(name)
    try:
        yield noisy.name
    finally:
        log.append("closed " + name)


def leave():
    a = Noisy("a")
    b = Noisy("b")
    b = None
    return len(log)


def failing():
    c = Noisy("c")
    raise ValueError


gc.disable()
print(leave(), log)
try: failing()
except ValueError: pass
d = Noisy("d")
d = Noisy("e")
ref = weakref.ref(d, lambda r: log.append("gone"))
del d
for x in gen("f"): break
for x in gen("g"): pass
g = gen("h"); next(g); g = None
cycle = [Noisy("i")]
cycle.append(cycle)
del cycle
log.append("collect"); gc.collect()
[Noisy("j") for _ in range(2)]
print(log)
last = Noisy("last")
del last
