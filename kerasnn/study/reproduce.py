"""Train every stage with every seed, and report how much the metrics vary.

Trainings with the same seed are paired. They share the split and the order of the images, and layers of the same shape
have the same initial weights. So only the stage differs between them.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.files.paths import REPRODUCTION, expanded
from kerasnn.lecture.settings import find_stage, seed_numbers
from kerasnn.lecture.stages import STAGES, PublishedRange, published_range
from kerasnn.records import Agreement, DatasetInfo, Job, Listener, Outcome, Reproduction, StageResult, show_in_notebook
from kerasnn.records.claims import Verdict
from kerasnn.study.bands import find_band
from kerasnn.study.claims import judge_decidable
from kerasnn.study.results import TRAININGS, parallel_trainings, train_missing
from kerasnn.study.statistics import decide, spread

TOO_FEW: Final = 3  # the standard deviation of three values is itself off by about half
AGREEMENT_RISK: Final = 0.05  # the chance of a wrong answer, as usual for tests of equivalence
_ANSWERS: Final[dict[Verdict, Literal["agrees", "differs", "unclear"]]] = {
    "holds": "agrees",
    "does not hold": "differs",
    "not separable": "unclear",
    "not judged": "unclear",
}


def reproduce(
    stages: Sequence[str] = (),
    *,
    seeds: int | Sequence[int] = 5,
    workers: int | None = None,
    ray: str | None = None,
    out: str | Path = REPRODUCTION,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    listener: Listener = show_in_notebook,
) -> Reproduction:
    """Train each stage with each seed, and measure means, standard deviations and 95 % intervals.

    `stages`: their names; empty means all. `seeds`: how many, counted from 42, or a list of them. `workers`: how many
    trainings to run at a time, each on one thread; None means one per core. `ray`: the address of a Ray cluster to
    train on instead, `auto`, or `local`. `out`: the folder to save each finished training in, so that an interrupted
    call can continue. `dataset`, `data_dir`: as in `load_data`.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted, after the finished trainings are saved.
    """
    at_once, numbers = parallel_trainings(workers, ray), seed_numbers(seeds)
    names = list(dict.fromkeys(find_stage(name).name for name in stages)) or [stage.name for stage in STAGES]
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    began, folder = time.perf_counter(), expanded(out) / TRAININGS
    jobs = [Job(name, seed) for name in names for seed in numbers]
    outcomes, trained = train_missing(jobs, data, folder=folder, workers=at_once, ray=ray, listener=listener)
    return Reproduction(
        dataset=data.info,
        seeds=tuple(numbers),
        stages=tuple(_stage_result([outcomes[Job(name, seed)] for seed in numbers], data.info) for name in names),
        outcomes=tuple(outcomes.values()),
        trained=trained,
        seconds=time.perf_counter() - began,
        folder=str(out),
        command=_command(names, numbers, data),
        claims=judge_decidable(outcomes, numbers),
    )


def _stage_result(outcomes: list[Outcome], dataset: DatasetInfo) -> StageResult:
    stage = outcomes[0].job.stage
    best = [each.best_epoch for each in outcomes if each.best_epoch is not None]
    return StageResult(
        stage=stage,
        parameters=outcomes[0].parameters,
        validation_loss=spread([each.validation.loss for each in outcomes]),
        validation_accuracy=spread([each.validation.accuracy for each in outcomes]),
        test_loss=spread([each.test.loss for each in outcomes]),
        test_accuracy=spread([each.test.accuracy for each in outcomes]),
        best_epoch=spread(best) if best else None,
        stopped_epoch=spread([each.stopped_epoch for each in outcomes]),
        seconds=spread([each.seconds.train for each in outcomes]),
        agreement=_agreement(outcomes, dataset),
        diverged=tuple(each.job.seed for each in outcomes if each.diverged),
    )


def agreement(published: PublishedRange, accuracies: Sequence[float], deviation: float) -> Agreement:
    """Compare the mean of `accuracies`, one per seed, with the published range, widened at both ends by `deviation`.

    `deviation`: between many seeds. Each published accuracy is that of one training, so each end of the range is
    uncertain by as much. A few seeds often lack the rare bad one, and then vary too little: the interval of their
    mean is computed from `deviation` if they do.
    """
    bounds = published.low - deviation, published.high + deviation
    verdict = decide(accuracies, bounds, AGREEMENT_RISK, least=deviation)
    return Agreement(
        published=published,
        compared=spread(accuracies),
        inside=sum(published.low <= accuracy <= published.high for accuracy in accuracies),
        margin=deviation,
        answer="too few seeds" if len(accuracies) <= TOO_FEW else _ANSWERS[verdict],
    )


def _agreement(outcomes: list[Outcome], dataset: DatasetInfo) -> Agreement | None:
    stage = outcomes[0].job.stage
    # published numbers are of Fashion-MNIST; those of a user's own data cannot be compared with them
    published = published_range(stage) if dataset.is_fashion_mnist else None
    band = find_band(stage, dataset.sha256)
    if published is None or published.epoch is None or band is None:
        return None
    accuracies = [
        outcome.validation.accuracy  # of the saved model
        if published.epoch == "kept"
        else next(epoch.val_accuracy for epoch in outcome.history if epoch.epoch == outcome.best_epoch)
        for outcome in outcomes
    ]
    return agreement(published, accuracies, band.limits["validation accuracy"].deviation)


def _command(stages: Sequence[str], seeds: Sequence[int], dataset: Dataset) -> str:
    first = f" --seed {seeds[0]}" if seeds[0] != 42 else ""
    return (
        f"kerasnn reproduce --stages {','.join(stages)} --seeds {len(seeds)}{first} --dataset {dataset.info.argument}"
    )
