"""Functions that agree in name and first line, and functions that agree in everything."""
f = lambda x: x; g = lambda x: x + 1; h = lambda x: x
def make(): return lambda: 1, lambda: 1, lambda: 2
same = [[lambda: 0 for _ in range(2)], [lambda: 0 for _ in range(2)]]
class A: run = lambda self: 1; stop = lambda self: 2
def one(): return 1
two = one
def one(): return 2
nested = lambda: (lambda: (lambda: 3)(), lambda: (lambda: 4)())
print(f(1), g(1), g(2), h(1), [each() for each in make()], same[0][0](), same[1][1](), same[1][0]())
print(A().run(), A().run(), A().stop(), one(), two(), two(), [n for n in range(2)], [n for n in range(3)])
print(nested()[0](), nested()[1]()); gs = (i for i in range(2)), (i for i in range(3)); print(list(gs[1]))
for i in range(2):
    def again(): return i
    print(again(), (lambda: i)())
