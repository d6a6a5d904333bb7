"""`python tests/faults/watched.py [MODULE...]`: run kerasnn in processes that end if they do anything forbidden.

A line of JSON on stdin asks for one command; a line on stdout says how it went. Each command runs in a fork of this
process, which has loaded all modules: so a hundred files meet a dozen commands in minutes, and whatever a fork loads or
executes for the first time is due to the file. `MODULE`: more modules to load beforehand.
"""

import io
import json
import os
import resource
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from kerasnn.files.apart import START
from kerasnn.language import _, speaking

TOUCHED: Final = 99
LONGEST_WAIT: Final = 60  # seconds; a machine may be busy: what a command costs is measured in the processor's time
MOST_ADDED: Final = 2000  # megabytes
ROOT: Final = Path(__file__).resolve().parents[2]
# beginnings of the names of events of Python that no command may raise for a model that it refuses
FORBIDDEN: Final = (
    *(
        "os.system",
        "os.exec",
        "os.spawn",
        "os.posix_spawn",
        "os.fork",
        "os.startfile",
        "os.kill",
        "pty.",
        "subprocess.",
    ),
    *("socket.connect", "socket.bind", "socket.send", "socket.getaddrinfo", "socket.gethostby", "urllib.", "http."),
    *("ftplib.", "smtplib.", "webbrowser.", "pickle.find_class", "shelve.", "cpython.run_"),
)
READERS: Final = ("kerasnn.networks.files.hdf5_index", "kerasnn.data.picture_process")
# what an import does too, of packages that are installed
ONLY_IN_IMPORTS: Final = ("exec", "compile", "marshal.", "code.__new__", "function.__new__", "ctypes.dlopen")
LOADED: Final = (
    *(
        "kerasnn.networks.files.open",
        "kerasnn.runs.find_model",
        "kerasnn.networks.evaluation",
        "kerasnn.data.load",
    ),
    *("kerasnn.cli.app", "encodings.idna", "multiprocessing.synchronize"),
)


@dataclass(frozen=True)
class Ask:
    """A command, run in `folder`, in which it may open the files of the names `allowed`; `temporary`: and this one."""

    folder: str
    words: Sequence[str]
    allowed: Sequence[str]
    temporary: str


@dataclass(frozen=True)
class Answer:
    """`code`: as of a shell, below 0 for a signal. `grown`: megabytes on top of what the process had when it began."""

    code: int
    said: str
    seconds: float
    megabytes: float
    grown: float


def watch(folder: Path, allowed: Sequence[str], temporary: Path) -> None:
    """From now on, end this process with TOUCHED where it does what opening a model must not come to.

    It may open the files named in `allowed` in `folder`, what is in `temporary`, what comes with Python and kerasnn,
    and the system's own folders of devices. Code is executed only by imports of what is installed.
    """
    places = {sys.prefix, sys.base_prefix, *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))}
    installed = [os.path.realpath(place) for place in (*places, str(ROOT / "kerasnn"), str(ROOT / "models"))]
    roots = [*installed, os.path.realpath(temporary), "/proc", "/sys", "/dev"]
    home, names = os.path.realpath(folder), frozenset(allowed)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            fine = not isinstance(arguments[0], str | bytes | os.PathLike) or _may_open(
                arguments[0], home, names, roots
            )
        elif event.startswith(ONLY_IN_IMPORTS):
            fine = _may_execute(event, arguments, installed, sys._getframe(1))
        else:
            fine = not event.startswith(FORBIDDEN) or _is_reader(event, arguments, sys._getframe(1))
        if not fine:
            os.write(2, f"\nTOUCHED {event} {arguments!r:.300}\n".encode(errors="replace"))
            os._exit(TOUCHED)

    sys.addaudithook(hook)


def _is_reader(event: str, arguments: tuple[Any, ...], frame: FrameType) -> bool:
    """True for the processes that kerasnn itself starts, with limits, to read HDF5 and pictures."""
    if event == "os.kill":  # it takes too long, or is no longer needed
        return frame.f_code.co_filename == subprocess.__file__
    # since Python 3.13 Popen raises a second event, that of the call it makes
    if event not in ("subprocess.Popen", "os.posix_spawn"):
        return False
    command = [sys.executable, "-P", "-c", START, str(ROOT)]
    return list(arguments[1][:5]) == command and arguments[1][5] in READERS


def _may_open(name: "str | bytes | os.PathLike[Any]", home: str, allowed: frozenset[str], roots: list[str]) -> bool:
    path = os.path.join(os.getcwd(), os.fsdecode(name))  # noqa: PTH109, PTH118  # pathlib's own work raises events
    parent, last = os.path.realpath(os.path.dirname(path)), os.path.basename(path)  # noqa: PTH119, PTH120
    inside = Path(os.path.relpath(os.path.join(parent, last), home)).parts  # noqa: PTH118
    if inside[:1] != ("..",):
        return not inside or inside[0] in allowed
    return _within(os.path.realpath(path), roots)


def _within(path: str, roots: list[str]) -> bool:
    return any(path == root or path.startswith(root + os.sep) for root in roots)


def _may_execute(event: str, arguments: tuple[Any, ...], installed: list[str], frame: FrameType) -> bool:
    if (
        event == "ctypes.dlopen"
        and isinstance(arguments[0], str)
        and _within(os.path.realpath(arguments[0]), installed)
    ):
        return True
    code = arguments[0] if arguments else None
    if isinstance(code, CodeType) and os.path.isabs(code.co_filename):  # noqa: PTH117
        return _within(os.path.realpath(code.co_filename), installed) and _importing(frame)
    # ast.parse, and so literal_eval, compiles no further than a tree, and executes nothing
    return _importing(frame) or (event == "compile" and _is_of_ast(frame))


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _is_of_ast(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == "ast" and frame.f_code.co_name == "parse"


def serve() -> None:
    """Answer until stdin ends."""
    for line in sys.stdin:
        print(json.dumps(asdict(answer(Ask(**json.loads(line))))), flush=True)  # noqa: T201


def answer(ask: Ask) -> Answer:
    """Run the command in a fork, and measure it."""
    before = _megabytes("VmRSS")
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _run(ask, said.fileno())
        _, status, used = os.wait4(child, 0)
        said.seek(0)
        text = said.read().decode(errors="replace")
    peak = used.ru_maxrss / 1024
    seconds = used.ru_utime + used.ru_stime
    return Answer(os.waitstatus_to_exitcode(status), text, seconds, peak, peak - before)


def _run(ask: Ask, said: int) -> None:
    """In a fork, which ends here: the command, its output in the file `said`, killed where it takes too long."""
    code = 1
    try:
        signal.alarm(LONGEST_WAIT)
        for number in (1, 2):
            os.dup2(said, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = io.StringIO()
        os.chdir(ask.folder)
        tempfile.tempdir = os.environ["TMPDIR"] = ask.temporary
        most = int(_megabytes("VmSize") + MOST_ADDED) << 20  # a machine is not to be brought down by it
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        from kerasnn.cli.app import main

        watch(Path(ask.folder), ask.allowed, Path(ask.temporary))
        code = main(list(ask.words))
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _megabytes(name: str) -> float:
    (line,) = (line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    for module in (*LOADED, *sys.argv[1:]):
        import_module(module)
    with speaking("ko"):
        _("loaded")  # names of topics are looked up in Korean too, and gettext compiles the rule of the plural
    serve()
