# needs: 3.11
"""except* with groups, nested ones, and what is left over."""
log = []


def handle(group):
    try:
        raise group
    except* ValueError as found:
        log.append(("value", len(found.exceptions)))
    except* (KeyError, IndexError) as found:
        log.append(("key", len(found.exceptions)))
    else:
        log.append("else")
    finally:
        log.append("finally")


def quiet():
    try:
        pass
    except* ValueError:
        log.append("never")
    else:
        log.append("else")


def raising():
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1)])
        except* ValueError:
            raise TypeError("from handler")
    except ExceptionGroup as group:
        return [type(each).__name__ for each in group.exceptions]
    except TypeError as error:
        return str(error)


def plain():
    try:
        raise ValueError("no group")
    except* ValueError as found:
        return_value = type(found).__name__
    return return_value


for group in (
    ExceptionGroup("a", [ValueError(1), ValueError(2)]),
    ExceptionGroup("b", [KeyError(1), ExceptionGroup("c", [ValueError(3)])]),
    ExceptionGroup("d", [OSError(1), IndexError(2)]),
):
    try:
        handle(group)
    except ExceptionGroup as rest:
        log.append(str(rest))
quiet()
print(log, raising(), plain())
