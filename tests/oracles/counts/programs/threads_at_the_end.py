"""A thread that still works when the main thread is over, and functions at exit."""
import atexit
import threading

go = threading.Event()


def late():
    go.wait()
    for i in range(3):
        print("late", i)


def goodbye(name):
    print("goodbye", name)


atexit.register(goodbye, "first")
atexit.register(lambda: print("lambda at exit"))
threading.Thread(target=late).start()
print("main is over")
go.set()
