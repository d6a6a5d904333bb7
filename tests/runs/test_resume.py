"""A resumed run is bitwise equal to one that was never interrupted; otherwise it is refused, with the differences."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset, split
from kerasnn.errors import EnvironmentFault, Interrupted, KerasnnError, ModelFileError, TrainingDiverged, UsageError
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from kerasnn.records import Event, Note, Notice, Progress, Run
from kerasnn.runs import checkpoint
from kerasnn.runs.folder import locked
from kerasnn.runs.listing import open_run, remove_runs
from kerasnn.runs.seal import seal_of
from tests.conftest import prefer_keras, tiny_source, working_in

pytestmark = pytest.mark.usefixtures("quick_engine")  # where the engine is not what is asked about

CASES: list[tuple[str, dict[str, Any]]] = [
    ("dropout", {"epochs": 5}),
    ("early-stopping", {"learning_rate": 0.3, "patience": 3}),
    ("relu", {"epochs": 5, "optimizer": "sgd", "momentum": 0.9, "nesterov": True}),
]


def train(stage: str, data: Dataset, **options: Any) -> Run:
    return kerasnn.train(stage, dataset=data, **{"hidden": [6], **options})


def stopped(stage: str, data: Dataset, epoch: int, **options: Any) -> Run:
    """A run that was stopped right after `epoch`."""

    def impatient(event: Event) -> None:
        if isinstance(event, Progress) and event.finished and event.epoch == epoch:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        train(stage, data, listener=impatient, **options)
    assert isinstance(caught.value.record, Run)
    return caught.value.record


def folder_of(run: Run) -> Path:
    return Path(run.model or "").parent


def model_arrays(run: Run) -> list[Any]:
    classifier: Any = open_classifier(Path(run.model or ""))
    return [array for part in classifier.weights for array in (part.kernel, part.bias)]


def state_arrays(run: Run) -> dict[str, Any]:
    with np.load(folder_of(run) / "state.npz") as state:
        return {name: state[name] for name in state.files if name != "header"}


def assert_same(one: Run, other: Run) -> None:
    """Figures, model, optimizer and generators are bitwise the same."""
    for name in (
        "history",
        "best_epoch",
        "stopped_epoch",
        "stopped_early",
        "keras_stopped_epoch",
        "kept_epoch",
        "status",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert (one.training, one.validation, one.test) == (other.training, other.validation, other.test)
    assert one.reading is not None
    assert other.reading is not None
    # it names the run
    assert replace(one.reading, next_command=None) == replace(other.reading, next_command=None)
    assert all((a == b).all() for a, b in zip(model_arrays(one), model_arrays(other), strict=True))
    ours, theirs = state_arrays(one), state_arrays(other)
    assert set(ours) == set(theirs)
    assert all((ours[name] == theirs[name]).all() for name in ours)


@pytest.mark.parametrize("engine", ["fused", pytest.param("keras", marks=pytest.mark.full)])
@pytest.mark.parametrize(
    ("stage", "options"),
    [pytest.param(*case, id=case[0], marks=pytest.mark.full if case[0] != "early-stopping" else ()) for case in CASES],
)
def test_a_resumed_run_is_the_one_never_interrupted(
    engine: str, stage: str, options: dict[str, Any], tiny: Dataset, even: Dataset
) -> None:
    data = tiny if stage == "dropout" else even  # with a smaller batch at the end, and without
    whole = train(stage, data, engine=engine, **options)
    assert whole.stopped_early == (stage == "early-stopping")
    for epoch in {1, (whole.stopped_epoch or 0) - 1}:
        part = stopped(stage, data, epoch, engine=engine, **options)
        assert (part.status, part.stopped_epoch) == ("stopped", epoch)
        again = kerasnn.resume(part.run, dataset=data)
        assert_same(again, whole)
        assert again.resumed_after == (epoch,)
        assert not (folder_of(again) / "checkpoint").exists()


@pytest.mark.full
@pytest.mark.parametrize("engine", ["fused", "keras"])
def test_more_epochs_make_the_longer_run(engine: str, even: Dataset) -> None:
    options: dict[str, Any] = {"engine": engine, "learning_rate": 0.01, "patience": 4}
    long = train("early-stopping", even, epochs=6, **options)
    short = train("early-stopping", even, epochs=2, **options)
    extended = kerasnn.resume(short.run, dataset=even, more_epochs=1)
    assert extended.settings.epochs == 3
    twice = kerasnn.resume(short.run, dataset=even, more_epochs=3)
    assert_same(twice, long)
    assert (twice.command, twice.overrides, twice.resumed_after) == (long.command, long.overrides, (2, 3))
    assert folder_of(twice) == folder_of(short)


def test_a_run_killed_before_its_first_epoch_begins_anew(tiny: Dataset) -> None:
    whole = train("dropout", tiny, epochs=2)
    folder = folder_of(whole)
    for name in ("model.keras", "state.npz", "history.csv"):
        (folder / name).unlink()
    _edit(folder, status="running")
    assert_same(kerasnn.resume(whole.run, dataset=tiny), whole)


@pytest.mark.full
def test_a_run_killed_between_its_last_epoch_and_its_end_is_only_finished(tiny: Dataset) -> None:
    whole = train("early-stopping", tiny, learning_rate=0.3, patience=2)
    folder = folder_of(whole)
    (folder / "checkpoint").mkdir()
    (folder / "state.npz").replace(folder / "checkpoint" / "state.npz")
    (folder / "model.keras").unlink()
    _edit(folder, status="running", history=[])
    events: list[Event] = []
    assert_same(kerasnn.resume("latest", dataset=tiny, listener=events.append), whole)
    assert not any(isinstance(event, Progress) for event in events)


def test_an_epoch_is_reported_only_once_it_is_safe(surroundings: Path, tiny: Dataset) -> None:
    seen = []

    def look(event: Event) -> None:
        if isinstance(event, Progress) and event.finished:
            (folder,) = (surroundings / "runs").glob("2*")
            kept = checkpoint.read(folder)
            assert kept is not None
            seen.append((event.epoch, len(kept.state.history), kept.state.history[-1] == event.finished))

    train("dropout", tiny, epochs=3, listener=look)
    assert seen == [(1, 1, True), (2, 2, True), (3, 3, True)]


@pytest.mark.full
def test_latest_is_the_unfinished_run_or_the_finished_one(surroundings: Path, tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    done = train("softmax", tiny, epochs=1, hidden=[])
    events: list[Event] = []
    assert kerasnn.resume("latest", dataset=tiny, listener=events.append).run == part.run
    assert events[0] == Notice(f"{part.run} continues after epoch 1 of 2")
    with pytest.raises(ModelFileError, match="is unfinished"):
        kerasnn.resume("latest", dataset=tiny)
    (surroundings / "runs" / "latest").write_text(done.run)
    assert kerasnn.resume("latest", dataset=tiny, more_epochs=1).run == done.run


def _edit(folder: Path, **changes: Any) -> None:
    record = json.loads((folder / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps(record | changes), "utf-8")


def _edit_versions(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text("utf-8"))
    record["environment"]["versions"]["keras"] = "3.0.0"
    _edit(folder, environment=record["environment"])


OTHER_DATA = split(tiny_source(210))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"learning_rate": 0.5}, "learning_rate was 0.001 and is 0.5"),
        ({"hidden": [7]}, "hidden was 6 and is 7"),
        ({"seed": 1}, "seed was 42 and is 1"),
        ({"dataset": OTHER_DATA}, "data was "),
    ],
)
def test_what_differs_is_refused_by_name(options: dict[str, Any], words: str, tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    before = (folder_of(part) / "run.json").read_bytes()
    with pytest.raises(ModelFileError, match=words) as caught:
        kerasnn.resume(part.run, **{"dataset": tiny, **options})
    assert caught.value.code == 5
    assert "--force" in (caught.value.hint or "")
    assert (folder_of(part) / "run.json").read_bytes() == before


def test_other_versions_are_refused_and_force_takes_and_notes_them(
    tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kerasnn.runs import environment

    part = stopped("adam", tiny, 1, epochs=2)
    real = environment.versions()
    monkeypatch.setattr(environment, "versions", lambda *_: real | {"keras": "9.9.9"})
    with pytest.raises(ModelFileError, match=f"keras was {real['keras']} and is 9.9.9"):
        kerasnn.resume(part.run, dataset=tiny)
    forced = kerasnn.resume(part.run, dataset=tiny, force=True, learning_rate=0.5)
    assert forced.status == "done"
    assert forced.settings.learning_rate == 0.5
    assert forced.notes == (
        Note("resumed-despite", {"name": "learning_rate", "before": 0.001, "now": 0.5}),
        Note("resumed-despite", {"name": "keras", "before": real["keras"], "now": "9.9.9"}),
    )


@pytest.mark.parametrize(("version", "accepted"), [("{0}.{1}.987", True), ("{0}.987.0", False)])
def test_a_run_outlives_a_patch_release(
    version: str, accepted: bool, tiny: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kerasnn.runs import environment

    part = stopped("adam", tiny, 1, epochs=2)
    real = environment.versions()
    later = version.format(*real["kerasnn"].split("."))
    monkeypatch.setattr(environment, "versions", lambda *_: real | {"kerasnn": later})
    if accepted:
        assert kerasnn.resume(part.run, dataset=tiny).notes == ()
    else:
        with pytest.raises(ModelFileError, match="kerasnn was"):
            kerasnn.resume(part.run, dataset=tiny)


@pytest.mark.parametrize(("settings", "accepted"), [({}, True), ({"optimizer": "sgd", "momentum": 0.9}, False)])
def test_a_run_from_before_a_setting_had_its_default_then(
    settings: dict[str, Any], accepted: bool, tiny: Dataset
) -> None:
    """`momentum`, as if it were new: missing where the run's record and its state tell of the settings."""
    part = stopped("adam", tiny, 1, epochs=2, **settings)
    record = json.loads((folder_of(part) / "run.json").read_text("utf-8"))
    del record["settings"]["momentum"]
    record["seal"] = seal_of(record)
    (folder_of(part) / "run.json").write_text(json.dumps(record), "utf-8")
    kept = checkpoint.read(folder_of(part))
    assert kept is not None
    old = {name: value for name, value in kept.fingerprint.items() if name != "momentum"}
    checkpoint.write(folder_of(part), old, kept.state)
    assert open_run(part.run).settings.momentum == 0
    if accepted:
        assert kerasnn.resume(part.run, dataset=tiny).notes == ()
    else:
        with pytest.raises(ModelFileError, match=r"momentum was 0 and is 0\.9"):
            kerasnn.resume(part.run, dataset=tiny)


