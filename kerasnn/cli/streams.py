"""The standard streams and signals of the process: nothing there may change the exit code, or lose a Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kerasnn.platforms import interrupt_main_thread, stopping_signals


def replace_closed_streams() -> None:
    """Open the null device for each standard stream that was closed before the start; Python has None for it."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # a program that writes to None fails with AttributeError, and the next open file would become stdout
            stream = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115, PTH123
            os.set_inheritable(stream.fileno(), True)  # worker processes need streams too
            setattr(sys, name, stream)


def forget_empty_screen() -> None:
    """Forget a COLUMNS or LINES of 0, which POSIX takes for unset and Rich for a screen that shows nothing."""
    for name in ("COLUMNS", "LINES"):
        if os.environ.get(name) == "0":
            del os.environ[name]


class Notes:
    """stderr, whichever stream that is at the moment; what it cannot take, as on a full disk, is dropped."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


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
    """Ignore what stops a command in the block, so that a second Ctrl-C does not cut the error message short."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python sets signal handlers in the main thread only
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in stopping_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
