"""f-strings: conversions, nested specifications, calls over several lines."""


def call(x):
    return x * 2


width, value = 8, 3.14159
print(f"{value:{width}.{2}f}|{value!r:>{width}}|{call(width)}|{{}}")
print(f"{'a' if width > 3 else 'b'}{[call(i) for i in range(3)]}{(lambda: 5)()}")
print(f"""
{call(1)}
{
call(2)
}
{call(
    3)} {call(4)
}""")
text = (
    f"{call('x')}"
    "plain"
    f"{call('y')}"
    f"{width:03}"
)
print(text, f"{width=}", f"{call(5)}" f"{call(6)}")


def fails():
    try:
        return f"""{call(1)}
        {call(2)} {1 // 0}
        {call(3)}"""
    except ZeroDivisionError:
        return f"{'failed'}"


print(fails(), "%s %s" % (
    call(1),
    call(2)), "{} {}".format(call(3),
                             call(4)))
