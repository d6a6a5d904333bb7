"""Measure how often `verify` gives a false alarm on new seeds, and which mistakes it catches, by stage.

python -m tests.study.mistakes FOLDER --fresh 30        FOLDER saves the trainings, as for `make bands`
python -m tests.study.mistakes FOLDER --mistakes
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from kerasnn.data.dataset import Dataset, Part
from kerasnn.data.load import load_data
from kerasnn.lecture.activations import ACTIVATIONS, log_softmax
from kerasnn.lecture.layers import Dense, Dropout
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.networks import forward
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.evaluation import _scores
from kerasnn.networks.forward import Network
from kerasnn.records import Job, Outcome, Scores, Verification
from kerasnn.records.note import sentence
from kerasnn.study.job import run_job
from kerasnn.study.judge_training import judge_training
from kerasnn.study.results import train_missing
from kerasnn.study.statistics import CompletedTraining
from kerasnn.training import baseline
from kerasnn.training.train import train

FRESH = 3001  # the first of the seeds that no band was made from


def subject(outcome: Outcome, dataset: Dataset) -> CompletedTraining:
    """A training as its record would tell of it: without a word of what was done wrong."""
    return CompletedTraining(
        outcome.job.stage,
        outcome.job.stage,
        outcome.job.seed,
        "fused",
        dataset.info,
        outcome.history,
        outcome.best_epoch,
        outcome.stopped_epoch,
        outcome.kept_epoch,
        outcome.training,
        outcome.validation,
        outcome.test,
    )


@contextmanager
def images_not_scaled() -> Iterator[None]:
    """Bytes 0..255 go into training and prediction as they are."""
    from kerasnn.networks.runtime import tf
    from kerasnn.training.fused_program import Program

    scaled = Program.forward

    def unscaled(program: Any, images: Any, *moment: Any) -> Any:
        return scaled(program, tf.cast(images, tf.float32) * 255.0, *moment)

    def as_they_are(images: Any) -> Reals:
        found: Reals = images.reshape(len(images), -1).astype(np.float32)
        return found

    with (
        patch.object(Program, "forward", unscaled),
        patch.object(forward, "unrolled", as_they_are),
        patch.object(baseline, "_inputs", lambda part: part.images.reshape(len(part), -1) / 1.0),
    ):
        yield


def not_scaled(stage: str, seed: int, dataset: Dataset) -> CompletedTraining:
    with images_not_scaled():
        return subject(run_job(Job(stage, seed), dataset), dataset)


def labels_shuffled(stage: str, seed: int, dataset: Dataset) -> CompletedTraining:
    """One training image in ten has the label of another one of them; validation and test images are in order."""
    random = np.random.default_rng(seed)
    labels = dataset.train.labels.copy()
    chosen = random.choice(len(labels), len(labels) // 10, replace=False)
    labels[chosen] = labels[random.permutation(chosen)]
    wrong = replace(dataset, train=Part(dataset.train.images, labels))
    return subject(run_job(Job(stage, seed), wrong), dataset)


def one_epoch_too_few(stage: str, seed: int, dataset: Dataset) -> CompletedTraining:
    """One epoch less than the stage has; of early stopping, one epoch less of patience."""
    settings = STAGE_BY_NAME[stage].settings
    less: dict[str, int] = {"epochs": settings.epochs - 1} if settings.patience is None else {"patience": 1}
    return subject(run_job(Job(stage, seed, less), dataset), dataset)


def dropout_left_on(stage: str, seed: int, dataset: Dataset) -> CompletedTraining | None:
    """Trained as it should be, then asked with dropout on; the history is the training's own."""
    settings, _ = resolve(STAGE_BY_NAME[stage], {"seed": seed})
    if not settings.dropout:
        return None
    found = train(STAGE_BY_NAME[stage], settings, dataset)
    network, training = found.classifier, found.training
    assert isinstance(network, Network)
    random = np.random.default_rng(seed)
    scores = [with_dropout(network, part, random) for part in (dataset.train, dataset.validation, dataset.test)]
    return CompletedTraining(
        stage,
        stage,
        seed,
        "fused",
        dataset.info,
        training.history,
        training.best_epoch,
        training.stopped_epoch,
        training.kept_epoch,
        *scores,
    )


def with_dropout(network: Network, part: Part, random: np.random.Generator) -> Scores:
    values, weights = unrolled(part.images), iter(network.weights)
    layers = [layer for layer in network.architecture.layers if isinstance(layer, Dense | Dropout)]
    for layer in layers[:-1]:
        if isinstance(layer, Dropout):
            values = np.where(random.random(values.shape) < layer.rate, 0, values / (1 - layer.rate)).astype("float32")
        else:
            found = next(weights)
            values = ACTIVATIONS[layer.activation].function(values @ found.kernel + found.bias)
    last = next(weights)
    return _scores(log_softmax(values @ last.kernel + last.bias), part.labels)


def rate_ten_times_too_high(stage: str, seed: int, dataset: Dataset) -> CompletedTraining | None:
    rate = STAGE_BY_NAME[stage].settings.learning_rate
    if rate is None:
        return None
    return subject(run_job(Job(stage, seed, {"learning_rate": 10 * rate}), dataset), dataset)


MISTAKES: dict[str, Callable[[str, int, Dataset], CompletedTraining | None]] = {
    "images not scaled": not_scaled,
    "labels of 10% shuffled": labels_shuffled,
    "one epoch too few": one_epoch_too_few,
    "dropout left on": dropout_left_on,
    "learning rate x 10": rate_ten_times_too_high,
}


def told(found: Verification) -> str:
    """One line: the verdict, the figure farthest away, and the first cause."""
    if found.holds:
        return "NOT caught"
    outside = [check for check in found.checks if not check.inside]
    of_figures = [check for check in outside if check.away is not None]
    farthest = max(of_figures, key=lambda check: abs(check.away or 0), default=None)
    figure = f"{farthest.figure} {farthest.away:+.0f} sd" if farthest else f"{outside[0].figure} alone"
    return f"caught: {len(of_figures)} figures, {figure}; {sentence(found.causes[0])[:60]}"


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
        jobs = [Job(stage, seed) for seed in range(FRESH, FRESH + chosen.fresh)]
        found = [
            judge_training(subject(each, dataset))
            for each in train_missing(jobs, dataset, folder=chosen.folder)[0].values()
        ]
        wrong = [f"seed {each.seed}: {told(each)}" for each in found if not each.holds]
        sys.stdout.write(f"{stage:15} {len(wrong)} of {len(found)} fresh seeds outside  {'; '.join(wrong)}\n")
        sys.stdout.flush()
    for name, mistake in MISTAKES.items() if chosen.mistakes else ():
        for stage in stages:
            made = mistake(stage, FRESH, dataset)
            sys.stdout.write(f"{name:24} {stage:15} {told(judge_training(made)) if made else '-'}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
