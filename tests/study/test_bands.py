"""The reference bands of verify: how often normal and heavy-tailed metrics leave them, and what the file holds."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.stages import STAGES
from kerasnn.study.bands import ALARM, METRICS, NORMAL_ALARM, find_band, limits, seeds_differ, tail_end

BANDS = json.loads((Path(kerasnn.__file__).parent / "study" / "bands.json").read_text(encoding="utf-8"))


@pytest.mark.full
def test_normal_figures_are_outside_no_more_often_than_the_alarm_says() -> None:
    random, outside, rounds, seeds = np.random.default_rng(0), 0, 1500, 30
    for _ in range(rounds):
        seen, fresh = random.normal(0.5, 0.01, (len(METRICS), seeds)), random.normal(0.5, 0.01, len(METRICS))
        bands = [limits(list(row), name, len(METRICS)) for name, row in zip(METRICS, seen, strict=True)]
        outside += any(not band.low <= value <= band.high for band, value in zip(bands, fresh, strict=True))
    assert outside / rounds <= NORMAL_ALARM + 3 * np.sqrt(NORMAL_ALARM / rounds)


def test_limits_are_scipys_prediction_interval() -> None:
    values = [0.500, 0.502, 0.501, 0.503]  # so few and so even that the normal interval is the wider
    found = limits(values, "test accuracy", 5)
    scale = np.std(values, ddof=1) * np.sqrt(1 + 1 / 4)
    assert (found.low, found.high) == pytest.approx(stats.t.interval(1 - NORMAL_ALARM / 5, 3, np.mean(values), scale))
    skewed = limits(values, "test loss", 5)
    scale = np.std(np.log(values), ddof=1) * np.sqrt(1 + 1 / 4)
    bounds = np.exp(stats.t.interval(1 - NORMAL_ALARM / 5, 3, np.mean(np.log(values)), scale))
    assert (skewed.low, skewed.high) == pytest.approx(tuple(bounds))


def test_nineteen_of_twenty_pairs_of_seeds_differ_by_no_more_than_is_said() -> None:
    (dataset, *_) = BANDS["datasets"]
    info = SimpleNamespace(sha256=dataset["sha256"])
    runs: list[Any] = [SimpleNamespace(stage=stage, dataset=info) for stage in ("dropout", "softmax")]
    found = seeds_differ(runs)
    assert found is not None
    stage, most = found
    assert stage == "softmax"  # its deviation is the larger
    metric = dataset["stages"][stage]["figures"]["test accuracy"]
    pairs = np.random.default_rng(0).normal(metric["mean"], metric["deviation"], (2, 200_000))
    assert (abs(pairs[0] - pairs[1]) <= most).mean() == pytest.approx(0.95, abs=0.002)
    unknown: Any = SimpleNamespace(stage="softmax", dataset=SimpleNamespace(sha256="other"))
    assert seeds_differ([*runs, unknown]) is None


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_the_bands_cover_every_stage_of_both_data_sets(stage: str, garments: Dataset) -> None:
    digests = {dataset["name"]: dataset["sha256"] for dataset in BANDS["datasets"]}
    assert digests["garments"] == garments.info.sha256
    assert set(digests) == {"fashion-mnist", "garments"}
    for digest in digests.values():
        band = find_band(stage, digest)
        assert band is not None
        assert band.seeds >= 30
        expected = set(METRICS) if stage != "sgd" else {name for name in METRICS if "epoch" not in name}
        assert set(band.limits) == expected
        assert all(each.low < each.mean < each.high for each in band.limits.values())
    for made in BANDS["datasets"]:
        assert {"tensorflow", "keras", "numpy", "python"} <= set(made["versions"])
        assert made["command"].startswith("python -m kerasnn.study.make_bands")


def test_a_band_takes_in_every_seed_it_was_made_from() -> None:
    far = [1.0] * 29 + [1.5]
    assert limits(far, "test accuracy", 11).high == 1.0  # an accuracy
    assert limits([value / 2 for value in far], "test accuracy", 11).high > 0.75
    assert limits(far, "test loss", 11).high > 1.5
    for stage in (stage for dataset in BANDS["datasets"] for stage in dataset["stages"].values()):
        for figure in stage["figures"].values():
            lowest, *_, highest = figure["quantiles"]
            assert figure["low"] <= lowest * (1 + 1e-5)
            assert highest <= figure["high"] * (1 + 1e-5)


def test_a_tail_ends_where_an_exponential_one_leaves_the_share_that_is_promised() -> None:
    seeds, count = 60, 11
    quartile, extreme = (stats.expon.isf(share) for share in (1 / 4, 1 / (seeds + 1)))
    assert tail_end(quartile, extreme, seeds, count) == pytest.approx(stats.expon.isf(ALARM / 2 / count))
    assert tail_end(-quartile, -extreme, seeds, count) == pytest.approx(-stats.expon.isf(ALARM / 2 / count))


@pytest.mark.full
@pytest.mark.parametrize("tail", [stats.expon, stats.laplace, stats.logistic])
def test_figures_with_heavy_tails_are_seldom_outside(tail: Any) -> None:
    """Metrics that have nothing to do with each other, the worst case; two in a hundred is Laplace's, measured."""
    random, outside, rounds, seeds = np.random.default_rng(0), 0, 300, 60
    for _ in range(rounds):
        rows = 0.5 + 0.001 * tail.rvs(size=(len(METRICS), seeds + 1), random_state=random)
        bands = [limits(list(row[1:]), name, len(METRICS)) for name, row in zip(METRICS, rows, strict=True)]
        outside += any(not band.low <= row[0] <= band.high for band, row in zip(bands, rows, strict=True))
    assert outside / rounds <= 0.02 + 3 * np.sqrt(0.02 / rounds)


def test_the_file_has_the_limits_that_its_own_quantiles_ask_for() -> None:
    for stage in (stage for dataset in BANDS["datasets"] for stage in dataset["stages"].values()):
        for name, figure in stage["figures"].items():
            scale, back = (np.log, np.exp) if "loss" in name else (float, float)
            lowest, lower, _median, upper, highest = map(scale, figure["quantiles"])
            ends = [
                tail_end(*tail, stage["seeds"], len(stage["figures"])) for tail in ((lower, lowest), (upper, highest))
            ]
            if "accuracy" in name:
                ends = [max(ends[0], 0), min(ends[1], 1)]
            assert figure["low"] <= back(ends[0]) * (1 + 1e-4)
            assert figure["high"] >= back(ends[1]) * (1 - 1e-4)
