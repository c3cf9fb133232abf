"""Nothing behind the last line."""


def f(n):
    while n:
        n -= 1
    return n


for i in range(2): print(f(i))
if True:
    print("last")