"""The standard streams and signals of the process: nothing there may change the exit code, or lose a Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kerasnn.platforms import interrupt_main_thread


def replace_closed_streams() -> None:
    """Open the null device for each standard stream that was closed before the start; Python has None for it."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # a program that writes to None fails with AttributeError, and the next open file would become stdout
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123


@contextmanager
def forgiving_streams() -> Iterator[None]:
    """Replace what stdout and stderr cannot encode, and drop what cannot be flushed at the end.

    Otherwise the interpreter would try to flush it again as it exits, fail, and change the exit code.
    """
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        if hasattr(stream, "reconfigure"):  # a stream that a test puts there may lack it
            stream.reconfigure(errors="replace")
    try:
        yield
    finally:
        for stream in streams:
            try:
                stream.flush()
            except OSError:  # a full disk, or nobody reads the pipe any more
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def repeat_lost_interrupts() -> None:
    """Interrupt the main thread again whenever Python has dropped a KeyboardInterrupt.

    It does that where no caller could catch one: in a finalizer or a weak reference's callback, of which every import
    runs some.
    """
    report = sys.unraisablehook

    def hook(lost: "sys.UnraisableHookArgs") -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            again = threading.Timer(0.05, interrupt_main_thread)  # one within this hook would be lost too
            again.daemon = True
            again.start()
        else:
            report(lost)

    sys.unraisablehook = hook


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore SIGINT and SIGTERM in the block, so that a second Ctrl-C does not cut the error message short."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python sets signal handlers in the main thread only
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
