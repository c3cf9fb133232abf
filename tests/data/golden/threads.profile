python 3.12.1
arguments -m worker --threads 2
source worker.py
| import threading
|
| def crunch(items):
|     return sum(item * item for item in items)
|
| def wait_for_work(queue):
|     return queue.get()
|
| def run():
|     while True:
|         crunch(wait_for_work(queue))
def crunch worker.py 3
def crunch.<locals>.<genexpr> worker.py 4
def wait_for_work worker.py 6
def run worker.py 9
thread worker-1
thread worker-2
native pool cpu=30ms
sample MainThread blocked x100 call=nanosleep : <module> worker.py:20 ; join /usr/lib/python3.12/threading.py:1149
sample worker-1 holds_gil x50 : run worker.py:11 {crunch(wait_for_work(queue))} ; crunch worker.py:4 {sum(item * item for item in items)} ; crunch.<locals>.<genexpr> worker.py:4 {item * item}
sample worker-1 waits_for_gil x50 holder=worker-2 : run worker.py:11 {crunch(wait_for_work(queue))} ; crunch worker.py:4 {sum(item * item for item in items)} ; crunch.<locals>.<genexpr> worker.py:4 {item * item}
sample worker-2 waits_for_gil x50 holder=worker-1 : run worker.py:11 {crunch(wait_for_work(queue))} ; crunch worker.py:4 {sum(item * item for item in items)}
sample worker-2 holds_gil x40 cpu=500us : run worker.py:11 {crunch(wait_for_work(queue))} ; crunch worker.py:4 {sum(item * item for item in items)}
sample worker-2 blocked x10 call=read : run worker.py:11 {wait_for_work(queue)} ; wait_for_work worker.py:7 {queue.get()}
lost stop_failed 2
lost late 3
end user=110ms system=10ms sweeps=100 stops=70 held=700us stop_cost=8us profiler=3ms
