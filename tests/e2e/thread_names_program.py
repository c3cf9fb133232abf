"""Threads with names of many kinds, for test_thread_names.py; plain 3.8 syntax.

Prints a JSON object: for each kernel thread id, the names that the thread had, in their order.
"""

import _thread
import ctypes
import json
import os
import threading
import time

NAMES = [
    "plain",
    "caf\u00e9_\u00fc\u00df",
    "\u03bb\u03cc\u03b3\u03bf\u03c2",
    "\u6e2c\u8a66\u51fd\u6578",
    "\U00010428\U00010429_\U0001d7d8",
    "l" + "o" * 300 + "ng",
    "\u9577" * 150,
    "hot \U0001f525 snake \U0001f40d",
    "tab\there;semi\nline",
    "x",
]
# What lancehead keeps of a name, and what shows that there was more.
TOO_LONG = "n" * 1024
PR_SET_NAME = 15

end = threading.Event()
truth = {}


def is_here(*names):
    truth[threading.get_native_id()] = list(names)


class WithDict(threading.Thread):
    """Its attributes are in a dict of its own, in an order of their own."""

    def __init__(self, name):
        self.before = 1
        super().__init__(name=name)
        self.__dict__["not an identifier"] = 2
        del self.before

    def run(self):
        is_here(self.name)
        end.wait()


class WithSlots(threading.Thread):
    __slots__ = ("first", "second")

    def run(self):
        is_here(self.name)
        end.wait()


class Many(threading.Thread):
    """More attributes than the instances of a class can share."""

    def __init__(self, name):
        for number in range(100):
            setattr(self, "attribute_%d" % number, number)
        super().__init__(name=name)

    def run(self):
        is_here(self.name)
        end.wait()


def wait():
    is_here(threading.current_thread().name)
    end.wait()


def be_renamed():
    thread = threading.current_thread()
    is_here("first name", "second name")
    thread.name = "first name"
    # Longer than it takes until all names are read again.
    time.sleep(1.2)
    thread.name = "second name"
    end.wait()


def be_short():
    is_here(threading.current_thread().name)
    time.sleep(0.4)


def be_a_dummy(ready):
    # Asking for it makes one of it.
    is_here(threading.current_thread().name)
    ready.release()
    end.wait()


def be_native(ready):
    """`threading` never hears of this one; the kernel has a name for it."""
    ctypes.CDLL(None).prctl(PR_SET_NAME, b"by-the-kernel", 0, 0, 0)
    truth[_thread.get_native_id()] = ["by-the-kernel"]
    ready.release()
    end.acquire_native.acquire()


def start_raw(function):
    ready = _thread.allocate_lock()
    ready.acquire()
    _thread.start_new_thread(function, (ready,))
    ready.acquire()


def main():
    truth[os.getpid()] = ["MainThread"]
    end.acquire_native = _thread.allocate_lock()
    end.acquire_native.acquire()
    threads = [threading.Thread(target=wait, name=name) for name in NAMES]
    threads.append(threading.Thread(target=wait, name=TOO_LONG + "more"))
    threads += [threading.Thread(target=wait) for _ in range(100)]
    threads += [WithDict("in a dict"), WithSlots(name="beside slots"), Many("of many")]
    threads.append(threading.Thread(target=be_renamed, name="first name"))
    for thread in threads:
        thread.start()
    start_raw(be_native)
    start_raw(be_a_dummy)
    for number in range(3):
        short = threading.Thread(target=be_short, name="short %d" % number)
        short.start()
        short.join()
    # Twice as long as it takes until all names are read again.
    time.sleep(2.0)
    end.set()
    end.acquire_native.release()
    for thread in threads:
        thread.join()
    for thread, names in truth.items():
        truth[thread] = [name.replace(TOO_LONG + "more", TOO_LONG + "\u2026") for name in names]
    print(json.dumps(truth))


main()
