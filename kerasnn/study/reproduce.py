"""Every stage times every seed, and how far the figures reach.

Trainings of one seed are paired: they learn from the same split, and, where two stages have layers of the same shapes,
from the same first weights and in the same order of the images. So what differs between stages is the stage.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.published import PublishedRange, published_range
from kerasnn.records import (
    Agreement,
    Job,
    Listener,
    Outcome,
    Reproduction,
    Spread,
    StageResult,
    ignore,
)
from kerasnn.study.results import Tally, trained
from kerasnn.study.statistics import spread
from kerasnn.study.verdicts import judge_what_can_be

TRAININGS: Final = "trainings"


def reproduce(
    stages: Sequence[str],
    seeds: Sequence[int],
    dataset: Dataset,
    *,
    out: Path,
    workers: int,
    ray: str | None = None,
    listener: Listener = ignore,
) -> Reproduction:
    """Train what `out` does not have yet, and measure all. `workers`, `ray`: as in `trained`.

    Raises: UsageError for an unknown stage or seed; what `trained` raises.
    """
    began, tally = time.perf_counter(), Tally(listener)
    jobs = [Job(stage, seed) for stage in stages for seed in seeds]

    outcomes = trained(jobs, dataset, folder=out / TRAININGS, workers=workers, ray=ray, listener=tally)
    comparable = dataset.info.name == "fashion-mnist"
    return Reproduction(
        dataset=dataset.info,
        seeds=tuple(seeds),
        stages=tuple(_result(stage, [outcomes[Job(stage, seed)] for seed in seeds], comparable) for stage in stages),
        outcomes=tuple(outcomes.values()),
        trained=len(outcomes) - tally.kept,
        seconds=time.perf_counter() - began,
        folder=str(out),
        command=_command(stages, seeds, dataset),
        claims=judge_what_can_be(outcomes, seeds),
    )


def _result(stage: str, outcomes: list[Outcome], comparable: bool) -> StageResult:
    best = [each.best_epoch for each in outcomes if each.best_epoch is not None]
    published = published_range(stage) if comparable else None
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
        agreement=_agreement(published, outcomes) if published is not None and published.epoch is not None else None,
        diverged=tuple(each.job.seed for each in outcomes if each.diverged),
    )


def _agreement(published: PublishedRange, outcomes: list[Outcome]) -> Agreement:
    figures = [_compared(published, outcome) for outcome in outcomes]
    found = spread(figures)
    return Agreement(
        published=published,
        compared=found,
        inside=sum(published.low <= figure <= published.high for figure in figures),
        agrees=_reaches(found, published),
    )


def _compared(published: PublishedRange, outcome: Outcome) -> float:
    """The accuracy of the epoch that the notebooks printed."""
    if published.epoch == "kept":
        return outcome.validation.accuracy
    return next(epoch.val_accuracy for epoch in outcome.history if epoch.epoch == outcome.best_epoch)


def _reaches(found: Spread, published: PublishedRange) -> bool:
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    return low <= published.high and high >= published.low


def _command(stages: Sequence[str], seeds: Sequence[int], dataset: Dataset) -> str:
    known = dataset.info.name in ("fashion-mnist", "garments")
    place = dataset.info.name if known else dataset.info.location
    first = f" --seed {seeds[0]}" if seeds[0] != 42 else ""
    return f"kerasnn reproduce --stages {','.join(stages)} --seeds {len(seeds)}{first} --dataset {place}"
