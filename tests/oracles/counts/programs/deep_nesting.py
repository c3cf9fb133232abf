"""Loops in try in with in loops, with jumps from the innermost."""
import contextlib

log = []


def deep(n):
    for a in range(n):
        try:
            with contextlib.suppress(KeyError):
                for b in range(n):
                    while b:
                        try:
                            if a == 1 and b == 2:
                                raise KeyError
                            if b == 1:
                                break
                            if a == 2:
                                continue
                            if a == 3:
                                return log.append("return")
                            for c in (1, 2):
                                with contextlib.suppress(ValueError):
                                    try:
                                        if c == 1:
                                            raise ValueError
                                        log.append((a, b, c))
                                    finally:
                                        log.append(c)
                        except KeyError:
                            log.append("key")
                            raise
                        else:
                            log.append("else")
                        finally:
                            b -= 1
        except ValueError:
            log.append("never")
        finally:
            log.append(-a)


def ladder(x):
    if x:
        if x > 1:
            if x > 2:
                if x > 3:
                    return "four"
                return "three"
            else:
                pass
        elif x:
            return "one"
    else:
        if not x:
            return "zero"
    return "two"


print(deep(4), log, [ladder(x) for x in range(5)])
