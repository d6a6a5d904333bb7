"""Ctrl-C and SIGTERM: the first asks the training to stop, the second stops the program where it stands."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Final, Self

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While it is entered, the first signal only makes `asked` true, so that no file or epoch is cut in two.

    The second one raises KeyboardInterrupt at once, as Ctrl-C does without it; files are then whole all the same,
    for they get their names only when they are (see atomic). Outside the main thread, where Python allows no
    handlers, it does nothing. Without `patient` already the first one raises.
    """

    def __init__(self, *, patient: bool = True) -> None:
        self.patient = patient
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def asked(self) -> bool:
        """Whether the user asked to stop."""
        return self._asked

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._asked or not self.patient:
            raise KeyboardInterrupt
        self._asked = True
