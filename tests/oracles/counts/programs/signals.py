"""A signal handler that runs at a known place: the signal is raised by the program itself."""
import os
import signal

log = []


def handler(number, frame):
    log.append(signal.Signals(number).name)


def raising(number, frame):
    raise LookupError("from handler")


def send(number):
    os.kill(os.getpid(), number)
    return len(log)


signal.signal(signal.SIGUSR1, handler)
signal.signal(signal.SIGUSR2, raising)
for _ in range(2):
    send(signal.SIGUSR1)
try:
    send(signal.SIGUSR2)
except LookupError as error:
    log.append(str(error))
print(log)
