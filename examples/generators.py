"""A pipeline of generators: a server's log, read line by line, never kept whole.

Each stage is a generator that takes from the one before and yields to the one
after, so that only one line is in memory at a time.  Generators run in turns: a
profile must show each stage beneath the stage that asked it for an item, and
the recursive `walk`, which goes down a tree by `yield from`, at its full depth.

    python3 examples/generators.py           # 500 000 lines
    python3 examples/generators.py 5000      # 5 000 lines
"""

import itertools
import sys

PATHS = ("/", "/about", "/api/users", "/api/users/7", "/static/site.css", "/missing")
LINES_PER_HOUR = 3600


def log_lines(count):
    """`count` lines as a web server writes them, one a second; always the same."""
    state = 42
    for second in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        path = PATHS[(state >> 16) % len(PATHS)]
        status = 404 if path == "/missing" else 200
        yield f"{second} GET {path} {status} {(state >> 8) % 5000}"


def parsed(lines):
    """Each line as (second, path, status, bytes)."""
    for line in lines:
        second, _, path, status, size = line.split()
        yield int(second), path, int(status), int(size)


def successful(requests):
    """Only the requests that were answered well."""
    for request in requests:
        if request[2] == 200:
            yield request


def hourly(requests):
    """(hour, requests, bytes) for each hour, as soon as the hour is over."""
    for hour, group in itertools.groupby(requests, key=lambda r: r[0] // LINES_PER_HOUR):
        count = 0
        size = 0
        for request in group:
            count += 1
            size += request[3]
        yield hour, count, size


def tree(low, high):
    """A balanced binary tree (left, value, right) of the numbers low..high-1."""
    if low >= high:
        return None
    middle = (low + high) // 2
    return tree(low, middle), middle, tree(middle + 1, high)


def walk(node):
    """The values of a tree from left to right."""
    if node is not None:
        left, value, right = node
        yield from walk(left)
        yield value
        yield from walk(right)


def expected_totals(count):
    """Requests and bytes by one plain loop, as a check of the pipeline."""
    requests = 0
    size = 0
    state = 42
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        if PATHS[(state >> 16) % len(PATHS)] != "/missing":
            requests += 1
            size += (state >> 8) % 5000
    return requests, size


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() for a in arguments):
        print("usage: generators.py [LINES]   (a whole number, such as 5000)", file=sys.stderr)
        return 2
    count = int(arguments[0]) if arguments else 500000

    requests = 0
    size = 0
    busiest = (0, 0)
    for hour, hour_requests, hour_size in hourly(successful(parsed(log_lines(count)))):
        requests += hour_requests
        size += hour_size
        busiest = max(busiest, (hour_requests, hour))
    print(f"Good requests: {requests} of {count}, {size} bytes; busiest hour: {busiest[1]}")

    in_order = list(walk(tree(0, count)))
    print(f"Values of the tree: {len(in_order)}")

    if (requests, size) != expected_totals(count) or in_order != list(range(count)):
        print("Requests or values were lost in the pipeline.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
