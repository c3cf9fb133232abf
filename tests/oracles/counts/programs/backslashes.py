"""Statements continued by backslashes."""
a = 1 + \
    2 + \
    3
if a > 1 and \
        a < 10 and \
        a != 5:
    a = a * \
        2
assert a == 12, \
    "twelve"
with open("/dev/null") as f, \
        open("/dev/null") as g:
    a += len(f.read()) + \
        len(g.read())


def total(x, \
          y):
    return x \
        + y


for i in \
        range(3):
    a += i
print(a, total(1, \
               2))
