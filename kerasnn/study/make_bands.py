"""Make the bands that `verify` judges by: `python -m kerasnn.study.make_bands FOLDER`, as called by `make bands`.

It trains every stage with 60 seeds on the real Fashion-MNIST and on garments, and saves each training in FOLDER.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.files.atomic import write_text
from kerasnn.lecture.stages import STAGES
from kerasnn.records import Event, Job, Outcome, StudyProgress
from kerasnn.records.data import FASHION_MNIST, GARMENTS
from kerasnn.runs.environment import versions
from kerasnn.study.bands import ALARM, limits, metric_values, quantiles
from kerasnn.study.results import train_missing

# users are unlikely to pick these; verifying a training that the band was made from would prove nothing
SEEDS: Final = (*range(1001, 1031), *range(2001, 2031))
DATASETS: Final = (FASHION_MNIST, GARMENTS)
FILE: Final = Path(__file__).with_name("bands.json")
ABOUT: Final = (
    "Where the metrics of a correct training lie, over the seeds listed. mean, deviation, quantiles (minimum, lower "
    "quartile, median, upper quartile, maximum): of the metric. low, high: the band for one more seed, the wider of a "
    "prediction interval by Student's t and of the ends of exponential tails through quartile and extreme, losses on a "
    "logarithmic scale. The chance that a correct training leaves any band of its stage is at most `alarm`, unless "
    "tails are heavier than exponential."
)


def stage_band(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the band of a stage in the form in which bands.json stores it."""
    rows = [metric_values(outcome) for outcome in outcomes]
    return {
        "seeds": len(rows),
        "stopped_epochs": sorted(outcome.stopped_epoch for outcome in outcomes),
        "figures": {name: _metric_band([row[name] for row in rows], name, len(rows[0])) for name in rows[0]},
    }


def _metric_band(values: list[float], name: str, count: int) -> dict[str, Any]:
    found = limits(values, name, count)
    return {name: _short(value) for name, value in asdict(found).items()} | {
        "quantiles": list(map(_short, quantiles(values)))
    }


def _short(value: float) -> float:  # more digits would only make the file larger
    return float(f"{value:.6g}")


def dataset_bands(dataset: Dataset, seeds: Sequence[int], folder: Path, workers: int) -> dict[str, Any]:
    """Train all stages on one data set and return their bands."""
    jobs = [Job(stage.name, seed) for stage in STAGES for seed in seeds]
    outcomes, _trained = train_missing(jobs, dataset, folder=folder, workers=workers, listener=_print_progress)
    return {
        "name": dataset.info.name,
        "sha256": dataset.info.sha256,
        "seeds": list(seeds),
        "command": f"python -m kerasnn.study.make_bands FOLDER --dataset {dataset.info.name} --seeds {len(seeds)}",
        "versions": versions(),
        "stages": {stage.name: stage_band([outcomes[Job(stage.name, seed)] for seed in seeds]) for stage in STAGES},
    }


def _print_progress(event: Event) -> None:
    if isinstance(event, StudyProgress) and event.finished is not None:
        left = "" if event.seconds_left is None else f", about {event.seconds_left / 60:.0f} minutes left"
        print(f"{event.done} of {event.jobs}{left}", flush=True)  # noqa: T201


def main() -> None:
    """Read the command line, train, and write bands.json; data sets that are not trained on keep their bands."""
    parser = argparse.ArgumentParser(description="Make the bands of kerasnn verify.")
    parser.add_argument("folder", type=Path, help="where finished trainings are saved")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="number of seeds")
    parser.add_argument("--workers", type=int, default=1, help="number of trainings at a time")
    parser.add_argument("--dataset", action="append", choices=DATASETS, help="only this; the others' bands stay")
    chosen = parser.parse_args()
    seeds = SEEDS[: chosen.seeds]
    present = json.loads(FILE.read_text(encoding="utf-8"))["datasets"] if FILE.exists() else []
    bands = {found["name"]: found for found in present}
    for name in chosen.dataset or DATASETS:
        bands[name] = dataset_bands(load_data(name), seeds, chosen.folder, chosen.workers)
    content = {"about": ABOUT, "alarm": ALARM, "datasets": [bands[name] for name in DATASETS if name in bands]}
    write_text(FILE, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
