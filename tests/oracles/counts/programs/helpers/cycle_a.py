from . import cycle_b


def name():
    return "a"


def both():
    return name() + cycle_b.name()
