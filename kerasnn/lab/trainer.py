"""The process that trains for the lab, seen from inside: one training at a time, with programs compiled once.

Nothing heavy is imported at the top, because the process must set its number of threads first.
"""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kerasnn.errors import EnvironmentFault, Interrupted, KerasnnError
from kerasnn.language import _, speaking
from kerasnn.networks import child
from kerasnn.records import Compiling, Event, Notice, Progress, Run, plain_object
from kerasnn.study.shared_dataset import SharedDataset

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.networks.forward import Network
    from kerasnn.training.state import Programs

MOST_PROGRAMS: Final = 20  # the process ends after this many: TensorFlow never frees the 40 MB that each takes
SECONDS_BETWEEN: Final = 0.1  # two reports within an epoch
READY: Final = "ready"


@dataclass(frozen=True)
class Order:
    """A training to be done in the empty `folder`. `paused`: before its first batch. `lang`: of what it reports."""

    folder: Path
    stage: str
    overrides: Mapping[str, Any]
    started: datetime
    paused: bool
    lang: str


@dataclass(frozen=True)
class Command:
    """What the user asks of the training: to stop, pause or go on, for one `batch` or `epoch` or for good."""

    run: str
    do: Literal["stop", "pause", "continue", "epoch", "batch"]


@dataclass(frozen=True)
class Report:
    """What the process says: `ready`, or an event of a training with its content and, where it is new, its network."""

    kind: str
    run: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    network: "Network | None" = None


def serve(connection: "Connection[Report, Order | Command]", shared: SharedDataset, log: Path) -> None:
    """Train what comes through `connection` until it is closed; `log`: the file for all output."""
    child.settle(log)
    tempfile.tempdir = str(shared.folder)  # the process may be killed, and its parent removes this folder
    from kerasnn.networks.threads import choose_threads

    choose_threads(None)
    from kerasnn.lab.warming import warm
    from kerasnn.training.state import Programs

    data, programs = shared.open(), Programs()
    for _stage in warm(data, programs):
        connection.send(Report(READY))
        if connection.poll():  # whoever waits comes first; what is not compiled yet is compiled when it is needed
            break
    while programs.count < MOST_PROGRAMS:
        try:
            order = connection.recv()
        except EOFError:
            return
        if isinstance(order, Order):  # a command for a training that has just ended comes too late
            with speaking(order.lang):
                _train(order, connection, data, programs)
            connection.send(Report(READY))


def _train(
    order: Order, connection: "Connection[Report, Order | Command]", data: "Dataset", programs: "Programs"
) -> None:
    run, reins = order.folder.name, Reins(order, connection)
    try:
        connection.send(Report("done", run, plain_object(_conduct(order, reins, data, programs))))
    except KerasnnError as error:
        record = plain_object(error.record) if isinstance(error.record, Run) else {}
        stopped = isinstance(error, Interrupted)
        content = record if stopped else {"error": error.details, "record": record}
        connection.send(Report("stopped" if stopped else "failed", run, content))
    except MemoryError:
        fault = EnvironmentFault(_("out of memory"), hint=_("use fewer --hidden units or a smaller --batch-size"))
        connection.send(Report("failed", run, {"error": fault.details}))


def _conduct(order: Order, reins: "Reins", data: "Dataset", programs: "Programs") -> Run:
    from kerasnn.lecture.settings import find_stage, resolve
    from kerasnn.runs.environment import environment
    from kerasnn.runs.execute import train_run
    from kerasnn.runs.folder import locked
    from kerasnn.runs.record import Clock, TrainingPlan, start_record
    from kerasnn.training.state import Conduct
    from kerasnn.training.train import architecture_of, choose_engine

    stage = find_stage(order.stage)
    plan = TrainingPlan(stage, *resolve(stage, order.overrides), choose_engine(stage, None))
    is_keras = stage.library == "keras"
    machine = environment(with_keras=is_keras)
    run = start_record(plan, data, machine, name=order.folder.name, started=order.started.isoformat())
    callbacks = []
    if is_keras:
        from kerasnn.lab.onlooker import Onlooker

        reins.onlooker = Onlooker(architecture_of(plan.settings, data))
        callbacks.append(reins.onlooker)
    conduct = Conduct(reins.listen, callbacks, programs=programs, gate=reins.gate)
    with locked(order.folder):
        return train_run(run, order.folder, data, Clock(time.perf_counter(), 0.0), conduct)


class Reins:
    """Holds a training: passes on what it reports, and what the user asks of it."""

    def __init__(self, order: Order, connection: "Connection[Report, Order | Command]") -> None:
        self.run, self.connection = order.folder.name, connection
        self.onlooker: Any = None
        self.paused, self.batches, self.until_epoch = order.paused, 0, False
        self.said = ""  # the last state
        self.sent = 0.0  # when the last report within an epoch was
        self.best: tuple[float, int] = (float("inf"), 0)

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
                return None

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
