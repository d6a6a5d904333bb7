"""What stands behind the page: the data, the runs, the trainer, and the queue of trainings."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.lab.supervisor import Trainer
from kerasnn.lab.trainer import Command, Order, Report
from kerasnn.lab.trainings import GUESS, Training, Trainings
from kerasnn.language import _, language
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.runs import folder as run_folder
from kerasnn.runs.record import now
from kerasnn.study.shared_dataset import SharedDataset

MOST_WAITING: Final = 4  # trainings in the queue
SECONDS_TO_SAVE: Final = 10.0  # for a training that is stopped with the server


@dataclass(frozen=True)
class Place:
    """Where the lab works: its images, and the folder of its runs."""

    data: Dataset
    runs: Path


class Lab:
    """Trains what the page asks for, one after the other. All methods are called in the event loop."""

    def __init__(self, place: Place, shared: SharedDataset) -> None:
        self.place, self.trainings = place, Trainings()
        self.trainer = Trainer(shared, self._hear, self._mourn)

    def order(self, stage: str, overrides: Mapping[str, Any], *, paused: bool = False) -> Training:
        """Put a training of `stage` into the queue, in a folder of its own.

        Raises: UsageError for settings that `train` refuses, and if too many trainings wait; EnvironmentFault if there
        can be no folder, or no trainer.
        """
        chosen = find_stage(stage)
        settings, _changed = resolve(chosen, overrides)
        if len(self.trainings.waiting) >= MOST_WAITING:
            raise UsageError(
                _("{count} trainings are waiting already", count=MOST_WAITING),
                hint=_("wait until one is done, or stop one"),
            )
        if self.trainer.fault:
            raise EnvironmentFault(
                _("the process that trains has ended: {ended}", ended=self.trainer.fault),
                hint=_("kerasnn doctor checks this machine"),
            )
        started = now()
        folder = run_folder.create(self.place.runs, chosen.name, settings.seed, started)
        order = Order(folder, chosen.name, dict(overrides), started, paused, language())
        training = self.trainings.add(order)
        self._begin_next()
        return training

    def command(self, training: Training, do: Any) -> None:
        """Stop, pause or continue a training. One that waits is taken out of the queue."""
        if training in self.trainings.waiting:
            if do == "stop":
                self.trainings.waiting.remove(training)
                with suppress(OSError):
                    (training.order.folder / GUESS).unlink(missing_ok=True)
                    training.order.folder.rmdir()  # nothing was trained
                training.take(Report("stopped", training.run, {}))
        elif do == "stop" and find_stage(training.order.stage).library == "scikit-learn":
            self.trainer.kill()  # it trains in one call that listens to nobody
        elif not training.is_over:
            self.trainer.send(Command(training.run, do))

    async def close(self) -> None:
        """Stop the training that goes on, wait until it has saved what it has learnt, and end the trainer."""
        for training in list(self.trainings.waiting):
            self.command(training, "stop")
        current = self.trainings.current
        if current is not None:
            self.command(current, "stop")
            until = asyncio.get_running_loop().time() + SECONDS_TO_SAVE
            while not current.is_over and asyncio.get_running_loop().time() < until:
                await asyncio.sleep(0.05)
        self.trainer.stop()

    def _begin_next(self) -> None:
        if self.trainings.current is None and self.trainer.is_ready and self.trainings.waiting:
            self.trainings.current = self.trainings.waiting.popleft()
            self.trainings.current.take(Report("state", content={"state": "starting"}))
            self.trainer.send(self.trainings.current.order)

    def _hear(self, report: Report) -> None:
        current = self.trainings.current
        if report.run and current is not None and report.run == current.run:
            current.take(report)
            if current.is_over:
                self.trainings.current = None
        self._begin_next()

    def _mourn(self, ended: str) -> None:
        """Say of the current training that its process has ended."""
        current, self.trainings.current = self.trainings.current, None
        if current is not None:
            command = f"kerasnn train --resume {current.run}"
            fault = EnvironmentFault(
                _("the process that trains has ended: {ended}", ended=ended),
                hint=_("{command} continues from there", command=command),
            )
            current.take(Report("failed", current.run, {"error": fault.details}))
        if self.trainer.fault:
            for training in list(self.trainings.waiting):
                self.command(training, "stop")
