"""exec and eval of text, of compiled text, and of text that claims to be this file."""
source = """
def f(x):
    if x:
        return x + 1
    return 0
result = [f(i) for i in range(3)]
"""
space = {}
exec(source, space)
print(space["result"], eval("f(5)", space), eval(compile("1 + 1", "<here>", "eval")))


def local():
    x = 5
    return eval("x + 1"), eval("[y for y in range(x)]", {"x": 3})


def claims():
    space = {}
    exec(compile("\n\n\ndef g():\n    return 1\n\n\nvalue = g() + g()\n", __file__, "exec"), space)
    return space["value"]


def wrong():
    try:
        exec("def f(:")
    except SyntaxError:
        return "syntax"
    try:
        exec("1 / 0")
    except ZeroDivisionError as error:
        return error.__traceback__.tb_next.tb_lineno


exec("print('one line'); print('same line')")
print(local(), claims(), wrong())
exec(compile("for i in range(2):\n    print(i)\n", "<string>", "exec"))
