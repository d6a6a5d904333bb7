"""Results of training every stage with several seeds."""

from dataclasses import dataclass

from kerasnn.lecture.published import PublishedRange
from kerasnn.records.claims import JudgedClaim
from kerasnn.records.data import DatasetInfo
from kerasnn.records.study import Outcome


@dataclass(frozen=True)
class Spread:
    """A metric over several seeds. `deviation`: standard deviation between seeds.

    `low`, `high`: 95 % confidence interval of the mean (Student's t). With one seed all three are None.
    """

    mean: float
    deviation: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Agreement:
    """Our metrics and the published ones. `compared`: the metric that the notebooks printed, over our seeds.

    `inside`: number of seeds inside the published range. `agrees`: the 95 % interval of our mean overlaps that
    range; with one seed, its value lies inside.
    """

    published: PublishedRange
    compared: Spread
    inside: int
    agrees: bool


@dataclass(frozen=True)
class StageResult:
    """One stage over all seeds. Losses and accuracies are those of the saved models, dropout off.

    `best_epoch`: None if the library reports no epochs. `agreement`: None if there is no comparable published value.
    `diverged`: seeds whose loss or weights became infinite or not a number; they count with their last good epoch.
    `seconds`: epochs with their validation, without compiling, which only the first training of its kind does.
    """

    stage: str
    parameters: int
    validation_loss: Spread
    validation_accuracy: Spread
    test_loss: Spread
    test_accuracy: Spread
    best_epoch: Spread | None
    stopped_epoch: Spread
    seconds: Spread
    agreement: Agreement | None
    diverged: tuple[int, ...]


@dataclass(frozen=True)
class Reproduction:
    """The stages trained with `seeds`. `seconds`, `trained`: duration of this call and trainings done in it.

    The other trainings were found in `folder`, where all are saved. `outcomes`: all trainings, by stage, then by
    seed. `claims`: those claims of the lecture that these stages decide.
    """

    dataset: DatasetInfo
    seeds: tuple[int, ...]
    stages: tuple[StageResult, ...]
    outcomes: tuple[Outcome, ...]
    trained: int
    seconds: float
    folder: str
    command: str
    claims: tuple[JudgedClaim, ...] = ()
