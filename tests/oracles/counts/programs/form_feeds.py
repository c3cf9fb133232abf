"""Form feeds between and in lines."""

def f(x):
    y = x + 1
    return y


print(f(1)); print( f(2))
for i in range(2):
    print(i)
