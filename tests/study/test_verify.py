"""verify: the coverage of the bands, their data, the mistakes that it catches, what it refuses and prints."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.records import Epoch, LayerArray, Note, Run, Scores, Verification, plain
from kerasnn.study.judge_training import judge_training
from kerasnn.study.statistics import ALARM, METRICS, CompletedTraining, find_band, limits, metric_values
from kerasnn.study.verify import TracedTraining, compare_trainings
from kerasnn.views.verification import verification_view
from tests.faults.fuzzing import record_of_run, small_model
from tests.study.mistakes import MISTAKES
from tests.views.test_views import rendered

BANDS = json.loads((Path(kerasnn.__file__).parent / "study" / "bands.json").read_text(encoding="utf-8"))


@pytest.mark.full
def test_normal_figures_are_outside_no_more_often_than_the_alarm_says() -> None:
    random, outside, rounds, seeds = np.random.default_rng(0), 0, 1500, 30
    for _ in range(rounds):
        seen, fresh = random.normal(0.5, 0.01, (len(METRICS), seeds)), random.normal(0.5, 0.01, len(METRICS))
        bands = [limits(list(row), name, len(METRICS)) for name, row in zip(METRICS, seen, strict=True)]
        outside += any(not band.low <= value <= band.high for band, value in zip(bands, fresh, strict=True))
    assert outside / rounds <= ALARM + 3 * np.sqrt(ALARM / rounds)


def test_limits_are_scipys_prediction_interval() -> None:
    values = [0.500, 0.502, 0.501, 0.505]
    found = limits(values, "test accuracy", 5)
    scale = np.std(values, ddof=1) * np.sqrt(1 + 1 / 4)
    assert (found.low, found.high) == pytest.approx(stats.t.interval(1 - ALARM / 5, 3, np.mean(values), scale))
    skewed = limits(values, "test loss", 5)
    scale = np.std(np.log(values), ddof=1) * np.sqrt(1 + 1 / 4)
    bounds = np.exp(stats.t.interval(1 - ALARM / 5, 3, np.mean(np.log(values)), scale))
    assert (skewed.low, skewed.high) == pytest.approx(tuple(bounds))


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
    assert limits([value / 2 for value in far], "test accuracy", 11).high == 0.75
    assert limits(far, "test loss", 11).high == pytest.approx(1.5)
    for stage in (stage for dataset in BANDS["datasets"] for stage in dataset["stages"].values()):
        for figure in stage["figures"].values():
            lowest, *_, highest = figure["quantiles"]
            assert figure["low"] <= lowest * (1 + 1e-5)
            assert highest <= figure["high"] * (1 + 1e-5)


def right(stage: str, dataset: Dataset) -> CompletedTraining:
    """A training whose every figure is the mean of its band."""
    band = find_band(stage, dataset.info.sha256)
    assert band is not None
    mean = {name: each.mean for name, each in band.limits.items()}
    epochs = STAGE_BY_NAME[stage].settings.epochs
    first, last = (
        Epoch(
            number,
            mean[f"{which} epoch, loss while training"],
            mean[f"{which} epoch, accuracy while training"],
            mean[loss],
            0.8,
        )
        for number, which, loss in ((1, "first", "first epoch, validation loss"), (epochs, "last", "validation loss"))
    )
    parts = [Scores(mean[f"{part} loss"], mean[f"{part} accuracy"]) for part in ("training", "validation", "test")]
    ends = (epochs, epochs, epochs)
    return CompletedTraining(stage, stage, 1, "fused", dataset.info, (first, last), *ends, *parts)


@pytest.mark.parametrize("stage", ["softmax", "adam", "dropout", "overfit"])
def test_figures_in_the_middle_hold_and_one_outside_does_not(stage: str, garments: Dataset) -> None:
    subject = right(stage, garments)
    found = judge_training(subject)
    assert found.holds
    assert found.causes == ()
    assert max(abs(check.away) for check in found.checks if check.away is not None) < 1e-3
    band = find_band(stage, garments.info.sha256)
    assert band is not None
    worse = replace(subject.test, loss=band.limits["test loss"].high * 1.01)
    found = judge_training(replace(subject, test=worse))
    assert [check.figure for check in found.checks if not check.inside] == ["test loss"]
    assert found.causes[0].code == "predicts-otherwise"
    again = replace(subject.validation, loss=subject.validation.loss * 1.01)
    found = judge_training(replace(subject, validation=again))
    assert [check.figure for check in found.checks if not check.inside] == ["validation loss, as in its history"]
    assert found.causes[0].code == "predicts-otherwise"


@pytest.mark.parametrize(
    ("stage", "best", "stopped", "kept", "outside"),
    [
        ("adam", 4, 5, 5, []),
        ("adam", 4, 4, 4, ["last epoch", "epoch kept"]),
        ("overfit", 7, 20, 20, []),
        ("early-stopping", 8, 10, 8, []),
        ("early-stopping", 8, 9, 8, ["last epoch"]),
        ("early-stopping", 8, 10, 10, ["epoch kept"]),
        ("early-stopping", 19, 20, 19, []),
        ("early-stopping", 20, 20, 20, []),
    ],
)
def test_epochs_follow_from_the_settings(
    stage: str, best: int, stopped: int, kept: int, outside: list[str], garments: Dataset
) -> None:
    subject = replace(right(stage, garments), best_epoch=best, stopped_epoch=stopped, kept_epoch=kept)
    found = judge_training(subject)
    assert [check.figure for check in found.checks if "epoch" in check.figure and not check.inside] == outside
    assert bool(found.causes) is bool(outside)


@pytest.mark.parametrize(
    ("mistake", "stage"),
    [
        ("images not scaled", "softmax"),
        pytest.param("labels of 10% shuffled", "softmax", marks=pytest.mark.full),
        pytest.param("one epoch too few", "softmax", marks=pytest.mark.full),
        pytest.param("learning rate x 10", "softmax", marks=pytest.mark.full),
    ],
)
def test_mistakes_are_caught(mistake: str, stage: str, garments: Dataset) -> None:
    made = MISTAKES[mistake](stage, 7, garments)
    assert made is not None
    found = judge_training(made)
    assert not found.holds
    assert found.causes
    assert "OUTSIDE" in rendered(verification_view(found))


@pytest.mark.full
@pytest.mark.usefixtures("quick_engine")
def test_data_and_settings_of_ones_own_are_refused(even: Dataset, npz: Path) -> None:
    with pytest.raises(UsageError, match="there is no reference band for 'adam' on stripes"):
        kerasnn.verify("adam", dataset=even)
    run = kerasnn.train("softmax", dataset="garments", epochs=1)
    with pytest.raises(UsageError, match=r"this run changed settings \(epochs 1\)"):
        kerasnn.verify(run.run)
    own = kerasnn.train("softmax", dataset=npz)
    with pytest.raises(UsageError, match="there is no reference band"):
        kerasnn.verify(own.run)
    with pytest.raises(ModelFileError, match="there is no model 'nothing'"):
        kerasnn.verify("nothing")
    Path("bare.keras").write_bytes(Path(run.model or "").read_bytes())
    with pytest.raises(ModelFileError, match="without the record of its training"):
        kerasnn.verify("bare.keras")


@pytest.fixture
def run(surroundings: Path) -> Run:
    return kerasnn.train("softmax", dataset="garments", seed=3)


@pytest.mark.full
def test_a_run_is_right_and_repeats_and_is_caught_where_it_was_changed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "latest", "--repeat", "--json"]) == 0
    found: Any = json.loads(capsys.readouterr().out)
    assert found["holds"] is True
    assert (found["subject"], found["stage"], found["seed"]) == (run.run, "softmax", 3)
    assert found["repetition"]["equal"] is True
    assert found["repetition"]["first"] == found["repetition"]["second"]
    assert main(["verify", run.run]) == 0
    assert "RIGHT" in capsys.readouterr().out
    path = Path("runs") / run.run / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["validation"]["accuracy"] += 0.2
    path.write_text(json.dumps(record), encoding="utf-8")
    assert main(["verify", "latest"]) == 6
    captured = capsys.readouterr()
    assert "THE RECORD IS NOT TRUE" in captured.out
    assert "the record says a validation loss of" in captured.out
    assert f"the record of {run.run} is not true: run.json was changed" in captured.err
    assert main(["verify", "latest", "--json"]) == 6
    found = json.loads(capsys.readouterr().out)
    assert found["error"]["code"] == 6
    assert found["holds"] is False
    assert [note["code"] for note in found["problems"]] == ["record-edited", "validation-differs"]
    assert all(check["inside"] for check in found["checks"])  # they are measured, not read


def recorded() -> Any:
    """The run.json of a run that is right."""
    return plain(record_of_run({"name": "garments", "location": "here", "shape": [28, 28], "classes": ["a", "b"]}))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("seed",), "abc", "Run.seed has the invalid value 'abc'"),
        (("overrides",), None, "Run.overrides has the invalid value 'None'"),
        (("history",), [{"epoch": 1}], r"Run.history\[0\] has no loss"),
        (("training",), None, "it is done, but has no scores"),
        (("kept_epoch",), None, "it is done, but has no scores"),
        (("dataset", "sha256"), 5, "Run.dataset.sha256 has the invalid value '5'"),
    ],
)
def test_a_damaged_run_is_told_and_not_judged(
    place: tuple[str, ...], value: object, message: str, surroundings: Path
) -> None:
    record = damaged = recorded()
    for name in place[:-1]:
        damaged = damaged[name]
    damaged[place[-1]] = value
    folder = surroundings / "runs" / "run-1"
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(small_model())
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelFileError, match=f"run.json is damaged: {message}"):
        kerasnn.verify("run-1")


def test_a_run_has_its_own_seed_and_backend(surroundings: Path) -> None:
    folder = surroundings / "runs" / "run-1"
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(small_model())
    record = recorded()
    record["environment"]["backend"] = "jax"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    for given in ({"seed": 3}, {"dataset": "garments"}):
        with pytest.raises(UsageError, match="a run has its own seed and data"):
            kerasnn.verify("run-1", **given)
    with pytest.raises(UsageError, match="trained on the backend 'jax'"):
        kerasnn.verify("run-1", repeat=True)


def test_where_two_trainings_part() -> None:
    weights = [np.zeros((3, 2), np.float32), np.zeros(2, np.float32)]
    other = [weights[0], np.array([0, 0.5], np.float32)]
    history = tuple(Epoch(number, 0.5, 0.5, 0.5, 0.5) for number in (1, 2, 3))
    first = TracedTraining(history, tuple(weights), [weights, weights, weights])
    assert compare_trainings(first, first).equal
    found = compare_trainings(first, TracedTraining(history, tuple(other), [weights, other, other]))
    assert (found.equal, found.epoch, found.layers, found.largest) == (False, 2, (LayerArray(1, "bias"),), 0.5)
    changed = (history[0], replace(history[1], loss=0.4), history[2])
    assert compare_trainings(first, TracedTraining(changed, tuple(other))).epoch == 2
    assert compare_trainings(first, TracedTraining(history[:1], tuple(weights))).epoch == 2
    kept_alone = compare_trainings(TracedTraining(history, tuple(weights)), TracedTraining(history, tuple(other)))
    assert (kept_alone.epoch, kept_alone.layers) == (None, (LayerArray(1, "bias"),))
    negative = compare_trainings(first, TracedTraining(history, (-weights[0], weights[1])))
    assert not negative.equal  # -0 is not 0, bit by bit


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_view_fits(width: int, garments: Dataset) -> None:
    found = judge_training(right("adam", garments))
    wrong: Verification = replace(
        found, holds=False, causes=(Note("error", {"kind": "A cause", "message": "It failed. " * 30}),)
    )
    for each in (found, wrong):
        assert max(map(len, rendered(verification_view(each), width).splitlines())) <= width


def test_figures_without_a_history_are_those_of_the_kept_model(garments: Dataset) -> None:
    assert set(metric_values(replace(right("softmax", garments), history=()))) == {
        f"{part} {name}" for part in ("training", "validation", "test") for name in ("loss", "accuracy")
    }
