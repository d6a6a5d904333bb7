"""The networks that the page asks about: those being trained, those of runs, and the lecture's reference models."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.lab.looks import Looks
from kerasnn.lab.trainings import Trainings
from kerasnn.language import _
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Note
from kerasnn.runs.find_model import class_names, find_model, image_shape
from kerasnn.runs.folder import RECORD
from kerasnn.runs.latest import LATEST
from kerasnn.runs.record_check import data_problems
from kerasnn.views.format import class_name

NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,120}")
MOST_OPEN: Final = 8
RESTING: Final = 9.0  # times as long as it took to compute, during a training: a tenth of one core goes to looking


@dataclass(frozen=True)
class Model:
    """A network that can be asked. `names`: of its classes; `shape`: rows and columns of its images.

    `is_live`: it changes all the time.
    """

    name: str
    classifier: Classifier
    names: tuple[str, ...]
    shape: tuple[int, int]
    background: int | None
    notes: tuple[Note, ...] = ()
    is_live: bool = False

    @property
    def class_names(self) -> list[str]:
        """The names of its classes in the current language."""
        return [class_name(name) for name in self.names]


class Models:
    """Finds models by the names that requests give; never opens a path from a request."""

    def __init__(self, data: Dataset, runs: Path, trainings: Trainings) -> None:
        self.data, self.runs, self.trainings = data, runs, trainings
        self.opened: OrderedDict[tuple[Any, ...], Model] = OrderedDict()
        self.lock = Lock()
        self.looks, self.weights = Looks(rest=RESTING), Looks()

    def find(self, name: str) -> Model:
        """Return the model of a training that is going on, of a run in the lab's folder, or of a stage.

        Raises: ModelFileError if there is none, or its file cannot be read.
        """
        training = self.trainings.by_run.get(name)
        if training is not None and training.network is not None and not training.is_over:
            info = self.data.info
            running = training.state != "paused"
            return Model(name, training.network, info.classes, info.shape, info.background, is_live=running)
        return self._open(self.place(name))

    def place(self, name: str) -> str:
        """Return what `find_model` finds a model by, wherever the server was started. Raises: ModelFileError."""
        if name in STAGE_BY_NAME or name == LATEST:
            return name
        folder = self.run(name)
        if folder is None:
            raise ModelFileError(
                _("there is no model '{name}'", name=name[:100]), expected=_("a run's id, 'latest', or a stage's name")
            )
        return str(folder)

    def run(self, name: str) -> Path | None:
        """Return the folder of the run `name`; None if the lab's own folder has none."""
        if not NAME.fullmatch(name):
            return None
        folder = self.runs / name
        return folder if not folder.is_symlink() and (folder / RECORD).is_file() else None

    def _open(self, place: str) -> Model:
        found = find_model(place, self.runs)
        about = found.path.stat()
        key = (str(found.path), about.st_mtime_ns, about.st_size)
        with self.lock:
            if key in self.opened:
                self.opened.move_to_end(key)
                return self.opened[key]
        classifier = open_classifier(found.path)
        names, notes = class_names(found, classifier.classes, classifier.input_size, self.data.info)
        shape = image_shape(found, classifier.input_shape)
        others = data_problems(found.card, self.data.info) if names != self.data.info.classes else ()
        model = Model(found.name, classifier, names, shape, found.background, (*found.problems, *notes, *others))
        with self.lock:
            self.opened[key] = model
            while len(self.opened) > MOST_OPEN:
                self.opened.popitem(last=False)
        return model


def as_image(pixels: Any, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return numbers from 0 to 255 as an image of `shape`. Raises: ModelFileError if they are not."""
    rows, columns = shape
    wanted = _("{count} numbers from 0 to 255", count=rows * columns)
    if not isinstance(pixels, list) or len(pixels) != rows * columns:
        count = len(pixels) if isinstance(pixels, list) else 0
        raise ModelFileError(_("the picture has {count} pixels", count=count), expected=wanted)
    if not all(type(each) in (int, float) and 0 <= each <= 255 for each in pixels):
        raise ModelFileError(_("the picture has pixels that are not numbers from 0 to 255"), expected=wanted)
    return np.round(np.array(pixels, np.float64)).astype(np.uint8).reshape(shape)
