"""Compiled programs, reused by later trainings: compiling takes as long as five epochs.

A program can only train the model it was compiled with. So a training that finds its program here copies its own
weights and optimizer variables into that model. Weights and history are bitwise the same either way.
"""

from dataclasses import dataclass, replace
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture


@dataclass(frozen=True)
class Compiled:
    """A program of `fused` that trains a model (`program.model`), and the one that measures it."""

    program: Any
    validation: Any


class Programs:
    """The programs compiled so far for one data set; asking for another data set discards them.

    `images`, `validation`: the images on the device, which all programs share; None until the first is compiled.
    The next training with a program overwrites the model that the previous one trained.
    """

    def __init__(self) -> None:
        self.images: Any = None
        self.validation: Any = None
        self._dataset: Dataset | None = None
        self._compiled: dict[tuple[Architecture, Settings], Compiled] = {}

    def find(self, architecture: Architecture, settings: Settings, dataset: Dataset) -> Compiled | None:
        """Return the programs compiled for such a model on `dataset`, or None."""
        if dataset is not self._dataset:
            self.images = self.validation = None
            self._dataset, self._compiled = dataset, {}
        return self._compiled.get((architecture, compiled_for(settings)))

    def keep(self, architecture: Architecture, settings: Settings, compiled: Compiled) -> None:
        self._compiled[architecture, compiled_for(settings)] = compiled


def compiled_for(settings: Settings) -> Settings:
    """Return `settings` without those a compiled program does not depend on, so that equal ones share a program."""
    return replace(settings, seed=0, epochs=1, patience=None, learning_rate=None)
