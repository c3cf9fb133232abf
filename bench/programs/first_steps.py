"""Functions step_0, step_1, ... that last a millisecond each, from the first line on.

The first of them that a profile shows tells how late its first sample was. Prints the number of
nanoseconds that the steps really took.
"""

from time import monotonic_ns

START = monotonic_ns()
STEPS = 200

SOURCE = """
def step_{0}(until):
    while clock() < until:
        pass
"""


def main():
    functions = {"clock": monotonic_ns}
    ends = []
    for number in range(STEPS):
        exec(SOURCE.format(number), functions)
        functions[f"step_{number}"](START + (number + 1) * 1_000_000)
        ends.append(monotonic_ns() - START)
    print(ends)


if __name__ == "__main__":
    main()
