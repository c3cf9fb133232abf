# needs: 3.14
"""Template strings."""
from string.templatelib import Interpolation


def call(x):
    return x * 2


def render(template):
    out = []
    for part in template:
        if isinstance(part, Interpolation):
            out.append(f"<{part.value}>")
        else:
            out.append(part)
    return "".join(out)


name = "n"
print(render(t"{name} and {call(2)}"))
print(render(t"""
{call(3)}
{name!r:>5} {
    call(4)
}
"""))
print(render(t"a{1}" t"b{call("x")}"))
