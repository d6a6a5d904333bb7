"""Ctrl-C and SIGTERM: the first signal asks the training to stop, the second ends it at once."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Final, Self

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """A context in which the first signal only makes `asked` return True, so that the training stops at a good moment.

    The second signal raises KeyboardInterrupt at once. Even then files stay intact, because they are renamed into place
    once complete (see `kerasnn.files.atomic`). With `patient=False` the first signal raises too. Outside the main
    thread, where Python allows no signal handlers, the context does nothing.
    """

    def __init__(self, *, patient: bool = True) -> None:
        self.patient = patient
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def asked(self) -> bool:
        """Return True once the user has asked to stop."""
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
