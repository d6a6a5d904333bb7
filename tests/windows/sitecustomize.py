"""Hide from kerasnn, as a process starts, what Python lacks on Windows, and refuse what its file system refuses.

Other libraries keep what they use: on Windows they have ways of their own.
"""

import builtins
import errno
import os
import re
import select
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import kerasnn.platforms

MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
NAMES = """
    chown chroot confstr ctermid eventfd fchdir fchmod fchown fdatasync fork forkpty fpathconf fstatvfs getegid
    geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getresuid getsid getuid killpg lchown lockf
    memfd_create mkfifo mknod nice openpty pathconf pidfd_open posix_fadvise posix_spawn pread pwrite readv
    register_at_fork sched_getaffinity sched_setaffinity sched_yield sendfile setegid seteuid setgid setpgid
    setpriority setsid setuid statvfs sync sysconf tcgetpgrp ttyname uname wait wait3 wait4 writev WNOHANG O_CLOEXEC
    O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGIO SIGKILL
    SIGPIPE SIGPROF SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_SETMASK SIG_UNBLOCK
    ITIMER_PROF ITIMER_REAL alarm pause pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigwait epoll
    poll
"""
ABSENT = set(NAMES.split())
RESERVED = re.compile(r'.*[<>:"|?*].*|.*[. ]|(con|nul|prn|aux|com\d|lpt\d)(\..*)?', re.IGNORECASE)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def asks(frame: Any) -> bool:
    """Return whether kerasnn's own code runs in `frame`."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "kerasnn"


class Poorer(ModuleType):
    """A module that lacks, for kerasnn, what is not there on Windows."""

    def __getattribute__(self, name: str) -> Any:
        if name in ABSENT and asks(sys._getframe(1)):
            raise AttributeError(f"not on Windows: {name}")
        return super().__getattribute__(name)


def imported(name: str, *arguments: Any, **options: Any) -> Any:
    """Import as ever, but for kerasnn no module that is not there on Windows."""
    if name in MODULES and asks(sys._getframe(1)):
        raise ImportError(f"not on Windows: {name}")
    return real_import(name, *arguments, **options)


def open_files() -> Iterator[str]:
    """Yield the files that a process of this session has open or mapped."""
    session = os.getsid(0)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                yield from (str(handle.readlink()) for handle in (process / "fd").iterdir())
                yield from (process / "maps").read_text(encoding="utf-8", errors="replace").split()
        except OSError:  # it has ended
            continue


def refuse(number: int, path: str) -> None:
    raise OSError(number, os.strerror(number), path)


def refusals(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse, as an audit hook, what Windows refuses."""
    paths = [
        os.fsdecode(each)
        for each in arguments[: 1 + (event == "os.rename")]
        if isinstance(each, str | bytes | os.PathLike)
    ]
    if event in ("os.remove", "os.rename") and set(map(os.path.realpath, paths)) & set(open_files()):
        refuse(errno.EACCES, paths[-1])
    writes = event in ("os.mkdir", "os.rename") or (event == "open" and arguments[2] & WRITING)
    if writes and paths and RESERVED.fullmatch(Path(paths[-1]).name):
        refuse(errno.EINVAL, paths[-1])
    if event == "open" and paths and arguments[1] is None and asks(sys._getframe(1)) and Path(paths[0]).is_dir():
        refuse(errno.EACCES, paths[0])
    if event == "os.kill" and arguments[1] == 0 and asks(sys._getframe(1)):
        raise RuntimeError("on Windows, this would have ended the process")


real_import = builtins.__import__
if __name__ == "sitecustomize":  # not where a test reads the names
    builtins.__import__ = imported
    for module in (os, select, signal):
        module.__class__ = Poorer
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    kerasnn.platforms.WINDOWS = True
    sys.addaudithook(refusals)
