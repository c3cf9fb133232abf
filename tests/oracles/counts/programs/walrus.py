"""Assignment expressions in conditions, loops and comprehensions."""
data = iter([3, 1, 4, 1, 5])
seen = []
while (n := next(data, None)) is not None:
    seen.append(n)
if (size := len(seen)) > 3 and (first := seen[0]):
    seen.append(size + first)
kept = [half for x in seen if (half := x // 2)]
last = [
    (y := x)
    for x in seen
    if (
        z := x
    ) > 1
]


def f(x):
    return (a := x + 1) + (b := a * 2) + a + b


def loop(text):
    out = []
    while chunk := text[:2]:
        out.append(chunk); text = text[2:]
    return out


print(seen, kept, last, half, y, z, f(2), loop("abcde"), (lambda v: (w := v))(3))
