"""Results of a search over the settings of one stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kerasnn.records.data import DatasetInfo
from kerasnn.records.reproduction import Spread


@dataclass(frozen=True)
class Trial:
    """One combination of settings, trained with all seeds. Losses and accuracies are those of the saved models.

    `settings`: the values tried, by field of Settings. `reference`: this is the unchanged stage. `difference`: of the
    validation loss from the reference's, paired by seed; None for the reference. `test_accuracy`: only for the winner
    and the reference, because the search must not use the test images. `diverged`: seeds whose loss or weights
    became infinite or not a number. `seconds`: as in StageResult.
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
    """A finished search. `trials`: by mean validation loss, lowest first, diverged ones last.

    `choices`: the values tried for each setting. `combinations`: their number; `drawn`: how many of them were
    trained. The reference is trained as well if it is not among them.
    `trained`: trainings done in this call; the others were found in `folder`. `command`: trains the winner as a run.
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
