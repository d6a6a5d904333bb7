"""A fatal error inside the start of Keras' backend, such as on a processor without AVX, which ends the process.

What the backend printed is told first: by whoever started this process, else on stderr.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.platforms import before_fatal_signals

MOST_LINES: Final = 3  # of what the backend printed; the last ones say why
LONGEST: Final = 4096  # bytes of it that are looked at

_tellers: Final[list[Callable[[EnvironmentFault], None]]] = []


def tell_with(teller: Callable[[EnvironmentFault], None]) -> None:
    """Let `teller` tell the error, in place of a line on stderr; it may end the process with another exit code."""
    _tellers[:] = [teller]


@contextmanager
def told(printed: IO[bytes] | None) -> Iterator[None]:
    """Tell of a fatal error in the block. `printed`: the file that file descriptor 2 leads to, if it is one."""

    def tell(name: str) -> None:
        from kerasnn.networks.backend import backend  # here, because every command imports this module

        lines = [line for line in _end_of(printed).splitlines() if line.strip()][-MOST_LINES:]
        teller = _tellers[0] if _tellers else _to_stderr
        teller(
            EnvironmentFault(
                _("Keras on {backend} cannot be loaded: {error}", backend=backend(), error="; ".join([name, *lines])),
                expected=_("a processor and libraries that it runs on"),
                hint=_("pip install kerasnn in a new virtual environment, or try another computer"),
            )
        )

    with before_fatal_signals(tell):
        yield


def _end_of(printed: IO[bytes] | None) -> str:
    if printed is None:
        return ""
    size = os.fstat(printed.fileno()).st_size
    printed.seek(max(0, size - LONGEST))
    return printed.read().decode("utf-8", "replace")


def _to_stderr(error: EnvironmentFault) -> None:
    sys.stderr.write(f"{error.message}\n")
    sys.stderr.flush()
