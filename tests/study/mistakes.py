"""Measure how often `verify` gives a false alarm on new seeds, and which mistakes it catches, with which causes.

python -m tests.study.mistakes FOLDER --fresh 30        FOLDER saves the trainings, as for `make bands`
python -m tests.study.mistakes FOLDER --mistakes        prints a row for each of MISTAKES
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.lecture.stages import STAGES
from kerasnn.records import Job, Outcome, Verification
from kerasnn.study.bands import CompletedTraining
from kerasnn.study.job import plan_of, run_job
from kerasnn.study.judge_training import FirstEpoch, band_for, judge_training
from kerasnn.study.repeat import train_first_epoch
from kerasnn.study.results import train_missing
from tests.study import wrong
from tests.study.wrong import built, in_order, prepared

FRESH = 3001  # the first of the seeds that no band was made from


def subject(outcome: Outcome, dataset: Dataset) -> CompletedTraining:
    """A training as its record would tell of it: without a word of what was done wrong."""
    known: dict[str, Any] = {
        "name": outcome.job.stage,
        "stage": outcome.job.stage,
        "seed": outcome.job.seed,
        "engine": "fused",
    }
    rest = {each.name for each in fields(CompletedTraining)} - {*known, "dataset"}
    return CompletedTraining(**known, dataset=dataset.info, **{name: getattr(outcome, name) for name in rest})


@dataclass(frozen=True)
class Mistake:
    """What is done wrong with `stage`: other settings, data or code, or a record that was changed afterwards."""

    stage: str
    overrides: dict[str, Any] = field(default_factory=dict)
    data: Callable[[Dataset], Dataset] = lambda dataset: dataset
    code: Callable[[], AbstractContextManager[Any]] = nullcontext
    record: Callable[[CompletedTraining], CompletedTraining] = lambda training: training
    seed: int = FRESH

    def make(self, dataset: Dataset) -> CompletedTraining:
        """Train, wrongly."""
        with self.code():
            outcome = run_job(Job(self.stage, self.seed, self.overrides), self.data(dataset))
        return self.record(subject(outcome, dataset))


MISTAKES = {
    "images not divided by 255": Mistake("adam", code=lambda: prepared(lambda pixels: pixels * 255)),
    "images divided twice": Mistake("adam", code=lambda: prepared(lambda pixels: pixels / 255)),
    "mean of the pixels subtracted": Mistake("adam", code=lambda: prepared(lambda pixels: pixels - 73)),
    "training images mirrored": Mistake("adam", data=wrong.mirrored),
    "half of the training images": Mistake("adam", data=wrong.halved),
    "validation images in training": Mistake("adam", data=wrong.with_validation),
    "labels of a tenth shuffled": Mistake("adam", data=wrong.a_tenth_shuffled),
    "training labels off by one": Mistake(
        "adam", data=lambda data: wrong.labels_of(data, (data.train.labels + 1) % 10)
    ),
    "one epoch too few": Mistake("adam", {"epochs": 4}),
    "one epoch too many": Mistake("adam", {"epochs": 6}),
    "learning rate x 10": Mistake("adam", {"learning_rate": 0.01}),
    "learning rate / 10": Mistake("adam", {"learning_rate": 0.0001}),
    "batches of 64": Mistake("adam", {"batch_size": 64}),
    "batches of 320": Mistake("adam", {"batch_size": 320}),
    "sgd for adam": Mistake("adam", {"optimizer": "sgd"}),
    "sgd with momentum for adam": Mistake("adam", {"optimizer": "sgd", "momentum": 0.9}),
    "rmsprop for adam": Mistake("adam", {"optimizer": "rmsprop"}),
    "no shuffling": Mistake("adam", code=lambda: in_order(lambda _seed, count: np.arange(count))),
    "the same order in every epoch": Mistake(
        "adam", code=lambda: in_order(lambda seed, count: np.random.default_rng([seed, 0]).permutation(count))
    ),
    "50 units": Mistake("adam", {"hidden": (50,)}),
    "two hidden layers": Mistake("adam", {"hidden": (100, 100)}),
    "tanh for sigmoid": Mistake("hidden", {"activation": "tanh"}),
    "no bias": Mistake("adam", code=lambda: built(lambda layer: setattr(layer.bias, "trainable", False))),
    "initial weights of zero": Mistake("adam", code=lambda: built(lambda layer: layer.kernel.assign(layer.kernel * 0))),
    "He's initial weights": Mistake("adam", code=lambda: built(wrong.he_normal)),
    "no dropout in training": Mistake("dropout", {"dropout": 0.0}),
    "dropout of 0.7 for 0.3": Mistake("dropout", {"dropout": 0.7}),
    "dropout left on": Mistake("dropout", code=wrong.dropout_left_on),
    "the last epoch kept for the best": Mistake("early-stopping", code=wrong.last_weights_kept),
    "test measured on training images": Mistake("adam", record=lambda found: replace(found, test=found.training)),
    "test accuracy 0.03 too high": Mistake(
        "adam", record=lambda found: replace(found, test=replace(found.test, accuracy=found.test.accuracy + 0.03))
    ),
    "another seed than recorded": Mistake("adam", seed=FRESH + 1),
}


def told(found: Verification) -> str:
    """The verdict: how many bands were left, which check is farthest off, and the causes."""
    if found.holds:
        return "nothing unusual"
    outside = [check for check in found.checks if not check.inside]
    far = max(outside, key=lambda check: abs(check.away or 0))
    figure = far.figure if far.away is None else f"{far.figure} {far.away:+.0f} sd"
    return f"{len(outside)} checks, {figure}; {', '.join(cause.code for cause in found.causes)}"


def false_alarms(stage: str, dataset: Dataset, seeds: int, folder: Path) -> str:
    jobs = [Job(stage, seed) for seed in range(FRESH, FRESH + seeds)]
    outcomes = train_missing(jobs, dataset, folder=folder)[0].values()
    band = band_for(stage, dataset.info)
    found = [judge_training(subject(each, dataset), band) for each in outcomes]
    wrong = [f"seed {each.seed}: {told(each)}" for each in found if not each.holds]
    return f"{stage:15} {len(wrong)} of {len(found)} fresh seeds outside  {'; '.join(wrong)}"


def verdicts(dataset: Dataset, stages: list[str]) -> Iterator[str]:
    """Yield a row for each mistake: what its bands tell, and what repeating its first epoch adds."""
    firsts: dict[str, FirstEpoch] = {}
    for name, mistake in MISTAKES.items():
        if (stage := mistake.stage) not in stages:
            continue
        if stage not in firsts:
            firsts[stage] = FirstEpoch(train_first_epoch(plan_of(Job(stage, FRESH)), dataset), exact=True)
        made, band = mistake.make(dataset), band_for(stage, dataset.info)
        alone, both = judge_training(made, band), judge_training(made, band, first=firsts[stage])
        yield f"{name:33} {stage:14} first epoch {both.first_epoch:8} bands: {told(alone)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dataset", default="fashion-mnist")
    parser.add_argument("--fresh", type=int, default=0, metavar="SEEDS")
    parser.add_argument("--mistakes", action="store_true")
    parser.add_argument("--stages", default=",".join(stage.name for stage in STAGES))
    chosen = parser.parse_args()
    dataset, stages = load_data(chosen.dataset), chosen.stages.split(",")
    for stage in stages if chosen.fresh else ():
        print(false_alarms(stage, dataset, chosen.fresh, chosen.folder), flush=True)  # noqa: T201
    for row in verdicts(dataset, stages) if chosen.mistakes else ():
        print(row, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
