"""The care for the standard streams and for Ctrl-C that every command takes, whatever it does."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def replace_closed_streams() -> None:
    """Give each stream that was closed before the start, which Python shows as None, the null device instead."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123


@contextmanager
def forgiving_streams() -> Iterator[None]:
    """What stdout and stderr cannot encode is replaced; what they cannot take at the end is dropped.

    The interpreter's own end would try to write that again, and change the exit code when it fails.
    """
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        yield
    finally:
        for stream in streams:
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Whoever presses Ctrl-C again while the first one is told does not cut that short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
