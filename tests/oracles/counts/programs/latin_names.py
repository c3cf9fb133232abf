# -*- coding: latin-1 -*-
"""Names and text in Latin-1."""


def grüße(n):
    text = "ä" * n
    return len(
        text)


for ü in range(3):
    print(grüße(ü), ascii("é"))
