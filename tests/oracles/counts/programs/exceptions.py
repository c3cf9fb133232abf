"""try, except, else and finally in all combinations."""
log = []


def f(kind):
    try:
        log.append("body")
        if kind == "value":
            raise ValueError(kind)
        elif kind == "key":
            raise KeyError
        elif kind == "return":
            return "returned"
    except ValueError as error:
        log.append(str(error))
    except (KeyError, IndexError):
        log.append("key")
    else:
        log.append("else")
    finally:
        log.append("finally")
    return "end"


def no_else(kind):
    try:
        int(kind)
    except ValueError:
        return "bad"
    return "good"


def bare():
    try: raise OSError
    except: return "bare"


def only_finally():
    try:
        x = 1
    finally:
        x = 2
    return x


def nothing():
    try:
        pass
    except ValueError:
        pass


def empty_finally():
    try:
        pass
    finally:
        pass
    return 1


print([f(kind) for kind in ("value", "key", "return", "none")], log)
print(no_else("x"), no_else("1"), bare(), only_finally(), nothing(), empty_finally())