@pytest.mark.full
def test_what_force_noted_stays_with_the_run(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=3)

    def impatient(event: Event) -> None:
        if isinstance(event, Progress) and event.finished and event.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        kerasnn.resume(part.run, dataset=tiny, force=True, learning_rate=0.5, listener=impatient)
    again = kerasnn.resume(part.run, dataset=tiny, learning_rate=0.5)
    assert [note if isinstance(note, str) else note.values["name"] for note in again.notes] == ["learning_rate"]
    assert kerasnn.resume(part.run, dataset=tiny, more_epochs=1).notes == again.notes


def test_what_changes_the_bits_is_held_against_the_run(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from kerasnn.runs import environment

    part = stopped("adam", tiny, 1, epochs=2)
    monkeypatch.setattr(environment, "processor", lambda: "Another One 9000")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    with pytest.raises(ModelFileError, match=r"processor .* is Another One.*; TF_ENABLE_ONEDNN_OPTS was none and is 0"):
        kerasnn.resume(part.run, dataset=tiny)


@pytest.mark.full
def test_a_record_of_an_earlier_version_does_not_tell_the_processor(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    folder = folder_of(part)
    record = json.loads((folder / "run.json").read_text("utf-8"))
    surroundings = {
        name: value for name, value in record["environment"].items() if name not in ("processor", "switches")
    }
    shutil.rmtree(folder / "checkpoint")
    _edit(folder, environment=surroundings, status="running")
    assert kerasnn.resume(part.run, dataset=tiny).status == "done"


@pytest.mark.full
def test_what_every_version_kept_may_not_be_missing(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    kept = checkpoint.read(folder_of(part))
    assert kept is not None
    before = {name: value for name, value in kept.fingerprint.items() if name not in ("data", "processor")}
    checkpoint.write(folder_of(part), before, kept.state)
    with pytest.raises(ModelFileError, match="data was none and is") as caught:
        kerasnn.resume(part.run, dataset=tiny)
    assert "processor" not in caught.value.message


@pytest.mark.full
def test_latest_passes_over_a_run_that_another_process_trains(tiny: Dataset) -> None:
    mine, theirs = stopped("adam", tiny, 1, epochs=2), stopped("adam", tiny, 1, epochs=2)
    _edit(folder_of(mine), started="2026-11-24T23:30:00+01:00")
    _edit(folder_of(theirs), started="2026-11-24T22:40:00+00:00")  # ten minutes later
    with locked(folder_of(theirs)):
        assert kerasnn.resume("latest", dataset=tiny).run == mine.run
    assert kerasnn.resume("latest", dataset=tiny).run == theirs.run


def test_images_on_another_machine_are_not_asked_for(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    folder = folder_of(part)
    dataset = json.loads((folder / "run.json").read_text("utf-8"))["dataset"]
    _edit(folder, dataset={**dataset, "name": "mine", "location": r"\\server\share\images.npz"})
    for ask in (kerasnn.resume, kerasnn.evaluate):
        with pytest.raises(ModelFileError, match="images on another machine"):
            ask(part.run)


@pytest.mark.full
@pytest.mark.usefixtures("surroundings")
def test_a_whole_run_whose_folder_takes_no_latest_is_done(tiny: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise EnvironmentFault(f"{path.name} could not be written")

    events: list[Event] = []
    with monkeypatch.context() as patch:
        patch.setattr("kerasnn.runs.latest.write_text", full)
        run = train("adam", tiny, epochs=1, listener=events.append)
    assert run.status == "done"
    assert any(isinstance(event, Notice) and "latest could not be written" in event.text for event in events)

    def killed(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kerasnn.runs.execute.set_latest", killed)
    with pytest.raises(Interrupted):
        train("adam", tiny, epochs=1, seed=7)
    assert [row.status for row in kerasnn.list_runs()] == ["done", "done"]


@pytest.mark.full
def test_force_cannot_make_weights_fit(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    with pytest.raises(ModelFileError, match="weights have shapes"):
        kerasnn.resume(part.run, dataset=tiny, force=True, hidden=[7])
    assert_same(kerasnn.resume(part.run, dataset=tiny), train("adam", tiny, epochs=2))


def _state_with(part: Run, group: str, change: Callable[[Any], Any]) -> None:
    """The first array of `group` in the kept state of `part`, or where it has none those of all weights, changed."""
    folder = folder_of(part)
    kept = checkpoint.read(folder)
    assert kept is not None
    arrays = getattr(kept.state, group) or kept.state.weights
    changed: dict[str, Any] = {group: (change(arrays[0]), *arrays[1:])}
    state = replace(kept.state, **changed)
    checkpoint.write(folder, kept.fingerprint, state)


GROUPS = ("weights", "best_weights", "optimizer", "generators")
CHANGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "texts": (lambda array: np.full(array.shape, "x"), "are of type <U1"),
    "64 bits": (lambda array: array.astype("f8"), "are of type float64"),
    "another shape": (lambda array: np.zeros((2, 2), array.dtype), "have shapes"),
    "infinite": (lambda array: np.full(array.shape, np.inf, array.dtype), "are infinite or not numbers"),
}


@pytest.fixture(scope="module")
def dropped() -> Iterator[tuple[Path, Run]]:
    """A folder, and in it a run with dropout and early stopping that was stopped after its first epoch."""
    with TemporaryDirectory() as name, working_in(Path(name)), pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        yield Path(name), stopped("dropout", split(tiny_source()), 1, epochs=2, patience=2)


@pytest.mark.parametrize(
    ("group", "change"),
    # the first array of the other two groups holds whole numbers, which are never infinite
    [(g, c) for g in GROUPS for c in CHANGES if c != "infinite" or g in ("weights", "best_weights")],
)
def test_a_state_that_does_not_fit_is_refused_before_anything_is_done(
    group: str, change: str, dropped: tuple[Path, Run], surroundings: Path, tiny: Dataset
) -> None:
    folder, part = dropped
    shutil.copytree(folder / "runs", surroundings / "runs")
    part = replace(part, model=str(Path("runs") / part.run / "model.keras"))
    alter, words = CHANGES[change]
    _state_with(part, group, alter)
    before = (folder_of(part) / "run.json").read_bytes()
    with pytest.raises(ModelFileError, match=words):
        kerasnn.resume(part.run, dataset=tiny)
    assert (folder_of(part) / "run.json").read_bytes() == before


def test_infinite_moments_of_the_optimizer_are_refused(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    kept = checkpoint.read(folder_of(part))
    assert kept is not None
    moments = tuple(np.full_like(array, np.nan) if array.ndim else array for array in kept.state.optimizer)
    checkpoint.write(folder_of(part), kept.fingerprint, replace(kept.state, optimizer=moments))
    with pytest.raises(ModelFileError, match="some of the checkpoint's optimizer variables are infinite"):
        kerasnn.resume(part.run, dataset=tiny)


def test_a_state_larger_than_the_networks_can_be_is_not_read(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    with (folder_of(part) / "checkpoint" / "state.npz").open("r+b") as file:
        file.truncate(1 << 30)
    with pytest.raises(ModelFileError, match="it is 1,073,741,824 bytes"):
        kerasnn.resume(part.run, dataset=tiny)


def test_callbacks_of_the_callers_own_are_not_forgotten(tiny: Dataset) -> None:
    class Slower(keras.callbacks.Callback):  # type: ignore[misc]
        """Halves the learning rate."""

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.optimizer.learning_rate = 0.001 / (epoch + 2)

    part = stopped("adam", tiny, 1, epochs=2, callbacks=[Slower()])
    with pytest.raises(ModelFileError, match="callbacks was Slower and is none"):
        kerasnn.resume(part.run, dataset=tiny)


def _done(tiny: Dataset) -> Run:
    return train("adam", tiny, epochs=1)


def _early(tiny: Dataset) -> Run:
    return train("early-stopping", tiny, learning_rate=0.3, patience=1)


def _sgd(tiny: Dataset) -> Run:
    return kerasnn.train("sgd", dataset=tiny, epochs=1)


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (_done, {}, r"is done: it has trained all its epochs \(1\)"),
        (_done, {"more_epochs": 1, "epochs": 9}, "--epochs cannot be combined with --resume"),
        (_done, {"more_epochs": 20_000}, "--epochs is 20001"),
        (_early, {"more_epochs": 5}, "stopped early, after epoch"),
        (_sgd, {"more_epochs": 5}, "scikit-learn trains in one call"),
    ],
)
def test_where_nothing_is_left_to_train(
    make: Callable[[Dataset], Run], options: dict[str, Any], words: str, tiny: Dataset
) -> None:
    run = make(tiny)
    before = (folder_of(run) / "run.json").read_bytes()
    with pytest.raises(UsageError, match=words):
        kerasnn.resume(run.run, dataset=tiny, **options)
    assert (folder_of(run) / "run.json").read_bytes() == before


def test_unknown_runs(surroundings: Path, tiny: Dataset) -> None:
    run = _done(tiny)
    with pytest.raises(ModelFileError, match="there is no run") as caught:
        kerasnn.resume(run.run[:-1], dataset=tiny)
    assert caught.value.hint == f"did you mean '{run.run}'?"
    with pytest.raises(ModelFileError, match="there is no run 'x' in elsewhere"):
        kerasnn.resume("x", out="elsewhere")


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": None},
        {"settings": {"epochs": "many"}},
        {"overrides": {"hidden": 5}},
        {"overrides": {"colour": 5}},
        {"engine": "warp"},
        {"stage": ["adam"]},
        {"started": None, "dataset": 3, "seed": "x"},
    ],
)
def test_a_record_that_kerasnn_did_not_write(changes: dict[str, Any], tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    _edit(folder_of(part), **changes)
    with pytest.raises((ModelFileError, UsageError)):
        kerasnn.resume(part.run, dataset=tiny)


def test_a_run_that_another_process_trains_is_left_alone(tiny: Dataset) -> None:
    part = stopped("adam", tiny, 1, epochs=2)
    script = (
        "import sys\nfrom pathlib import Path\nfrom kerasnn.runs.folder import locked\n"
        f"with locked(Path({str(folder_of(part))!r})):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(EnvironmentFault, match=f"run {part.run} is in use by another process"):
            kerasnn.resume(part.run, dataset=tiny)
        with pytest.raises(EnvironmentFault, match=f"run {part.run} is in use by another process"):
            remove_runs([part.run])
        holder.kill()  # and the system frees the lock
    assert kerasnn.resume(part.run, dataset=tiny).status == "done"


@pytest.mark.full
def test_a_diverged_run_goes_on_with_a_smaller_learning_rate_by_force(tiny: Dataset) -> None:
    wild: dict[str, Any] = {"activation": "linear", "optimizer": "sgd", "learning_rate": 1000.0, "epochs": 3}
    with pytest.raises(TrainingDiverged) as caught:
        train("relu", tiny, **wild)
    failed = caught.value.record
    assert isinstance(failed, Run)
    assert failed.fault is not None
    with pytest.raises(TrainingDiverged):
        kerasnn.resume(failed.run, dataset=tiny)
    assert isinstance(caught.value, KerasnnError)
    tamed = kerasnn.resume(failed.run, dataset=tiny, learning_rate=0.01, force=True)
    assert (tamed.status, tamed.fault, len(tamed.history)) == ("done", None, 3)
