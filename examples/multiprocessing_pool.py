"""The queens puzzle, shared out among the processes of a pool.

In how many ways can n queens stand on a board of n x n fields so that none
attacks another?  The places of the first two queens are the pieces of work; each
process of the pool counts the ways that are left for one of them.  A profile
shows how evenly the pieces fill the processes, and what starting them costs.

    python3 examples/multiprocessing_pool.py          # 11 queens
    python3 examples/multiprocessing_pool.py 6        # 6 queens
    python3 examples/multiprocessing_pool.py 11 4     # by 4 processes
"""

import multiprocessing
import os
import sys

# By the number of queens, from 0 on: the sequence A000170 of the OEIS.
KNOWN_WAYS = (1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200)


def attacked(queens, column):
    """Whether a queen in `column` of the next row stands under attack.

    `queens` holds the column of the queen of each row so far.
    """
    row = len(queens)
    for other_row, other_column in enumerate(queens):
        if other_column == column or abs(other_column - column) == row - other_row:
            return True
    return False


def count_ways(queens, size):
    """In how many ways the board can be filled, when these queens stand."""
    if len(queens) == size:
        return 1
    ways = 0
    for column in range(size):
        if not attacked(queens, column):
            ways += count_ways(queens + (column,), size)
    return ways


def beginnings(size):
    """The places of the queens of the first two rows: the pieces of work."""
    if size < 2:
        return [()]
    return [(a, b) for a in range(size) for b in range(size) if abs(a - b) > 1]


def solve_piece(piece):
    queens, size = piece
    return os.getpid(), count_ways(queens, size)


def main(arguments):
    if len(arguments) > 2 or not all(a.isdigit() and int(a) > 0 for a in arguments):
        print("usage: multiprocessing_pool.py [QUEENS [PROCESSES]]", file=sys.stderr)
        return 2
    size = int(arguments[0]) if arguments else 11
    processes = int(arguments[1]) if len(arguments) > 1 else 2

    pieces = [(queens, size) for queens in beginnings(size)]
    ways_by_process = {}
    with multiprocessing.Pool(processes) as pool:
        for pid, ways in pool.imap_unordered(solve_piece, pieces):
            ways_by_process[pid] = ways_by_process.get(pid, 0) + ways
        pool.close()
        pool.join()

    total = sum(ways_by_process.values())
    print(f"{size} queens: {total} ways, found by {len(ways_by_process)} processes")
    if os.getpid() in ways_by_process:
        print("The parent must not do the work of the pool.", file=sys.stderr)
        return 1
    if size < len(KNOWN_WAYS) and total != KNOWN_WAYS[size]:
        print(f"There are {KNOWN_WAYS[size]} ways.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
