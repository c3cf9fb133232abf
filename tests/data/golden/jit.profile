python 3.14.0
arguments loop.py
source loop.py
| def hot(n):
|     total = 0
|     while n > 0:
|         total += n
|         n -= 1
|     return total
|
| def cold(x):
|     return x + 1
def hot loop.py 1
def cold loop.py 8
sample MainThread holds_gil x10 : <module> loop.py:11 ; hot loop.py:3 {n > 0}
sample MainThread holds_gil x80 jit : <module> loop.py:11 ; hot loop.py:4 {total += n}
sample MainThread holds_gil x10 : <module> loop.py:12 ; cold loop.py:9 {x + 1}
