"""A search over the settings of one stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kerasnn.records.data import DatasetInfo
from kerasnn.records.reproduction import Spread


@dataclass(frozen=True)
class Trial:
    """One combination of the settings that were tried, over all seeds. Losses and accuracies are the kept model's.

    `settings`: the values tried, by the names of Settings. `reference`: it is the stage as it stands. `difference`:
    of the validation loss from the reference's, paired by seed; None of the reference itself. `test_accuracy`: of
    the winner and the reference alone, for nothing is chosen by the test images. `diverged`: seeds whose loss or
    weights were no longer numbers. `seconds`: as in StageResult.
    """

    settings: Mapping[str, Any]
    reference: bool
    parameters: int
    validation_loss: Spread
    validation_accuracy: Spread
    difference: Spread | None
    test_accuracy: Spread | None
    seconds: Spread
    diverged: tuple[int, ...]


@dataclass(frozen=True)
class Tuning:
    """`trials`: the lowest mean validation loss first, those that diverged last.

    `choices`: the values tried of each setting. `combinations`: how many they make; `drawn`: how many of these were
    trained, the reference beside them where it is none of these.
    `trained`: trainings done in this call, the others were there. `command`: trains the winner, as a run.
    """

    dataset: DatasetInfo
    stage: str
    seeds: tuple[int, ...]
    choices: Mapping[str, tuple[Any, ...]]
    combinations: int
    drawn: int
    trials: tuple[Trial, ...]
    trained: int
    seconds: float
    folder: str
    command: str
