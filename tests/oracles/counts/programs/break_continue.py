"""break and continue in every nesting of loops and conditions."""


def search(rows, wanted):
    tried = 0
    for row in rows:
        for cell in row:
            tried += 1
            if cell is None:
                continue
            if cell == wanted:
                break
        else:
            continue
        break
    else:
        return -tried
    return tried


def odd(n):
    out = []
    while True:
        n -= 1
        if n < 0:
            break
        if n % 2 == 0:
            continue
        out.append(n)
    return out


def last_statement(items):
    for item in items:
        if item:
            pass
        else:
            continue
    return item


def only_break(items):
    for item in items:
        break
    else:
        item = None
    return item


rows = [[1, None, 2], [None, 3], [4]]
print(search(rows, 3), search(rows, 9), odd(7), last_statement([1, 0]), only_break([5, 6]), only_break([]))
