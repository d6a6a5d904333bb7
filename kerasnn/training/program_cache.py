"""Cache compiled programs for later trainings, because compiling takes as long as five epochs.

A program can train only the model that it was compiled with. So a training that finds its program here copies its own
weights and optimizer variables into that model. The results are bitwise the same either way.
"""

from dataclasses import dataclass, replace
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.networks.architecture import Architecture


@dataclass(frozen=True)
class Compiled:
    """A program of `fused` that trains a model (`program.model`), and the program that measures that model."""

    program: Any
    validation: Any


class Programs:
    """The programs compiled so far for one data set; asking for another data set discards them.

    `images`, `validation`: the images on the device, shared by all programs; None until the first is compiled. A
    training with a program from here overwrites the model that the previous training with it returned.
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
    """Return `settings` with those replaced that a compiled program does not depend on; equal ones share a program."""
    return replace(settings, seed=0, epochs=1, patience=None, learning_rate=None)
