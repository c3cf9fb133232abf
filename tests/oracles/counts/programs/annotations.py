"""Annotations of variables, parameters and returns, also on several lines."""
import typing

module_level: int = 3
unassigned: "str"


def note(x):
    notes.append(x)
    return int


notes = []


def f(
    a: note("a"),
    b: note("b") = 2,
    *c: "note('string')",
    d: typing.List[int] = None,
) -> note("return"):
    local: note("never evaluated") = 5
    other: int
    return a + b + local


class C:
    x: int = 1
    y: note("class")
    z: typing.Optional[
        int
    ] = None

    def method(self, other: "C") -> "C":
        self.w: int = 7
        return self


print(f(1), C().method(C()).w, module_level, sorted(f.__annotations__), sorted(C.__annotations__))
