if True:
    kind = "late"


def value(): return kind
