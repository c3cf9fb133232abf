"""Strings, f-strings and dicts over several lines."""
text = """first
second
third"""
name, width = "n", 5
formatted = f"""
{name:>{width}}
{name!r} and {width + 1}
{[i for i in range(
    3)]}
"""
joined = (
    "a"
    "b"
    f"{name}"
    "c"
    f"{width:03d}"
)
percent = "%s-%s" % (
    name,
    width,
)


def documented():
    """A docstring

    over several lines.
    """
    return documented.__doc__.count("\n")


def bare():
    "docstring only"


nested = f"{f'{name}{width}'}{'x' if width else 'y'}"
table = {
    "one": 1,
    "two": 2,
    "list": [
        1,
        2,
    ],
}
print(len(text), repr(formatted), joined, percent, documented(), bare(), nested, table)
