"""Several threads that share one interpreter: who computes, and who waits?

A reader cuts a text into blocks and puts them on a queue.  Some threads count
the words of each block in Python, so they fight for the interpreter's lock
(the GIL); some compute checksums, which hashlib does in C without holding the
lock, so they can run beside the others; and one thread reports now and then and
otherwise sleeps.  A profile tells the three kinds of time apart: running,
waiting for the lock, and waiting for work.

    python3 examples/threads.py         # 200 blocks
    python3 examples/threads.py 20      # 20 blocks
"""

import collections
import hashlib
import queue
import sys
import threading

WORDS = "the heat of a fer de lance finds what is hot by its heat and nothing else".split()  # noqa: SIM905
WORDS_PER_BLOCK = 20000
COUNTERS = 3
HASHERS = 2


def make_block(number):
    """A block of text that depends on its number alone."""
    state = number * 2654435761 % 2**32
    words = []
    for _ in range(WORDS_PER_BLOCK):
        state = (state * 1103515245 + 12345) % 2**31
        words.append(WORDS[(state >> 16) % len(WORDS)])
    return " ".join(words)


def count_words(block):
    """How often each word occurs.  Pure Python: needs the GIL all the time."""
    counts = collections.defaultdict(int)
    for word in block.split():
        counts[word] += 1
    return counts


def stretch(block):
    """A deliberately slow checksum.  C code: runs without the GIL."""
    return hashlib.pbkdf2_hmac("sha256", block.encode(), b"salt", 2000).hex()


class Pipeline:
    """Queues and threads between the blocks and the totals."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.to_count = queue.Queue(maxsize=8)
        self.to_hash = queue.Queue(maxsize=8)
        self.totals = collections.Counter()
        self.checksums = {}
        self.counted_blocks = 0
        self.lock = threading.Lock()
        self.finished = threading.Event()

    def read(self):
        for number in range(self.blocks):
            block = make_block(number)
            self.to_count.put(block)
            self.to_hash.put((number, block[:4096]))
        for _ in range(COUNTERS):
            self.to_count.put(None)
        for _ in range(HASHERS):
            self.to_hash.put(None)

    def count(self):
        for block in iter(self.to_count.get, None):
            counts = count_words(block)
            with self.lock:
                self.totals.update(counts)
                self.counted_blocks += 1

    def hash(self):
        for number, text in iter(self.to_hash.get, None):
            checksum = stretch(text)
            with self.lock:
                self.checksums[number] = checksum

    def report(self):
        while not self.finished.wait(timeout=0.5):
            print(f"blocks counted: {self.counted_blocks} of {self.blocks}")

    def run(self):
        reporter = threading.Thread(target=self.report, name="reporter")
        workers = [threading.Thread(target=self.read, name="reader")]
        for i in range(COUNTERS):
            workers.append(threading.Thread(target=self.count, name=f"counter-{i}"))
        for i in range(HASHERS):
            workers.append(threading.Thread(target=self.hash, name=f"hasher-{i}"))
        reporter.start()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.finished.set()
        reporter.join()


def main(arguments):
    if len(arguments) > 1 or not all(a.isdigit() for a in arguments):
        print("usage: threads.py [BLOCKS]   (a whole number, such as 20)", file=sys.stderr)
        return 2
    blocks = int(arguments[0]) if arguments else 200
    pipeline = Pipeline(blocks)
    pipeline.run()

    words = sum(pipeline.totals.values())
    print(f"Words: {words} in {blocks} blocks")
    right = (
        words == blocks * WORDS_PER_BLOCK
        and sorted(pipeline.checksums) == list(range(blocks))
        and (not blocks or pipeline.checksums[0] == stretch(make_block(0)[:4096]))
    )
    if not right:
        print("Words or checksums were lost on the way.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
