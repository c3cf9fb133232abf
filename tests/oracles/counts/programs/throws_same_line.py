"""throw() into generators whose yield and handler stand on one line."""
log = []


def loop():
    while True:
        try: log.append((yield 1))
        except ValueError as error: log.append(str(error))


def nested():
    try:
        try: yield 1
        except KeyError: log.append("key"); raise
        finally: log.append("inner"); yield 2
    except Exception as error: yield type(error).__name__


def delegating():
    try: yield from loop()
    except KeyError: yield "key"


class Iterator:
    def __iter__(self): return self
    def __next__(self): return 1
    def throw(self, *what): log.append("thrown"); return 2


def foreign():
    x = yield from Iterator()


def plain(): yield 1; yield 2


g = loop(); next(g); g.send("a"); g.throw(ValueError("b")); g.send("c"); g.throw(ValueError("d"))
try: g.throw(KeyError("e"))
except KeyError: log.append("out")
g = nested(); next(g); log.append(g.throw(KeyError)); log.append(next(g))
g = nested(); next(g); g.throw(OSError); log.append(next(g, "end"))
g = delegating(); next(g); g.throw(ValueError("f")); log.append(g.throw(KeyError)); g.close()
g = foreign(); next(g); log.append(g.throw(ValueError)); g.close()
g = plain(); next(g)
try: g.throw(ValueError)
except ValueError: log.append(list(g))
for g in (loop(), nested(), delegating(), foreign(), plain()):
    try: next(g); g.throw(GeneratorExit)
    except (GeneratorExit, RuntimeError) as error: log.append(type(error).__name__)
    except StopIteration: log.append("stop")
print(log)
