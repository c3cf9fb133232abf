"""Threads: several that run one function, locks, an exception in one, a daemon that is joined."""
import queue
import threading

lock = threading.Lock()
total = 0
results = {}


def work(name, n):
    global total
    mine = 0
    for i in range(n):
        if i % 3:
            mine += i
        else:
            mine -= 1
        with lock:
            total += 1
    results[name] = mine


class Worker(threading.Thread):
    def __init__(self, source):
        super().__init__(daemon=True)
        self.source = source
        self.seen = 0

    def run(self):
        while True:
            item = self.source.get()
            if item is None:
                break
            self.seen += item


def failing():
    try:
        raise ValueError
    except ValueError:
        results["failing"] = "caught"


threads = [threading.Thread(target=work, args=(k, 50 + k)) for k in range(4)]
threads.append(threading.Thread(target=failing))
for thread in threads:
    thread.start()
source = queue.Queue()
worker = Worker(source)
worker.start()
for i in range(10): source.put(i)
source.put(None)
for thread in threads + [worker]:
    thread.join()
print(total, sorted(results.items(), key=str), worker.seen)
