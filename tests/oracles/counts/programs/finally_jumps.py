"""return, break and continue that go through finally."""
log = []


def returning():
    try:
        return log.append("value")
    finally:
        log.append("finally")


def in_loop():
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            log.append(i)
        finally:
            log.append(-i)
    else:
        log.append("else")
    return "done"


def nested():
    for i in range(2):
        try:
            try:
                if i:
                    return i
            finally:
                log.append("inner")
        finally:
            log.append("outer")


def in_handler():
    while True:
        try:
            raise ValueError
        except ValueError:
            try:
                break
            finally:
                log.append("last")
        finally:
            log.append("end")
    return "broke"


def with_else(n):
    while n:
        n -= 1
        try:
            if n == 1:
                continue
        except ValueError:
            pass
        else:
            log.append("else")
            if n == 2:
                continue
        finally:
            log.append(n)
    return n


print(returning(), in_loop(), nested(), in_handler(), with_else(4), log)
