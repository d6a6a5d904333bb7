"""Programs that outlive the training they were compiled for: compiling takes as long as five epochs of training.

Unlike a training alone, one that finds its program here trains the model that the program was compiled with, with its
own weights and its own optimizer's variables put into it. Weights and history are bitwise the same either way.
"""

from dataclasses import dataclass, replace
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture


@dataclass(frozen=True)
class Compiled:
    """The program that trains a model, which is its `model`, and the one that measures it, as `fused` makes them."""

    program: Any
    validation: Any


class Programs:
    """The programs compiled so far for one data set; those of another one make room for it.

    `images`, `validation`: images and labels as `fused` lays them out, which all programs share; None until there
    are any. A model that was trained with a program is its own only until the next training asks for that program.
    """

    def __init__(self) -> None:
        self.images: Any = None
        self.validation: Any = None
        self._dataset: Dataset | None = None
        self._compiled: dict[tuple[Architecture, Settings], Compiled] = {}

    def find(self, architecture: Architecture, settings: Settings, dataset: Dataset) -> Compiled | None:
        """The program that trains such a model on `dataset`, if it was compiled before."""
        if dataset is not self._dataset:
            self.images = self.validation = None
            self._dataset, self._compiled = dataset, {}
        return self._compiled.get((architecture, compiled_for(settings)))

    def keep(self, architecture: Architecture, settings: Settings, compiled: Compiled) -> None:
        self._compiled[architecture, compiled_for(settings)] = compiled


def compiled_for(settings: Settings) -> Settings:
    """`settings` without what differs between trainings that one program serves: it takes that as it comes."""
    return replace(settings, seed=0, epochs=1, patience=None, learning_rate=None)
