"""Cache compiled programs for later trainings, because compiling takes as long as five epochs.

A program can train only the model that it was compiled with. So a training that finds its program here copies its own
weights and optimizer variables into that model. The results are bitwise the same either way.
"""

from collections.abc import Callable
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

    A training with a program from here overwrites the model that the previous training with it returned.
    """

    def __init__(self) -> None:
        self._on_device: Any = None
        self._dataset: Dataset | None = None
        self._compiled: dict[tuple[Architecture, Settings], Compiled] = {}

    def find(self, architecture: Architecture, settings: Settings, dataset: Dataset) -> Compiled | None:
        """Return the programs compiled for such a model on `dataset`, or None."""
        if dataset is not self._dataset:
            self._on_device, self._dataset, self._compiled = None, dataset, {}
        return self._compiled.get((architecture, compiled_for(settings)))

    def on_device(self, load: Callable[[], Any]) -> Any:
        """Return the images on the device, which all programs share; `load` is called for the first of them."""
        if self._on_device is None:
            self._on_device = load()
        return self._on_device

    def keep(self, architecture: Architecture, settings: Settings, compiled: Compiled) -> None:
        self._compiled[architecture, compiled_for(settings)] = compiled


def compiled_for(settings: Settings) -> Settings:
    """Return `settings` with those replaced that a compiled program does not depend on; equal ones share a program."""
    # the learning rate is a variable of the optimizer, which copy_variables sets
    return replace(settings, seed=0, epochs=1, patience=None, learning_rate=None)
