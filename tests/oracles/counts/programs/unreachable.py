"""Code that never runs: after return, raise, break, behind constant conditions."""
DEBUG = False


def after_return():
    return 1
    print("never")


def after_raise():
    raise ValueError
    return 2


def after_jumps():
    for i in range(2):
        continue
        print("never")
    while True:
        break
        print("never")
    return i


def constants():
    if 0:
        print("never")
    if 1:
        x = 1
    else:
        x = 2
    if True: x += 1
    if not __debug__:
        x = 3
    if "":
        x = 4
    elif None:
        x = 5
    else:
        x += 10
    x = 6 if 0 else x
    while 0: x = 7
    assert 1
    if DEBUG or 0:
        x = 8
    if 1 and x:
        x += 100
    return x


def both_return(a):
    if a:
        return "yes"
    else:
        return "no"


def infinite():
    n = 0
    while 1:
        n += 1
        if n > 2: return n


def generator():
    return
    yield


try: after_raise()
except ValueError: pass
print(after_return(), after_jumps(), constants(), both_return(0), both_return(1), infinite(), list(generator()))
