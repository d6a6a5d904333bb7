"""Studies of many trainings: jobs, outcomes, progress, and the results of `reproduce` and `tune`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kerasnn.lecture.stages import PublishedRange
from kerasnn.records.claims import JudgedClaim
from kerasnn.records.data import DatasetInfo
from kerasnn.records.note import Note
from kerasnn.records.shown import Shown
from kerasnn.records.training import Epoch, Scores, Seconds


@dataclass(frozen=True)
class Job:
    """One training of a study: `stage` with `seed`, and `overrides` of fields of Settings.

    `engine`: None takes the stage's default.
    """

    stage: str
    seed: int
    overrides: Mapping[str, Any] = field(default_factory=dict)
    engine: str | None = None

    def __hash__(self) -> int:
        return hash((self.stage, self.seed, self.engine))  # a mapping has no hash of its own


@dataclass(frozen=True)
class Outcome(Shown, brief=("job.stage", "job.seed", "kept_epoch", "validation.loss", "test.accuracy")):
    """The result of a job. `weights`: sha256 of the saved weights, in the order of the layers.

    `training`, `validation`, `test`: scores of the saved model, dropout off. `diverged`: loss or weights became
    infinite or not a number, and the weights of the last good epoch were saved.
    """

    job: Job
    parameters: int
    history: tuple[Epoch, ...]
    best_epoch: int | None
    stopped_epoch: int
    kept_epoch: int
    training: Scores
    validation: Scores
    test: Scores
    seconds: Seconds
    weights: str
    diverged: bool = False


@dataclass(frozen=True)
class Running:
    """A training in progress. `epoch`: epochs done; `seconds`: since it started; `worker`: process or node."""

    worker: str
    job: Job
    epoch: int
    epochs: int
    seconds: float


@dataclass(frozen=True)
class StudyProgress:
    """Progress of a study: `done` of `jobs` trainings, of which `reused` were finished before this call.

    `seconds_left`: an estimate; None if there is none yet. `finished`: the training that has just ended, if any.
    `choosing`: the study selects one of its trainings, so scores on the test images must not be shown.
    """

    jobs: int
    done: int
    reused: int
    running: tuple[Running, ...]
    seconds_left: float | None
    finished: Outcome | None = None
    choosing: bool = False


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

    `inside`: number of seeds inside the published range. `margin`: the standard deviation between many seeds, by which
    the range is widened at both ends. `answer`: the 90 % interval of our mean lies in that wider range (two one-sided
    t-tests at 5 %, of at least that deviation), beyond it, or neither.
    """

    published: PublishedRange
    compared: Spread
    inside: int
    margin: float
    answer: Literal["agrees", "differs", "unclear", "too few seeds"]


@dataclass(frozen=True)
class StageResult(Shown, brief=("stage", "validation_loss.mean", "test_accuracy.mean")):
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
class Reproduction(Shown, brief=("dataset.name", "seeds", "stages", "trained")):
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


@dataclass(frozen=True)
class Trial(Shown, brief=("settings", "validation_loss.mean", "validation_accuracy.mean")):
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
class Tuning(Shown, brief=("stage", "dataset.name", "trials", "trained")):
    """A finished search. `trials`: by mean validation loss, lowest first, diverged ones last.

    `choices`: the values tried for each setting. `combinations`: their number; `drawn`: how many of them were
    trained. The reference is trained as well if it is not among them.
    `trained`: trainings done in this call; the others were found in `folder`. `command`: trains the winner as a run.
    `notes`: what may make the winner fail elsewhere, a learning rate far above the usual one.
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
    notes: tuple[Note, ...] = ()
