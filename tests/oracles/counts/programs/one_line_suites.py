"""Suites on the line of their statement, and several statements on one line."""
a = 1; b = 2; c = a + b
if a: b = 3; c = 4
if not a: b = 5; c = 6
for i in range(3): a += i; b -= i
for i in range(2): pass
while b < 3: b += 1
while True: b += 1; break
def one(): return 1
def two(x): x += 1; return x
class Small: kind = "small"; size = 1
def none(): pass
try: one()
finally: c += 1
try: int("x")
except ValueError: c += 1; a += 1
else: c = 0
with open("/dev/null") as f: f.read(); c += 2
for i in range(4):
    if i == 1: continue
    if i == 3: break
    a += 1
def gen(): yield 1; yield 2
def cond(x): return "yes" if x else "no"
print(a, b, c, one(), two(1), none(), Small.size, list(gen()), cond(0), cond(1)); print("end")
