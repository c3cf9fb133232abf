"""How many different first names are in a phone book?  List, set and dict.

Keeping the names that were seen in a list means comparing each new name with
all of them: n*(n-1)/2 comparisons when all are different.  A set or a dict
goes straight to the place where the name would be.  At 10 000 names that is
49 995 000 comparisons against 10 000 additions, and a profile shows the one
line that pays for it.  The same holds for finding a number by its name.

    python3 examples/phone_book.py          # 10 000 entries
    python3 examples/phone_book.py 1000     # 1 000 entries
"""

import itertools
import string
import sys
import time


def make_phone_book(size):
    """`size` entries (full name, number), no two with the same first name."""
    letters = itertools.product(string.ascii_lowercase, repeat=4)
    return [
        (f"{''.join(first).capitalize()} Smith", f"555-{number:06}")
        for number, first in enumerate(itertools.islice(letters, size))
    ]


def unique_names_by_list(phone_book):
    """The first names, each once, kept in a list."""
    unique_names = []
    for name, _ in phone_book:
        first_name, _ = name.split(" ", 1)
        for known_name in unique_names:
            if known_name == first_name:
                break
        else:
            unique_names.append(first_name)
    return unique_names


def unique_names_by_set(phone_book):
    """The first names, each once, kept in a set."""
    unique_names = set()
    for name, _ in phone_book:
        first_name, _ = name.split(" ", 1)
        unique_names.add(first_name)
    return unique_names


def find_in_list(phone_book, name):
    """The number that belongs to name, looking at one entry after the other."""
    for entry_name, number in phone_book:
        if entry_name == name:
            return number
    return None


def count_comparisons(names):
    """How many comparisons the list form really makes for these first names."""
    counter = [0]

    class CountedName(str):
        __slots__ = ()

        def __eq__(self, other):
            counter[0] += 1
            return str(self) == str(other)

        __hash__ = str.__hash__

    class Entry(str):
        """A full name whose first name knows how often it was compared."""

        def split(self, *args):
            first, last = str.split(self, *args)
            return CountedName(first), last

    unique_names_by_list([(Entry(f"{name} Smith"), "") for name in names])
    return counter[0]


def timed(label, function, *args):
    start = time.time()
    result = function(*args)
    print(f"{label:28} {time.time() - start:9.3f} s")
    return result


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}: found {found!r}, but it must be {expected!r}")


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() for a in arguments):
        print("usage: phone_book.py [SIZE]   (a whole number, such as 1000)", file=sys.stderr)
        return 2
    size = int(arguments[0]) if arguments else 10000
    if size > 26**4:
        print(f"at most {26**4} entries have different first names", file=sys.stderr)
        return 2

    phone_book = make_phone_book(size)
    by_list = timed("unique names, by list", unique_names_by_list, phone_book)
    by_set = timed("unique names, by set", unique_names_by_set, phone_book)
    check("unique names by list", len(by_list), size)
    check("unique names by set", by_set, set(by_list))

    few = min(size, 300)
    made = count_comparisons(by_list[:few])
    check(f"comparisons for {few} names", made, few * (few - 1) // 2)
    print(f"Comparisons by list: {size * (size - 1) // 2}; additions by set: {size}")

    numbers = dict(phone_book)
    wanted = [name for name, _ in phone_book[:: max(1, size // 200)]] + ["Nobody Smith"]
    found_in_list = timed(
        f"find {len(wanted)} numbers, by list",
        lambda: [find_in_list(phone_book, name) for name in wanted],
    )
    found_in_dict = timed(
        f"find {len(wanted)} numbers, by dict", lambda: [numbers.get(name) for name in wanted]
    )
    check("numbers found", found_in_list, found_in_dict)
    check("the number of nobody", found_in_list[-1], None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
