"""Measure how often the verdicts on learning curves are right.

python -m tests.training.verdicts FILE               reads trainings from FILE, one in JSON on each line
python -m tests.training.verdicts FILE --seeds 40    first trains what is missing there, with 40 seeds for each stage

Every training goes on for 40 epochs. It is cut at every epoch from the fourth on, read as if it had ended there, and
the verdict is compared with what follows.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from kerasnn.data.dataset import Dataset, Part
from kerasnn.data.load import load_data
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.records import Epoch, Scores
from kerasnn.records.serialize import restore
from kerasnn.training.reading import read_curves
from kerasnn.training.train import train

EPOCHS = 40
FIRST_SEED = 5000  # no band was made from these
STAGES = ("softmax", "hidden", "relu", "adam", "dropout")  # the others differ from these in their epochs only
FORCED = 20  # trainings of 500 units on 2,000 images, which overfit
SOON = 10  # epochs
LITTLE = 0.05  # of the loss


@dataclass(frozen=True)
class Curves:
    """A whole training. `group`: `main`, or `forced` to overfit."""

    group: str
    stage: str
    seed: int
    history: tuple[Epoch, ...]


def read_file(path: Path) -> list[Curves]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [restore(Curves, json.loads(line)) for line in lines]


def missing(found: list[Curves], seeds: int) -> Iterator[tuple[str, str, int]]:
    """Yield group, stage and seed of the trainings that are still to be done."""
    wanted = [("forced", "adam", FIRST_SEED + number) for number in range(FORCED)]
    wanted += [("main", stage, FIRST_SEED + number) for number in range(seeds) for stage in STAGES]
    yield from (each for each in wanted if each not in {(one.group, one.stage, one.seed) for one in found})


def trained(group: str, stage: str, seed: int, data: Dataset) -> Curves:
    overrides: dict[str, Any] = {"seed": seed, "epochs": EPOCHS}
    if group == "forced":
        overrides["hidden"] = (500,)
        some = np.random.default_rng(seed).permutation(len(data.train))[:2000]
        data = replace(data, train=Part(data.train.images[some], data.train.labels[some]))
    settings, _changed = resolve(find_stage(stage), overrides)
    return Curves(group, stage, seed, train(find_stage(stage), settings, data).training.history)


def verdict(history: tuple[Epoch, ...]) -> str:
    reading = read_curves(history, Scores(log(10), 0.1), images=12_000)
    return reading.verdict if reading else ""


def table(trainings: list[Curves]) -> Iterator[str]:
    """Yield a line for each verdict: how often it was given, and what the following epochs brought."""
    called: Counter[str] = Counter()
    lower, soon, gains = Counter[str](), Counter[str](), defaultdict[str, list[float]](list)
    for each in trainings:
        losses = np.array([epoch.val_loss for epoch in each.history])
        for count in range(4, len(losses)):
            says, best = verdict(each.history[:count]), losses[:count].min()
            called[says] += 1
            lower[says] += int(losses[count:].min() < best)
            soon[says] += int(losses[count : count + SOON].min() < best)
            gains[says].append(1 - losses[count : count + SOON].min() / best)
    yield f"{'verdict':16}{'cuts':>6}{'lower by epoch 40':>20}{'lower in 10 epochs':>20}{'more than 5 % lower':>21}"
    for says, count in called.most_common():
        much = sum(gain > LITTLE for gain in gains[says])
        yield f"{says:16}{count:6}" + "".join(
            f"{part:{width - 8}} ({part / count:5.1%})"
            for part, width in ((lower[says], 20), (soon[says], 20), (much, 21))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=int, default=0)
    arguments = parser.parse_args()
    found = read_file(arguments.file)
    todo = list(missing(found, arguments.seeds)) if arguments.seeds else []
    data = load_data("fashion-mnist") if todo else None
    for group, stage, seed in todo:
        assert data is not None
        found.append(trained(group, stage, seed, data))
        with arguments.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(found[-1])) + "\n")
    whole = [each for each in found if each.group == "main"]
    sys.stdout.write(f"{len(whole)} trainings of {EPOCHS} epochs: {dict(Counter(each.stage for each in whole))}\n")
    sys.stdout.write("\n".join(table(whole)) + "\n")
    forced = [verdict(each.history) for each in found if each.group == "forced"]
    sys.stdout.write(f"{len(forced)} trainings made to overfit: {dict(Counter(forced))}\n")


if __name__ == "__main__":
    main()
