"""The lecture's ideas worked out for the page: on the network that it asks about, or on one that suits the idea."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from kerasnn.data.dataset import Bytes
from kerasnn.errors import KerasnnError
from kerasnn.lab.models import Models
from kerasnn.language import _, language
from kerasnn.lecture.topics import Topic
from kerasnn.lessons.context import Context
from kerasnn.lessons.topics import explain_in
from kerasnn.lessons.trace import stored_arrays
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.records import Explanation, ignore
from kerasnn.runs.find_model import FoundModel
from kerasnn.runs.folder import read_record

MOST_KEPT: Final = 60  # lessons, each of which takes about 300 kB
Result = TypeVar("Result")


@dataclass
class Asked(Context):
    """A context whose network may be in memory, ahead of its file, and whose image may be the user's own."""

    tells_model: ClassVar[bool] = True

    live: Network | None = None
    pixels: Bytes | None = None

    @cached_property
    def found(self) -> FoundModel:
        if self.live is None or self.model_name is None:
            return super().found
        folder = Path(self.model_name)
        return FoundModel(folder.name, folder / "model.keras", read_record(folder))

    @cached_property
    def classifier(self) -> Network | OneVsRest:
        return self.live or super().classifier

    @cached_property
    def image(self) -> Bytes:
        return super().image if self.pixels is None else self.pixels


@dataclass(frozen=True)
class Lesson:
    """An idea worked out. `html`: its steps, without title and question. `instead`: why not on the model asked for."""

    explanation: Explanation
    html: str
    instead: str


@dataclass
class Lessons:
    """Works out one lesson at a time, because matplotlib draws in one thread only, and keeps the last ones.

    `drawing`: held while anything is drawn.
    """

    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)
    kept: OrderedDict[tuple[str, ...], Lesson] = field(default_factory=OrderedDict)

    async def lesson(self, topic: Topic, name: str, models: Models) -> Lesson:
        """Return the lesson of `topic` on the model `name`. Raises: as `on_model`."""
        async with self.drawing:
            return await run_in_threadpool(lambda: on_model(topic, name, models, self._worked_out))

    def _worked_out(self, context: Asked, instead: str) -> Lesson:
        key = (context.topic.name, language(), instead, str(context.model_name), _digest(context))
        if key not in self.kept:
            from kerasnn.views.page.render import lesson_html

            explanation = explain_in(context)
            self.kept[key] = Lesson(explanation, lesson_html(explanation), instead)
        self.kept.move_to_end(key)
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        return self.kept[key]


def prepare() -> None:
    """Load what draws the lessons, above all matplotlib; the server starts without, to be quick."""
    import_module("kerasnn.views.page.render")


def _digest(context: Asked) -> str:
    if context.model_name is None:
        return ""
    digest = sha256()
    for array in (each for layer in stored_arrays(context.classifier) for each in layer):
        digest.update(array.tobytes())
    return digest.hexdigest()


def on_model(
    topic: Topic,
    name: str,
    models: Models,
    work: Callable[[Asked, str], Result],
    pixels: Bytes | None = None,
) -> Result:
    """Return what `work` makes of `topic` on the model `name`; where that does not suit, on the topic's own model.

    `work` is also told why it is another model. `pixels`: the user's own picture.

    Raises: ModelFileError if there is no such model; as `work` for the topic's own.
    """
    training = models.trainings.by_run.get(name)
    if training is None:
        models.find(name)
    place = models.place(name) if training is None else str(models.runs / name)
    network = training.network if training is not None and not training.is_over else None

    def context(model: str | None, live: Network | None) -> Asked:
        return Asked(topic, model, models.runs, models.data, 0, ignore, live, pixels)

    if topic.model is None:  # its lesson is of no network
        return work(context(None, None), "")
    try:
        return work(context(place, network), "")
    except KerasnnError as error:
        if name == topic.model:
            raise
        reason = error.message
    instead = _(
        "The idea is worked out on the reference model of '{own}', because the current network does not suit it: "
        "{reason}.",
        own=topic.model,
        reason=reason,
    )
    return work(context(None, None), instead)
