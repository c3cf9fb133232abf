from helpers import cycle_a


def name():
    return "b" + cycle_a.name()
