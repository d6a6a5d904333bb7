"""What holds a training while it runs in the lab's process."""

import time
from multiprocessing.connection import Connection
from typing import Any, Final

from kerasnn.lab.orders import Command, Order, Report
from kerasnn.records import Compiling, Event, Notice, Progress, plain_object

SECONDS_BETWEEN: Final = 0.1  # two reports within an epoch
FIRST: Final = 200  # batches before the first report, which so comes 0.2 s earlier


class Reins:
    """Holds a training: passes on what it reports, and what the user asks of it."""

    def __init__(self, order: Order, connection: "Connection[Report, Order | Command]") -> None:
        self.run, self.connection = order.folder.name, connection
        self.onlooker: Any = None
        self.paused, self.batches, self.until_epoch = order.paused, 0, False
        self.said = ""  # the last state
        self.sent = 0.0  # when the last report within an epoch was
        self.best = order.best

    def gate(self) -> int | None:
        """Let the training go on, or wait until the user lets it. Raises: KeyboardInterrupt to stop it."""
        while True:
            waiting = self.paused and not self.batches and not self.until_epoch
            if waiting:
                self._say("paused")
            while self.connection.poll(None if waiting else 0):
                command = self.connection.recv()
                if isinstance(command, Command) and command.run == self.run:
                    self._obey(command)
                waiting = False
            if self.batches:
                self.batches -= 1
                return 1
            if not self.paused or self.until_epoch:
                self._say("running")
                return None if self.sent else FIRST

    def _obey(self, command: Command) -> None:
        match command.do:
            case "stop":
                raise KeyboardInterrupt
            case "pause":
                self.paused, self.batches, self.until_epoch = True, 0, False
            case "continue":
                self.paused = False
            case "epoch":
                self.paused = self.until_epoch = True
            case "batch":
                self.paused, self.batches = True, self.batches + 1

    def listen(self, event: Event) -> None:
        match event:
            case Compiling():
                self._say("compiling")
            case Notice(text):
                self._send("notice", {"text": text})
            case Progress(finished=None):
                now = time.monotonic()
                if self.paused or now - self.sent >= SECONDS_BETWEEN:
                    self.sent = now
                    names = ("epoch", "epochs", "seen", "images", "loss")
                    self._send("progress", {name: getattr(event, name) for name in names}, weights=True)
            case Progress():
                self.until_epoch = False
                self._send("epoch", self._epoch(event), weights=True)

    def _epoch(self, event: Progress) -> dict[str, Any]:
        done = event.finished
        assert done is not None
        self.best = min(self.best, (done.val_loss, done.epoch))
        more = {"seconds": event.seconds, "best_epoch": self.best[1], "epochs": event.epochs}
        return {**plain_object(done), **more, "waited": event.waited, "patience": event.patience}

    def _say(self, state: str) -> None:
        if state != self.said:
            self.said = state
            self._send("state", {"state": state}, weights=True)

    def _send(self, kind: str, content: dict[str, Any], *, weights: bool = False) -> None:
        network = self.onlooker.network() if weights and self.onlooker else None
        self.connection.send(Report(kind, self.run, content, network))
