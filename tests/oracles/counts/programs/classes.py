"""Class bodies with statements of all kinds, inheritance and super."""


class Base:
    """A docstring."""

    counter = 0
    for i in range(3):
        counter += i
    if counter > 2:
        label = "big"
    else:
        label = "small"

    def __init__(self, x=counter):
        self.x = x

    def who(self):
        return "base", self.x


class Child(Base):
    squares = [n * n for n in range(3)]

    def __init__(self):
        super().__init__(5)

    def who(self):
        first = super().who()
        return first + (
            "child",
            __class__.__name__,
        )

    class Inner:
        value = 1

        def get(self):
            return self.value


class Empty: pass


class Docstring:
    """Nothing but this."""


def make(n):
    class Local(Base):
        size = n

        def get(self):
            return n
    return Local


print(Base().who(), Child().who(), Child.Inner().get(), Base.label, Child.squares)
print([make(n)().get() for n in range(3)], Empty.__name__, Docstring.__doc__)
