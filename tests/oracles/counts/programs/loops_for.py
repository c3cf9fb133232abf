"""For loops that run to their end, not at all, and once."""
total = 0
for i in range(5):
    total += i
for i in []:
    total += 1000
for i in (7,):
    total += i
else:
    total += 100
for i in ():
    total += 1
else:
    total += 10


def nested(n):
    found = []
    for a in range(n):
        for b in range(a):
            found.append(a * b)
        else:
            found.append(-a)
    return found


for key, (left, right) in [("x", (1, 2)), ("y", (3, 4))]:
    total += left * right
print(total, nested(4), nested(0), key)
