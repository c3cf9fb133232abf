# needs: 3.10
"""match with patterns of all kinds, guards and captures."""


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def kind(value):
    match value:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "few"
        case int(n) if n < 0:
            return "negative"
        case int() | float():
            return "number"
        case "a" | "b" as letter:
            return letter
        case str(text) if (
            len(text) > 3
            and text[0] == "l"
        ):
            return "long"
        case []:
            return "empty"
        case [x]:
            return "one"
        case [x, *rest] if rest[0] == x:
            return "twins"
        case [_, [a, b], *_]:
            return a + b
        case {"kind": k, **others}:
            return k, sorted(others)
        case Point(0, y=0):
            return "origin"
        case Point(x, y) if x == y:
            return "diagonal"
        case Point(
            x=x,
            y=Point(),
        ):
            return "nested"
        case None | True | False: return "constant"
        case _:
            return "other"


def nothing(value):
    match value:
        case (1, 2):
            pass
        case {"x": 1}:
            return "x"
    return "unmatched"


values = [0, 2, -5, 7, 1.5, "b", "zzz", "long one", [], [1], [1, 1], [0, [1, 2], 3], {"kind": "k", "z": 1}]
values += [Point(0, 0), Point(2, 2), Point(1, Point(0, 0)), None, object, {"none": 1}]
print([kind(value) for value in values])
print([nothing(value) for value in ((1, 2), {"x": 1, "y": 2}, 3)])
