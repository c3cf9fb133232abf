"""While loops with conditions in every place, and with else."""


def count_down(n):
    while n:
        n -= 1
    else:
        n = 10
    return n


def until(limit):
    n = 0
    while True:
        n += 1
        if n == limit:
            break
    return n


def one():
    n = 0
    while 1:
        n += 3
        if n > 10:
            return n


def never():
    while 0:
        print("never")
    while False:
        print("never")
    else:
        return "else"


def both(n):
    while n > 0 and n != 5:
        n -= 1
    return n


def long_condition(n):
    while (
        n > 0
        and n % 7
    ):
        n -= 1
    return n


print(count_down(3), until(4), one(), never(), both(8), both(3), long_condition(13))
