"""A process beside this one that computes: started without its parent's script or Ctrl-C, ended with its parent.

Nothing heavy is imported here, because such a process must set its number of threads first.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, util
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from kerasnn.files import working_folder
from kerasnn.language import _
from kerasnn.platforms import ignore_interrupts_unless_withheld, interrupts_withheld

PROCESSES: Final = get_context("spawn")  # not fork: a forked TensorFlow lacks its threads and hangs


def start(target: Callable[..., None], *arguments: Any, name: str) -> "tuple[BaseProcess, Connection[Any, Any]]":
    """Start a process that calls `target` with a connection and `arguments`; return it, with the other end.

    However the process ends, `recv` at this end then raises EOFError.
    """
    pipe: Any = PROCESSES.Pipe()  # of another type on Windows, with the same methods
    connection, other_end = pipe
    process = PROCESSES.Process(target=target, args=(other_end, *arguments), name=f"kerasnn {name}", daemon=True)
    # Ctrl-C reaches every process of a terminal, but only the parent should act on it; it then stops its workers
    with _script_hidden(), _working_folder_hidden(), interrupts_withheld():
        process.start()
    # Only the child must hold its end. Then the operating system closes it when the child dies, however that happens:
    # so a kill is noticed at once, without polling.
    other_end.close()
    return process, connection


def settle(log: Path) -> None:
    """Make this process, just started by `start`, write all its output to `log` and end with its parent."""
    working_folder.leave()
    ignore_interrupts_unless_withheld()
    _redirect_output(log)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def how_it_ended(process: BaseProcess, log: Path) -> str:
    """Describe the end of a process: its signal or exit code, and the last line of its log."""
    code = process.exitcode or 0
    ending = signal.Signals(-code).name if code < 0 else _("exit code {code}", code=code)
    lines = [line for line in text_of(log).splitlines() if line.strip()]
    return "; ".join([ending, *lines[-1:]])


def text_of(log: Path) -> str:
    """Return what a process printed; empty if it ended before it could print."""
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def _redirect_output(log: Path) -> None:
    # the terminal belongs to the live display; TensorFlow's C++ code writes to the file descriptors, so these are
    # replaced, not only Python's streams
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    streams: Any = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.flush()
        os.dup2(handle, stream.fileno())
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # a console may have another encoding
    os.close(handle)


def _exit_with_parent() -> None:
    # while a job trains, nothing reads the connection: the worker would not notice that its parent was killed, and
    # would go on training
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _script_hidden() -> Iterator[None]:
    # `spawn` runs the main script again in each new process. Without `if __name__ == "__main__"` the script would then
    # start the same study again, and with it more processes.
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _working_folder_hidden() -> Iterator[None]:
    # `spawn` hands sys.path and the environment down. A user's program keeps its own.
    path, variables = sys.path, working_folder.variables()
    starting: Any = util
    flags = starting._args_from_interpreter_flags
    before = {name: os.environ.get(name) for name in variables}
    sys.path = working_folder.without(path)
    os.environ.update(variables)
    starting._args_from_interpreter_flags = lambda: ["-P", *flags()]  # under `python -E` the variables do not count
    try:
        yield
    finally:
        starting._args_from_interpreter_flags = flags
        sys.path = path
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
