"""verify: what is unusual and with which causes, the mistakes that it catches, what it refuses and prints."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset
from kerasnn.errors import DataError, ModelFileError, UsageError
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Epoch, LayerArray, Note, Run, Scores, Verification, plain
from kerasnn.study.bands import CompletedTraining, find_band, metric_values
from kerasnn.study.judge_training import FirstEpoch, judge_training
from kerasnn.study.repeat import TracedTraining, compare_trainings
from kerasnn.views.verification import verification_view
from tests.faults.fuzzing import record_of_run, small_model
from tests.study.mistakes import MISTAKES
from tests.views.test_views import rendered


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


def judged(training: CompletedTraining, first: FirstEpoch | None = None) -> Verification:
    return judge_training(training, find_band(training.stage, training.dataset.sha256), first=first)


@pytest.mark.parametrize("stage", ["softmax", "adam", "dropout", "overfit"])
def test_figures_in_the_middle_hold_and_one_outside_does_not(stage: str, garments: Dataset) -> None:
    subject = right(stage, garments)
    found = judged(subject)
    assert found.holds
    assert found.causes == ()
    assert max(abs(check.away) for check in found.checks if check.away is not None) < 1e-3
    band = find_band(stage, garments.info.sha256)
    assert band is not None
    worse = replace(subject.test, loss=band.limits["test loss"].high * 1.01)
    found = judged(replace(subject, test=worse))
    assert [check.figure for check in found.checks if not check.inside] == ["test loss"]
    assert [cause.code for cause in found.causes] == ["one-number", "chance"]
    again = replace(subject.validation, loss=subject.validation.loss * 1.01)
    found = judged(replace(subject, validation=again))
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
    found = judged(subject)
    assert [check.figure for check in found.checks if "epoch" in check.figure and not check.inside] == outside
    assert bool(found.causes) is bool(outside)


# what the causes have to name, and what contradicts the direction in which the metrics are off
@pytest.mark.parametrize(
    ("mistake", "named", "contradicted"),
    [
        ("images not divided by 255", "not-normalised", "learns-faster"),
        pytest.param("labels of a tenth shuffled", "wrong-labels", "learns-faster", marks=pytest.mark.full),
        pytest.param("one epoch too few", "other-epochs", "learns-slower", marks=pytest.mark.full),
        pytest.param("learning rate / 10", "learns-slower", "learns-faster", marks=pytest.mark.full),
        pytest.param("no dropout in training", "learns-faster", "learns-slower", marks=pytest.mark.full),
        pytest.param("dropout left on", "predicts-otherwise", "learns-slower", marks=pytest.mark.full),
    ],
)
def test_mistakes_are_caught(mistake: str, named: str, contradicted: str, garments: Dataset) -> None:
    found = judged(MISTAKES[mistake].make(garments))
    assert not found.holds
    codes = [cause.code for cause in found.causes]
    assert named in codes
    assert contradicted not in codes
    assert "UNUSUAL" in rendered(verification_view(found))


def test_scores_that_are_too_good_are_said_to_have_leaked(garments: Dataset) -> None:
    subject = right("dropout", garments)
    found = judged(replace(subject, test=subject.training))
    assert [cause.code for cause in found.causes] == ["test-leaked"]
    leaked = replace(subject, history=(subject.history[0], replace(subject.history[1], val_loss=subject.training.loss)))
    found = judged(replace(leaked, validation=subject.training))
    assert [cause.code for cause in found.causes] == ["validation-leaked"]


def test_a_first_epoch_that_repeats_excludes_causes_at_the_start(garments: Dataset) -> None:
    subject = right("adam", garments)
    slow = replace(subject.history[0], loss=subject.history[0].loss * 1.3)
    changed = replace(subject, history=(slow, subject.history[1]))
    again = FirstEpoch(slow, exact=True)
    alone, repeated = judged(changed), judged(changed, again)
    assert "learns-slower" in {cause.code for cause in alone.causes}
    assert (alone.first_epoch, repeated.first_epoch) == (None, "equal")
    assert [cause.code for cause in repeated.causes] == ["unexplained"]
    other = FirstEpoch(replace(subject.history[0], loss=subject.history[0].loss * (1 + 1e-6)), exact=True)
    differs, elsewhere = judged(subject, other), judged(subject, replace(other, exact=False))
    assert (differs.holds, differs.first_epoch) == (False, "differs")
    assert [cause.code for cause in differs.causes] == ["not-as-recorded"]
    assert (elsewhere.holds, elsewhere.first_epoch) == (True, "close")


@pytest.mark.full
@pytest.mark.usefixtures("quick_engine")
def test_data_and_settings_of_ones_own_are_refused(even: Dataset, npz: Path) -> None:
    with pytest.raises(UsageError, match="there is no reference band for 'adam' on stripes"):
        kerasnn.verify("adam", dataset=even)
    own = kerasnn.train("softmax", dataset=npz, epochs=2)
    found = kerasnn.verify(own.run)
    assert (found.holds, found.first_epoch, found.seeds) == (True, "equal", 0)
    assert "There is no band" in rendered(verification_view(found))
    npz.unlink()
    with pytest.raises(DataError):
        kerasnn.verify(own.run)
    baseline = kerasnn.train("sgd", dataset=even, epochs=1)
    with pytest.raises(DataError, match=r"the images that .* learnt from cannot be read"):
        kerasnn.verify(baseline.run)
    with pytest.raises(ModelFileError, match="there is no model 'nothing'"):
        kerasnn.verify("nothing")
    Path("bare.keras").write_bytes(Path(own.model or "").read_bytes())
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
    out = capsys.readouterr().out
    assert "NOTHING UNUSUAL" in out
    assert "is the same to the last bit" in " ".join(out.split())
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
    with pytest.raises(UsageError, match="a run has its own seed"):
        kerasnn.verify("run-1", seed=3)
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
    found = judged(right("adam", garments))
    wrong: Verification = replace(
        found, holds=False, causes=(Note("error", {"kind": "A cause", "message": "It failed. " * 30}),)
    )
    for each in (found, wrong):
        assert max(map(len, rendered(verification_view(each), width).splitlines())) <= width


def test_figures_without_a_history_are_those_of_the_kept_model(garments: Dataset) -> None:
    assert set(metric_values(replace(right("softmax", garments), history=()))) == {
        f"{part} {name}" for part in ("training", "validation", "test") for name in ("loss", "accuracy")
    }
