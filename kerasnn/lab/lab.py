"""What stands behind the page: the data, the runs, the trainer, and the queue of trainings."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.lab import past
from kerasnn.lab.memory import refuse_unless_fits
from kerasnn.lab.orders import Command, Order, Report
from kerasnn.lab.supervisor import Trainer
from kerasnn.lab.trainings import GUESS, Training, Trainings
from kerasnn.language import _, language
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
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
        info = self.place.data.info
        refuse_unless_fits(design(settings, image_shape=info.shape, classes=len(info.classes)), settings)
        self._refuse_more()
        started = now()
        folder = run_folder.create(self.place.runs, chosen.name, settings.seed, started)
        return self._add(Order(folder, chosen.name, dict(overrides), started, paused, language()))

    def resume(self, run: str, more_epochs: int, *, paused: bool = False) -> Training:
        """Put a run into the queue to be continued, as `train --resume` does.

        Raises: as `order`; ModelFileError, UsageError if it cannot be continued, or is being trained.
        """
        known = self.trainings.by_run.get(run)
        if known is not None and not known.is_over:
            raise UsageError(_("{run} is being trained", run=run), hint=_("wait until it is done, or stop it first"))
        folder = self.place.runs / run
        record = past.continued(folder, self.place.data, more_epochs)
        self._refuse_more()
        epochs = list(past.epochs_of(record, folder))
        best = min(((each.content["val_loss"], each.content["epoch"]) for each in epochs), default=(float("inf"), 0))
        overrides = {**record.overrides, "seed": record.seed}
        order = Order(folder, record.stage, overrides, now(), paused, language(), more_epochs, best)
        training = self._add(order)
        training.lasting += [
            replace(each, content={**each.content, "epochs": record.settings.epochs + more_epochs}) for each in epochs
        ]
        return training

    def _refuse_more(self) -> None:
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

    def _add(self, order: Order) -> Training:
        training = self.trainings.add(order)
        self._begin_next()
        return training

    def command(self, training: Training, do: Any) -> None:
        """Stop, pause or continue a training. One that waits is taken out of the queue, or obeys when it begins."""
        if training.is_over:
            return
        if training in self.trainings.waiting and do == "stop":
            self._take_out(training)
            return
        command = Command(training.run, do)
        training.asked.append(command)
        if training is self.trainings.current:
            training.is_stopping = training.is_stopping or do == "stop"
            if find_stage(training.order.stage).library == "keras":
                self.trainer.send(command)
            elif do == "stop":  # scikit-learn trains in one call that listens to nobody
                self.trainer.kill()

    def _take_out(self, training: Training) -> None:
        self.trainings.waiting.remove(training)
        if training.order.more_epochs is None:  # a new folder: nothing was trained in it
            with suppress(OSError):
                (training.order.folder / GUESS).unlink(missing_ok=True)
                training.order.folder.rmdir()
        training.take(Report("stopped", training.run, {}))

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
        if self.trainings.current is None and self.trainer.is_idle and self.trainings.waiting:
            current = self.trainings.current = self.trainings.waiting.popleft()
            current.take(Report("state", content={"state": "starting"}))
            self.trainer.send(current.order)
            for command in current.asked:
                self.trainer.send(command)

    def _hear(self, report: Report) -> None:
        current = self.trainings.current
        if report.run and current is not None and report.run == current.run:
            current.take(report)
            if current.is_over:
                self.trainings.current = None
        self._begin_next()

    def _mourn(self, ended: str) -> None:
        """Say of the current training that its process has ended; one that had not begun waits for the next process."""
        current, self.trainings.current = self.trainings.current, None
        if current is not None and current.is_stopping:
            stopped = KeyboardInterrupt()
            past.note_killed(current.order.folder, stopped)
            current.take(Report("stopped", current.run, {}))
        elif current is not None and not current.is_retried and not (current.order.folder / run_folder.RECORD).exists():
            current.is_retried = True
            self.trainings.waiting.appendleft(current)
        elif current is not None:
            fault = EnvironmentFault(
                _("the process that trains has ended: {ended}", ended=ended),
                hint=run_folder.resume_hint(current.order.folder),
            )
            past.note_killed(current.order.folder, fault)
            current.take(Report("failed", current.run, {"error": fault.details}))
        if self.trainer.fault:
            for training in list(self.trainings.waiting):
                self.command(training, "stop")
