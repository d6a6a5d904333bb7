"""The state behind the routes: what is there from the start, and what comes with the images."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from kerasnn.data.dataset import Dataset
from kerasnn.lab.lab import Lab, Place
from kerasnn.lab.models import Models
from kerasnn.lab.worked import Lessons
from kerasnn.study.shared_dataset import share


@dataclass
class App:
    """The lab of one start of the server. `load` returns the images; `lang`: of pages that ask for no other.

    `preparing`: held while a photograph is prepared, because one of 50 megapixels takes 600 MB.
    """

    load: Callable[[], Dataset]
    runs: Path
    lang: str
    opened: asyncio.Future["Opened"] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    kept: ExitStack = field(default_factory=ExitStack)
    lessons: Lessons = field(default_factory=Lessons)
    preparing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self) -> None:
        """Load the images and start the trainer; requests that need them wait. Raises: as `load`."""
        data = await _beside(self.load)
        shared = self.kept.enter_context(share(data))
        lab = Lab(Place(data, self.runs), shared)
        lab.trainer.start()
        self.opened.set_result(Opened(lab, Models(data, self.runs, lab.trainings)))

    async def close(self) -> None:
        """Stop the training that goes on, after it has saved what it has learnt, and the trainer."""
        if self.opened.done() and not self.opened.cancelled():
            await self.opened.result().lab.close()
        self.kept.close()


@dataclass(frozen=True)
class Opened:
    """What is there once the images are loaded."""

    lab: Lab
    models: Models


def _beside(load: Callable[[], Dataset]) -> "asyncio.Future[Dataset]":
    """Call `load` in a thread that nobody waits for when the server ends: a download may take long to fail."""
    promise: Future[Dataset] = Future()

    def keep() -> None:
        promise.set_running_or_notify_cancel()
        try:
            promise.set_result(load())
        except BaseException as error:  # whoever awaits the result raises it
            promise.set_exception(error)

    Thread(target=keep, daemon=True).start()
    return asyncio.wrap_future(promise)
