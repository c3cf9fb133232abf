# needs: 3.12
"""Type parameters of functions and classes, type aliases, bounds that are evaluated late."""
type Number = int | float
type Pair[T] = tuple[T, T]
type Late = undefined_name


def first[T](items: list[T], default: T = None) -> T:
    for item in items:
        return item
    return default


class Box[T: (int, str), *Ts, **P]:
    kind = "box"

    def __init__(self, value: T):
        self.value = value

    def map[U](self, f) -> "Box[U]":
        return Box(f(self.value))


def bounded[
    T: int,
    U: Number,
](x: T, y: U):
    return x + y


try:
    Late.__value__
except NameError:
    print("late")
print(first([3, 4]), first([], 5), Box(1).map(lambda v: v + 1).value, bounded(1, 2), Number.__value__)
print(Pair[int].__value__, [p.__name__ for p in Box.__type_params__], bounded.__type_params__[1].__bound__.__name__)
