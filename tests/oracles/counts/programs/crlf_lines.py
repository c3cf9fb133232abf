"""Lines that end in a carriage return and a line feed."""


def f(x):
    if x:
        return (x
                + 1)
    return """a
b"""


for i in range(2):
    print(repr(f(i)))
