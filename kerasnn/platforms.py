"""What differs between Linux, macOS and Windows; the rest of kerasnn asks here and never for a system by its name.

Whatever a system lacks is looked up when it is used, so that a test can take it away.
"""

import _thread
import errno
import os
import select
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

WINDOWS = os.name == "nt"
REPLACE_SECONDS: Final = 2.0  # how long another program, such as a virus scanner, may keep a file open on Windows
# how file systems say that a folder cannot be flushed, such as network shares
NO_FLUSHING: Final = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EBADF)


def cores() -> int:
    """Return the number of cores that this process may use: in a container or under taskset fewer than there are."""
    affinity, counted = getattr(os, "sched_getaffinity", None), getattr(os, "process_cpu_count", os.cpu_count)
    return len(affinity(0)) if affinity else counted() or 1


def return_freed_memory() -> None:
    """Return memory that was freed to the system, if the C library would keep it, as glibc does."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):  # another C library, or none that can be asked
        ctypes.CDLL(None).malloc_trim(0)


def signals(*names: str) -> list[signal.Signals]:
    """Return those signals of `names` that this system has."""
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


# what stops a command as Ctrl-C does; the last two come when its terminal, or its console of Windows, is closed
STOPPING: Final = signals("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def stopping_signals() -> list[signal.Signals]:
    """Return those of STOPPING that this process heeds: `nohup` makes it ignore one of them."""
    return [each for each in STOPPING if each == signal.SIGINT or signal.getsignal(each) is not signal.SIG_IGN]


def interrupt_main_thread() -> None:
    """Send the main thread a Ctrl-C. A real signal, where there is one, ends a wait too."""
    if send := getattr(signal, "pthread_kill", None):
        send(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


@contextmanager
def interrupts_withheld() -> Iterator[None]:
    """Withhold Ctrl-C from processes that are started in the block, which inherit the mask; not on Windows."""
    block: Any = getattr(signal, "pthread_sigmask", None)
    if block is None:
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # now: the first process to be started would start it, and end the blocking
    before = block(signal.SIG_BLOCK, {signal.SIGINT})  # type: ignore[attr-defined,unused-ignore]
    try:
        yield
    finally:
        block(signal.SIG_SETMASK, before)  # type: ignore[attr-defined,unused-ignore]


def ignore_interrupts_unless_withheld() -> None:
    """Make this process, started under `interrupts_withheld`, survive a Ctrl-C on Windows as well."""
    if not hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)


FATAL: Final = signals("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV")
TELLING_SECONDS: Final = 10  # after which a process that cannot tell, because it is too broken, ends all the same


@contextmanager
def before_fatal_signals(act: Callable[[str], None]) -> Iterator[None]:
    """Call `act` with the name of a signal that C code in the block gets for its own error; then the process ends.

    Python's own handlers would wait until that code returns, which it never does.
    """
    import ctypes

    try:
        library = ctypes.CDLL("ucrtbase" if WINDOWS else None)
    except OSError:  # a C library that Python cannot find; a fatal error then ends the process in silence
        yield
        return
    library.signal.restype, library.signal.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]

    def handle(number: int) -> None:
        for each in FATAL:
            library.signal(each, None)  # the default: once this returns, the system ends the process
        if alarm := getattr(signal, "alarm", None):
            alarm(TELLING_SECONDS)
        act(signal.Signals(number).name)

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(handle)
    before = {number: library.signal(number, ctypes.cast(handler, ctypes.c_void_p)) for number in FATAL}
    try:
        yield
    finally:
        for number, earlier in before.items():
            library.signal(number, earlier)


def lives(process: int) -> bool | None:
    """Return whether the process with this number exists; None if the system cannot say."""
    if WINDOWS:
        return None  # os.kill would end the process instead of asking
    try:
        os.kill(process, 0)  # signal 0 only asks whether the process exists
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # it exists, but belongs to another user
    return True


def replace(source: Path, target: Path) -> Path:
    """Move the file `source` to `target`, in place of what is there. Raises: OSError.

    On Windows a file that any program has open cannot be replaced, so it is tried for a while.
    """
    give_up = time.monotonic() + REPLACE_SECONDS
    while True:
        try:
            return source.replace(target)
        except PermissionError:
            if not WINDOWS or target.is_dir() or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def flush(path: Path) -> None:
    """Flush a file, or the names in a folder if its file system can, to disk: it then survives a power cut.

    Raises: OSError if the disk fails.
    """
    folder = path.is_dir()
    if folder and WINDOWS:
        return  # Windows has no handle for a folder to flush
    try:
        handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if not folder or error.errno not in NO_FLUSHING:
            raise


def only_we_can_write(folder: Path) -> bool:
    """Return whether `folder` is one, not a link, that no other user may write to. Windows sees to that in our home.

    Raises: OSError.
    """
    found, user = folder.lstat(), getattr(os, "getuid", None)
    return stat.S_ISDIR(found.st_mode) and (user is None or (found.st_uid == user() and not found.st_mode & 0o022))


def address_space_limit() -> int | None:
    """Return how many bytes of addresses this process may use (ulimit -v); None without a limit."""
    with suppress(ImportError):
        resource: Any = __import__("resource")  # Windows has no such module
        limit: int = resource.getrlimit(resource.RLIMIT_AS)[0]
        return None if limit == resource.RLIM_INFINITY else limit
    return None


def await_line() -> None:
    """Wait until a line can be read from the terminal: Ctrl-C just before a read that blocks waits for the next key."""
    while not WINDOWS and not select.select([sys.stdin], [], [], 0.2)[0]:  # on Windows, select takes no file
        pass


def allow_restart(listener: Any) -> None:
    """Let a socket have the port of a server that has just ended; on Windows it would take that of a living one."""
    if not WINDOWS:
        import socket

        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def system_file(path: str, wanted: Callable[[str], bool] = bool) -> list[str]:
    """Return the `wanted` lines of a file that the kernel of Linux keeps, such as /proc/cpuinfo; none elsewhere."""
    with suppress(OSError):
        return [line for line in Path(path).read_text("utf-8", "replace").splitlines() if wanted(line)]
    return []


def processor_lines(*names: str) -> list[str]:
    """Return the lines of /proc/cpuinfo that begin with one of `names`; none elsewhere than on Linux."""
    return system_file("/proc/cpuinfo", lambda line: line.startswith(names))


def process_space() -> str:
    """Return what tells apart machines, and containers, in which process numbers mean different processes."""
    numbers = Path("/proc/self/ns/pid")
    with suppress(OSError):
        return " ".join([str(numbers.readlink()), *system_file("/etc/machine-id")])
    return ""


def memory_left() -> int | None:
    """Return the bytes that this machine, or this container, has left; None if the system does not say."""
    found: list[int] = []
    if ask := getattr(os, "sysconf", None):
        with suppress(OSError, ValueError):
            found.append(ask("SC_PHYS_PAGES") * ask("SC_PAGE_SIZE"))
    available = system_file("/proc/meminfo", lambda line: line.startswith("MemAvailable:"))
    found += [1024 * int(line.split()[1]) for line in available]
    limit, used = (system_file(f"/sys/fs/cgroup/memory.{each}") for each in ("max", "current"))
    if limit and used and limit[0].isdecimal():  # a container; "max" is no limit
        found.append(int(limit[0]) - int(used[0]))
    return min(found, default=None)
