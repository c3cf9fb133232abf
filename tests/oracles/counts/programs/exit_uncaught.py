"""An exception that nobody catches ends the program."""


class Trouble(Exception):
    def __str__(self):
        return "trouble in " + self.args[0]


def deeper(name):
    values = [
        name,
        name * 2,
    ]
    raise Trouble(
        values[1]
    )


def outer():
    for name in "ab":
        try:
            deeper(name)
        except KeyError:
            pass
        finally:
            print("finally", name)


print("before")
outer()
print("never")
