"""Make the bands that `verify` judges by: `python -m kerasnn.study.make_bands FOLDER`, as `make bands` calls it.

Every stage is trained with 60 seeds on the real Fashion-MNIST and on garments; FOLDER keeps the trainings as they come.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.files.atomic import write_text
from kerasnn.lecture.stages import STAGES
from kerasnn.records import Event, Job, Outcome, StudyProgress
from kerasnn.records.data import FASHION_MNIST, GARMENTS
from kerasnn.runs.environment import versions
from kerasnn.study.bands import ALARM, figures, limits, measured
from kerasnn.study.results import trained

SEEDS: Final = (*range(1001, 1031), *range(2001, 2031))  # nobody's own: a user's seed is a fresh one
DATASETS: Final = (FASHION_MNIST, GARMENTS)
FILE: Final = Path(__file__).with_name("bands.json")
ABOUT: Final = (
    "Where the figures of a right training lie, over the seeds named. mean, deviation, quantiles (lowest, quarter, "
    "half, three quarters, highest): of the figure. low, high: the band for one more seed, a prediction interval by "
    "Student's t, losses on a logarithmic scale; all bands of a stage together would be left by a right "
    "training with a chance of at most `alarm`, were figures normal; their tails are heavier, so a band is widened "
    "where one of the seeds named lies outside."
)


def band(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The band of a stage, as the file holds it."""
    rows = [figures(measured(outcome)) for outcome in outcomes]
    return {
        "seeds": len(rows),
        "stopped_epochs": sorted(outcome.stopped_epoch for outcome in outcomes),
        "figures": {name: _figure([row[name] for row in rows], name, len(rows[0])) for name in rows[0]},
    }


def _figure(values: list[float], name: str, count: int) -> dict[str, Any]:
    found = limits(values, name, count)
    quantiles = [min(values), *statistics.quantiles(values, n=4, method="inclusive"), max(values)]
    return {
        "mean": _short(found.mean),
        "deviation": _short(found.deviation),
        "low": _short(found.low),
        "high": _short(found.high),
        "quantiles": list(map(_short, quantiles)),
    }


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def bands_of(dataset: Dataset, seeds: Sequence[int], folder: Path, workers: int) -> dict[str, Any]:
    """All stages on one data set."""
    jobs = [Job(stage.name, seed) for stage in STAGES for seed in seeds]
    outcomes = trained(jobs, dataset, folder=folder, workers=workers, listener=_tell)
    by_stage = {stage.name: [outcomes[Job(stage.name, seed)] for seed in seeds] for stage in STAGES}
    return {
        "name": dataset.info.name,
        "sha256": dataset.info.sha256,
        "seeds": list(seeds),
        "command": f"python -m kerasnn.study.make_bands FOLDER --dataset {dataset.info.name} --seeds {len(seeds)}",
        "versions": versions(),
        "stages": {stage: band(found) for stage, found in by_stage.items()},
    }


def _tell(event: Event) -> None:
    if isinstance(event, StudyProgress) and event.finished is not None:
        left = "" if event.seconds_left is None else f", about {event.seconds_left / 60:.0f} minutes left"
        print(f"{event.done} of {event.jobs}{left}", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the bands of kerasnn verify.")
    parser.add_argument("folder", type=Path, help="keeps the trainings as they come")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many")
    parser.add_argument("--workers", type=int, default=1, help="trainings at a time")
    parser.add_argument("--dataset", action="append", choices=DATASETS, help="one of them alone; the other's stay")
    chosen = parser.parse_args()
    seeds = SEEDS[: chosen.seeds]
    made = {found["name"]: found for found in _kept()}
    for name in chosen.dataset or DATASETS:
        made[name] = bands_of(load_data(name), seeds, chosen.folder, chosen.workers)
    content = {
        "about": ABOUT,
        "alarm": ALARM,
        "datasets": [made[name] for name in DATASETS if name in made],
    }
    write_text(FILE, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _kept() -> list[dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))["datasets"] if FILE.exists() else []


if __name__ == "__main__":
    main()
