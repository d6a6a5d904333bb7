"""Every stage trained with several seeds, and what its figures come to."""

from dataclasses import dataclass

from kerasnn.lecture.published import PublishedRange
from kerasnn.records.claims import JudgedClaim
from kerasnn.records.data import DatasetInfo
from kerasnn.records.study import Outcome


@dataclass(frozen=True)
class Spread:
    """A figure over several seeds. `deviation`: of one seed from another (standard deviation).

    `low`, `high`: the 95 % interval of the mean, by Student's t. With one seed there is neither: None.
    """

    mean: float
    deviation: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Agreement:
    """Our figures beside the published ones. `compared`: the figure of ours that the notebooks printed, over seeds.

    `inside`: how many seeds lie in the published range. `agrees`: the 95 % interval of our mean reaches into that
    range; with one seed, the figure itself lies in it.
    """

    published: PublishedRange
    compared: Spread
    inside: int
    agrees: bool


@dataclass(frozen=True)
class StageResult:
    """One stage over all seeds. Losses and accuracies are the kept model's, dropout off.

    `best_epoch`: None where the library reports no epochs. `agreement`: None where nothing published compares.
    `diverged`: seeds whose loss or weights were no longer numbers; their last good epoch is counted. `seconds`: of
    the epochs with their validation, compiling left out, for only the first training of its kind has any.
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
    """`seconds`: how long this call took; `trained`: how many trainings were done in it, the others were there.

    `folder`: where the trainings are kept. `outcomes`: all of them, stage by stage, then by seed. `claims`: the
    lecture's, as far as these stages decide them.
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
