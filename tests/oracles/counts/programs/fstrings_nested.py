# needs: 3.12
"""f-strings as 3.12 allows them: the same quotes inside, lines and comments in the braces."""


def call(x):
    return x * 2


names = ["a", "b"]
print(f"{", ".join(names)} {f"{f"{call(1)}"}"}")
print(f"{
    call(2)  # a comment
    + call(3)
} and {
    [call(n) for n in names
     if n]
}")
print(f"{call(4):{
    call(5)
}}|{"x"!r}")
