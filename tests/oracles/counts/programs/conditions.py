"""if, elif and else with compound conditions, also over several lines."""


def grade(a, b, c):
    if a and b and c:
        return "all"
    elif a or b and not c:
        return "some"
    elif not (a or b) and c:
        return "last"
    else:
        return "none"


def spread(a, b, c):
    if (
        a
        and b
        or c
    ):
        return 1
    if a or (
        b and
        not c
    ): return 2
    return 3


def between(x):
    if 0 < x < 10:
        return "small"
    if 10 <= x <= 20 < 30:
        return "middle"
    if not 0 < x:
        return "negative"
    return "large"


bits = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
print([grade(*each) for each in bits])
print([spread(*each) for each in bits])
print([between(x) for x in (-5, 0, 5, 10, 15, 20, 25)])
