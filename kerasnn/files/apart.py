"""Read strangers' files in a process apart: whatever a C library makes of them, the calling process goes on."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path
from threading import Thread, Timer
from typing import IO, Any, Final, Self

from kerasnn.errors import EnvironmentFault
from kerasnn.files import working_folder
from kerasnn.files.limits import MOST_SECONDS, NOT_READY
from kerasnn.language import _

LONGEST_WAIT: Final = MOST_SECONDS + 10  # seconds, for a process that has escaped its own limits
# imports this very package, wherever it lies, and leaves the import path as it was
START: Final = f"""
import sys
sys.path.insert(0, sys.argv[1])
import kerasnn
del sys.path[0]
from importlib import import_module
try:
    main = import_module(sys.argv[2]).main
except Exception:
    sys.exit({NOT_READY})
main(*sys.argv[3:])
"""
PICTURE_READER: Final = "kerasnn.data.picture_process"
_PLACE: Final = Path(__file__).resolve().parents[2]

_READY: Final[dict[str, "Apart"]] = {}


def get_ready(module: str) -> None:
    """Start the process of `module` for the next `ready`, while its caller loads NumPy. Raises: EnvironmentFault."""
    _READY[module] = Apart(module)


def ready(module: str) -> "Apart":
    """Return the process that `get_ready` started, or else a new one. Raises: EnvironmentFault."""
    return _READY.pop(module, None) or Apart(module)


class Apart:
    """A process that runs the function `main` of a module of this package, which limits itself (`limits`).

    It loads its libraries while its caller does something else: so start it early, as a context manager.
    """

    def __init__(self, module: str, *arguments: str, stdin: IO[bytes] | int = subprocess.PIPE) -> None:
        """Start the process; its standard input is the file `stdin`, or what `answer` is given.

        Raises: EnvironmentFault.
        """
        # -P keeps the working folder off the import path; -I would also hide packages installed with pip --user
        command = [sys.executable, "-P", "-c", START, str(_PLACE), module, *arguments]
        one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        variables = {**environ, **working_folder.variables(), **one_thread}
        streams: dict[str, Any] = {"stdin": stdin, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        try:
            self._process = subprocess.Popen(command, env=variables, **streams)  # noqa: S603
        except OSError as error:
            raise _no_process(error) from None

    def answer(self, content: bytes | None = None, *, seconds: float = LONGEST_WAIT) -> tuple[bytes, bool]:
        """Return what the process answers to `content`, and True unless it died or took longer than `seconds`.

        Raises: EnvironmentFault if it could not load its libraries or limit itself.
        """
        try:
            answer, _errors = self._process.communicate(content, timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.communicate()[0], False
        if self._process.returncode == NOT_READY:  # no fault of the file
            raise _no_process(_("it needs /proc, and memory for its libraries"))
        return answer, self._process.returncode == 0

    @contextmanager
    def stream(self, content: bytes, *, seconds: float) -> Iterator[IO[bytes]]:
        """Send `content`, and yield the answers, which end where the process dies, or after `seconds`."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None

        def send() -> None:
            with suppress(OSError):  # it has died
                stdin.write(content)
            with suppress(OSError):
                stdin.close()

        sender, timer = Thread(target=send, daemon=True), Timer(seconds, self._process.kill)
        timer.daemon = True
        sender.start()
        timer.start()
        try:
            yield stdout
        finally:
            timer.cancel()
            self._process.kill()
            sender.join()

    def check_ready(self) -> None:
        """Raise EnvironmentFault if it has ended because it could not load its libraries or limit itself."""
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(1) == NOT_READY:
                raise _no_process(_("it needs /proc, and memory for its libraries"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.__exit__(None, None, None)  # closes its streams


def _no_process(error: object) -> EnvironmentFault:
    return EnvironmentFault(
        _("no process can be started to read the file: {error}", error=error), expected=_("room for one more process")
    )
