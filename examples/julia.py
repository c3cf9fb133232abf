"""The Julia set: how many steps does each point of the plane take to escape?

The workload is the one of the book *High Performance Python*: a square of
points between -1.8 and 1.8 on both axes; each point z is replaced by
z*z + c, with one fixed c, until it has left the circle of radius 2 or 300
steps have passed.  Nearly all of the time goes into one line, a test of two
parts (`n < maxiter and abs(z) < 2`), which makes it a good first program to
profile: which of the two parts is the dear one?

    python3 examples/julia.py           # 1000 x 1000 points
    python3 examples/julia.py 100       # 100 x 100 points

The sum of all steps is known exactly for some sizes, the same on every
version of Python, and the program fails if it finds another one: a program
that is watched has to compute what it computes alone.
"""

import sys
import time

X_LOW, X_HIGH = -1.8, 1.8
Y_LOW, Y_HIGH = -1.8, 1.8
C = complex(-0.62772, -0.42193)
MAX_ITERATIONS = 300

# The sum of the steps over the whole square, by the width of the square.
KNOWN_SUMS = {
    10: 3098,
    20: 12982,
    100: 334236,
    200: 1329666,
    300: 3004102,
    1000: 33219980,
}


def coordinates(start, stop, step):
    """The numbers from start towards stop, by adding step again and again.

    Adding floats rounds, so there may be one number more than the division
    would give: 21 for a width of 20.
    """
    values = []
    value = start
    while (value < stop) if step > 0 else (value > stop):
        values.append(value)
        value += step
    return values


def calculate_z(maxiter, zs, cs):
    """How many steps each z of zs takes, with the c of cs beside it."""
    output = [0] * len(zs)
    for i in range(len(zs)):
        n = 0
        z = zs[i]
        c = cs[i]
        while n < maxiter and abs(z) < 2:
            z = z * z + c
            n += 1
        output[i] = n
    return output


def calculate_julia(width):
    """The steps of every point of a square `width` points wide."""
    xs = coordinates(X_LOW, X_HIGH, (X_HIGH - X_LOW) / width)
    ys = coordinates(Y_HIGH, Y_LOW, (Y_LOW - Y_HIGH) / width)
    zs = []
    cs = []
    for y in ys:
        for x in xs:
            zs.append(complex(x, y))
            cs.append(C)
    print("Points on an axis:", len(xs))
    print("Points in all:", len(zs))

    start = time.time()
    output = calculate_z(MAX_ITERATIONS, zs, cs)
    print(f"calculate_z took {time.time() - start:.2f} seconds")
    return output


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() and int(a) > 0 for a in arguments):
        print("usage: julia.py [WIDTH]   (a whole number, such as 100)", file=sys.stderr)
        return 2
    width = int(arguments[0]) if arguments else 1000
    total = sum(calculate_julia(width))
    known = KNOWN_SUMS.get(width)
    if known is None:
        print("Sum of the steps:", total)
    elif total == known:
        print("Sum of the steps:", total, "(as it must be)")
    else:
        print(f"Sum of the steps: {total}, but it must be {known}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
