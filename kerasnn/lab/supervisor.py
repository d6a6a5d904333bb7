"""The trainer as the server sees it: started, listened to, and replaced when it ends."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

from kerasnn.lab.orders import READY, Command, Order, Report
from kerasnn.lab.trainer import serve
from kerasnn.networks import child
from kerasnn.study.shared_dataset import SharedDataset

MOST_FAILED_STARTS: Final = 3  # in a row; then the machine cannot train, and its log says why


class Trainer:
    """Keeps one trainer process alive. Its methods are called in the event loop, and so are the two functions.

    `heard` is called with every report; `lost` with how the process ended, if it was not asked to.
    """

    def __init__(self, shared: SharedDataset, heard: Callable[[Report], None], lost: Callable[[str], None]) -> None:
        self.shared, self.heard, self.lost = shared, heard, lost
        self.loop = asyncio.get_running_loop()
        self.log = shared.folder / "trainer.log"
        self.process: BaseProcess | None = None
        self.connection: Connection[Order | Command, Report] | None = None
        self.is_ready = False  # to train without compiling what the lecture has
        self.is_idle = False
        self.failed_starts = 0
        self.fault = ""  # why no trainer can be started

    def start(self) -> None:
        """Start the process."""
        self.is_ready = self.is_idle = False
        self.process, self.connection = child.start(serve, self.shared, self.log, name="trainer")
        threading.Thread(target=self._listen, args=(self.process, self.connection), daemon=True).start()

    def send(self, message: Order | Command) -> None:
        """Send an order or a command; if the process has just died, `lost` will say so."""
        if isinstance(message, Order):
            self.is_idle = False
        if self.connection is not None:
            with suppress(OSError):
                self.connection.send(message)

    def kill(self) -> None:
        """End the process at once; a new one takes its place."""
        if self.process is not None:
            self.process.kill()

    def stop(self) -> None:
        """End the process for good, and wait until it has ended."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.join()

    def _listen(self, process: BaseProcess, connection: "Connection[Order | Command, Report]") -> None:
        """Pass on what the process says, until it ends; in a thread of its own, because `recv` waits."""
        with suppress(EOFError, OSError, RuntimeError):  # RuntimeError: the loop is closed
            while True:
                self.loop.call_soon_threadsafe(self._take, process, connection.recv())
        process.join()
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._replace, process)

    def _take(self, process: BaseProcess, report: Report) -> None:
        if process is self.process:
            if report.kind == READY:
                self.is_ready = self.is_idle = True
                self.failed_starts = 0
            self.heard(report)

    def _replace(self, process: BaseProcess) -> None:
        if process is not self.process:  # it was stopped
            return
        ended = child.how_it_ended(process, self.log)
        self.failed_starts += not self.is_ready
        if self.failed_starts < MOST_FAILED_STARTS:
            self.start()
        else:
            self.process, self.fault, self.is_ready, self.is_idle = None, ended, False, False
        self.lost(ended)
