"""Annotations that are not evaluated."""
from __future__ import annotations

import dataclasses


def f(a: not_defined, b: also.not_defined[int] = 1) -> neither:
    x: nothing = a
    return x + b


@dataclasses.dataclass
class Node:
    value: int
    next: Node | None = None

    def total(self) -> int:
        return self.value + (self.next.total() if self.next else 0)


y: whatever = 5
print(f(1), Node(1, Node(2)).total(), y, f.__annotations__["a"])
