"""sys.exit in the middle, below handlers that run on the way out."""
import sys


def leave(n):
    try:
        if n == 0:
            sys.exit(7)
        leave(n - 1)
    except ValueError:
        print("never")
    finally:
        print("leaving", n)


def main():
    try:
        leave(2)
    except Exception:
        print("never")
    print("never")


if __name__ == "__main__":
    print("start")
    main()
print("never")
