"""Exceptions in handlers, in else, in finally; handlers within handlers."""
log = []


def handler_fails(x):
    try:
        try:
            raise ValueError
        except ValueError:
            log.append("first")
            if x:
                raise KeyError
            log.append("second")
    except KeyError:
        try:
            raise IndexError
        except IndexError:
            log.append("inner")
        log.append("after")
    return x


def else_fails():
    try:
        try:
            pass
        except ValueError:
            log.append("never")
        else:
            raise TypeError
        finally:
            log.append("finally")
    except TypeError:
        return "type"


def finally_fails():
    try:
        try:
            raise ValueError
        finally:
            log.append("cleanup")
            raise KeyError
    except KeyError as error:
        return type(error.__context__).__name__


def name_unbound():
    try:
        raise ValueError
    except ValueError as error:
        pass
    try:
        return error
    except NameError:
        return "unbound"


def no_match():
    try:
        try:
            raise ValueError
        except KeyError:
            log.append("key")
        except IndexError:
            log.append("index")
    except ValueError:
        return "outer"


print(handler_fails(0), handler_fails(1), else_fails(), finally_fails(), name_unbound(), no_match())
print(log)
