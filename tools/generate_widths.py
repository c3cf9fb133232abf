#!/usr/bin/env python3
"""Writes src/show/width_table.h from the Unicode tables of the Python that runs it.

tools/generate_widths.py > src/show/width_table.h
"""

import sys
import unicodedata

LAST = 0x10FFFF


def is_zero(code):
    char = chr(code)
    if code == 0xAD:  # a soft hyphen is drawn
        return False
    # Hangul vowels and final consonants join the syllable before them.
    return unicodedata.category(char) in ("Mn", "Me", "Cf") or 0x1160 <= code <= 0x11FF


def is_wide(code):
    return unicodedata.east_asian_width(chr(code)) in ("W", "F") and not is_zero(code)


def ranges(holds):
    start = None
    for code in range(0x80, LAST + 2):
        inside = code <= LAST and holds(code)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            yield start, code - 1
            start = None


def write(name, holds):
    rows = list(ranges(holds))
    print(f"inline constexpr CodePointRange {name}[] = {{")
    for start in range(0, len(rows), 4):
        print("    " + " ".join(f"{{0x{a:X}, 0x{b:X}}}," for a, b in rows[start : start + 4]))
    print("};\n")


def main():
    print("// Columns that characters take on a terminal, for those that do not take one.")
    print(f"// Written by tools/generate_widths.py from Unicode {unicodedata.unidata_version}.")
    print("#pragma once\n\nnamespace lancehead::show {\n")
    print("struct CodePointRange {\n  char32_t first;\n  char32_t last;\n};\n")
    write("kZeroWidth", is_zero)
    write("kDoubleWidth", is_wide)
    sys.stdout.write("}  // namespace lancehead::show\n")


if __name__ == "__main__":
    main()
