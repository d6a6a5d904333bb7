"""Limit this process, which reads a stranger's file: its memory, its time, and what it may open or write.

Linux has all of these limits. macOS does not limit memory, and Windows only has the limit on wall-clock time.
"""

import faulthandler
import signal
import sys
from typing import Any, Final

NOT_READY: Final = 71  # exit code, EX_OSERR
# of wall-clock time; a busy machine may take long over little, where CPU time is limited as well
MOST_SECONDS: Final = 5 if sys.platform == "win32" else 20


def limit(memory: int, *, files: int | None = None) -> None:
    """Let this process take `memory` bytes more than it has, have `files` files open, write none and leave no core."""
    resource = _resource()
    if resource is None:
        return
    if sys.platform == "linux":  # other systems do not enforce RLIMIT_AS
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # without pathlib it starts faster
            pages = int(statm.read().split()[0])  # in use already
        _lower(resource, resource.RLIMIT_AS, pages * resource.getpagesize() + memory)
    if files is not None:
        _lower(resource, resource.RLIMIT_NOFILE, files)
    _lower(resource, resource.RLIMIT_FSIZE, 0)
    _lower(resource, resource.RLIMIT_CORE, 0)


def allow(seconds: float) -> None:
    """End this process unless `allow` is called again within `seconds` of CPU time, and MOST_SECONDS."""
    # a thread in C, which also ends a library that keeps Python's lock
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
    if start := getattr(signal, "setitimer", None):
        # its signal ends the process; RLIMIT_CPU counts whole seconds, and from the start
        start(signal.ITIMER_PROF, seconds)  # type: ignore[attr-defined,unused-ignore]


def _resource() -> Any:
    try:
        return __import__("resource")
    except ImportError:  # Windows
        return None


def _lower(resource: Any, kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
