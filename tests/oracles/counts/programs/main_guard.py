"""A docstring, a guard for the main program, and a function below it."""
import sys


def main(arguments):
    """Counts its arguments."""
    count = len(arguments)
    if count:
        return count
    return 0


if __name__ == "__main__":
    print(__doc__[:11], main(sys.argv[1:]))
else:
    print("never")

if __name__ != "__main__":
    print("never")
