# needs: 3.10
"""match within loops and handlers, one-line cases, irrefutable cases."""


def machine(tokens):
    stack = []
    for token in tokens:
        match token.split(":"):
            case ["push", value]: stack.append(int(value))
            case ["add"]:
                stack.append(stack.pop() + stack.pop())
            case ["skip"]:
                continue
            case ["end"]:
                break
            case [other, *_]:
                try:
                    raise ValueError(other)
                except ValueError as error:
                    stack.append(str(error))
    else:
        stack.append("no end")
    return stack


def nested(a, b):
    match a:
        case True:
            match b:
                case True:
                    return "both"
                case False:
                    return "first"
        case whatever:
            match b:
                case x if x and whatever is False:
                    return "second"
    return "none"


def failing(x):
    match x:
        case y if 1 // y:
            return y
        case z:
            return -z


print(machine("push:1 push:2 add skip odd:x end push:9".split()), machine(["push:3"]))
print([nested(a, b) for a in (True, False) for b in (True, False)], failing(1), failing(2))
try:
    failing(0)
except ZeroDivisionError:
    print("guard failed")
