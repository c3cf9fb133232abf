# needs: 3.10
"""with statements whose managers stand in parentheses."""
import contextlib

log = []


@contextlib.contextmanager
def manager(name):
    log.append("+" + name)
    try:
        yield name
    except ValueError:
        log.append("caught")
    finally:
        log.append("-" + name)


def several():
    with (
        manager("a") as a,
        manager("b"),
        manager("c") as c,
    ):
        log.append(a + c)
    return "done"


def raising():
    with (
        manager("d"),
        manager(
            "e"
        ),
    ):
        log.append("before")
        raise ValueError
    return "caught"


def jumps():
    for i in range(3):
        with (manager("f"), manager("g")):
            if i == 0:
                continue
            return i


print(several(), raising(), jumps(), log)
