"""Imported, and loaded again."""
loads = globals().get("loads", 0) + 1


def area(n):
    return n * n


def perimeter(n):
    total = 0
    for _ in range(4):
        total += n
    return total
