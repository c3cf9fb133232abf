"""Generators: throw, close, abandoned while suspended, never started."""
log = []


def guarded(name):
    try:
        log.append(name + " in")
        yield 1
        yield 2
    except ValueError as error:
        log.append(name + " " + str(error))
        yield 3
    except GeneratorExit:
        log.append(name + " exit")
        raise
    finally:
        log.append(name + " finally")


def delegating(name):
    try:
        yield from guarded(name)
    except KeyError:
        yield "key"


def simple():
    yield 1
    yield 2


g = guarded("a"); next(g); log.append(g.throw(ValueError("v"))); g.close()
g = guarded("b"); next(g); g.close()
g = guarded("c"); next(g); del g
g = guarded("d"); g.close()
g = guarded("e"); del g
g = guarded("f")
try: g.throw(ValueError("early"))
except ValueError: log.append("f refused")
g = delegating("g"); next(g); log.append(g.throw(KeyError)); g.close()
g = delegating("h"); next(g); log.append(g.throw(ValueError("deep"))); log.append(next(g, "done"))
g = delegating("i"); next(g); g.close()
g = simple(); next(g)
try:
    g.throw(OSError("out"))
except OSError as error:
    log.append(str(error))
log.append(list(g))
print(log)
