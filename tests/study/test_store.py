"""Finished trainings saved as files: nothing is trained twice, and damaged files are trained again."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from kerasnn.data.dataset import Dataset, Part
from kerasnn.errors import Interrupted, UsageError
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import Epoch, Event, Job, Outcome, Scores, Seconds, StudyProgress, plain
from kerasnn.runs.environment import versions
from kerasnn.runs.record import TrainingPlan
from kerasnn.study import results as store
from kerasnn.study.job import plan_of
from kerasnn.study.results import RELEVANT_PACKAGES, fingerprint, outcome_of, train_missing

SMALL = {"hidden": (4,), "epochs": 2}
JOBS = [Job("adam", 1, SMALL), Job("adam", 2, SMALL), Job("sgd", 1, {"epochs": 2})]


def made_up(job: Job) -> Outcome:
    """An outcome that no training was needed for, and that its seed can be told by."""
    epoch = Epoch(1, 0.1 * job.seed, 0.5, 0.25, 0.75)
    scores = Scores(0.1 + job.seed, 1 / 3)
    return Outcome(job, 7, (epoch,), 1, 1, 1, scores, scores, scores, Seconds(1.5, 0, 0.5, 1.0), f"{job.seed:064x}")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "trainings"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that come to the pool, which here makes outcomes up; after seed 13 it is interrupted."""
    seen: list[Job] = []

    def pool(jobs: list[Job], dataset: Dataset, **options: Any) -> Any:
        for job in jobs:
            if job.seed == 13:
                raise KeyboardInterrupt
            seen.append(job)
            yield made_up(job)

    monkeypatch.setattr(store, "train_all", pool)
    return seen


def test_what_is_kept_is_not_trained_again(tiny: Dataset, asked: list[Job], kept: Path) -> None:
    first, _trained = train_missing(JOBS[:2], tiny, folder=kept)
    assert first == {job: made_up(job) for job in JOBS[:2]}
    events: list[Event] = []
    both, _trained = train_missing(JOBS, tiny, folder=kept, listener=events.append)
    assert asked == JOBS  # each once
    assert both == {job: made_up(job) for job in JOBS}
    assert list(both) == JOBS
    begin = events[0]
    assert isinstance(begin, StudyProgress)
    assert (begin.jobs, begin.done, begin.reused) == (3, 2, 2)


def test_an_interrupted_study_goes_on(tiny: Dataset, asked: list[Job], kept: Path) -> None:
    jobs = [JOBS[0], Job("adam", 13, SMALL), JOBS[1]]
    with pytest.raises(Interrupted, match="1 of 3 trainings are finished and saved"):
        train_missing(jobs, tiny, folder=kept)
    assert set(train_missing(JOBS, tiny, folder=kept)[0]) == set(JOBS)
    assert asked == [JOBS[0], JOBS[1], JOBS[2]]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"sha256": "0", "outcome": {}}', "another number"])
def test_a_damaged_file_is_trained_again(tiny: Dataset, asked: list[Job], kept: Path, damage: str) -> None:
    train_missing(JOBS[:1], tiny, folder=kept)
    (path,) = kept.iterdir()
    path.write_text(path.read_text().replace("0.25", "0.26") if damage == "another number" else damage)
    assert train_missing(JOBS[:1], tiny, folder=kept)[0] == {JOBS[0]: made_up(JOBS[0])}
    assert asked == [JOBS[0], JOBS[0]]
    assert train_missing(JOBS[:1], tiny, folder=kept)[0] == {JOBS[0]: made_up(JOBS[0])}
    assert len(asked) == 2


def test_whatever_figures_depend_on_makes_another_file(
    tiny: Dataset, asked: list[Job], kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        return len(list(kept.iterdir()))

    job = JOBS[0]
    train_missing([job], tiny, folder=kept)
    for other in (
        replace(job, seed=2),
        replace(job, engine="keras"),
        replace(job, overrides={**SMALL, "epochs": 3}),
        replace(job, stage="overfit"),
    ):
        before = count()
        train_missing([other], tiny, folder=kept)
        assert count() == before + 1
    # the same settings in other words
    before = count()
    train_missing([replace(job, engine="fused", overrides={"epochs": 2, "hidden": [4]})], tiny, folder=kept)
    assert count() == before
    labels = tiny.train.labels.copy()
    labels[0] = 1 - labels[0]
    train_missing([job], replace(tiny, train=Part(tiny.train.images, labels)), folder=kept)
    assert count() == before + 1
    monkeypatch.setattr(
        "kerasnn.study.results.versions", lambda backend: dict.fromkeys((*RELEVANT_PACKAGES, backend), "other")
    )
    train_missing([job], tiny, folder=kept)
    assert count() == before + 2
    for place, backend in enumerate(("torch", "jax"), start=3):
        monkeypatch.setenv("KERASNN_BACKEND", backend)
        monkeypatch.setattr("kerasnn.study.results.OF_BACKEND", {backend: ()})
        train_missing([replace(job, engine="keras")], tiny, folder=kept)
        assert count() == before + place


@dataclass(frozen=True, kw_only=True)
class LaterSettings(Settings):
    """Settings as a later version may have them."""

    weight_decay: float = 0.0


@pytest.mark.parametrize(
    ("version", "weight_decay", "trainings"), [("1.2.9", 0.0, 1), ("1.3.0", 0.0, 2), ("1.2.3", 0.1, 2)]
)
def test_a_study_outlives_a_patch_release_and_a_new_setting_at_its_default(
    version: str,
    weight_decay: float,
    trainings: int,
    tiny: Dataset,
    asked: list[Job],
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def install(version: str) -> None:
        monkeypatch.setattr("kerasnn.study.results.versions", lambda backend: versions(backend) | {"kerasnn": version})

    def plan_of_later(job: Job) -> TrainingPlan:
        plan = plan_of(job)
        return replace(plan, settings=LaterSettings(**asdict(plan.settings), weight_decay=weight_decay))

    install("1.2.3")
    train_missing(JOBS[:1], tiny, folder=kept)
    install(version)
    monkeypatch.setattr(store, "plan_of", plan_of_later)
    assert train_missing(JOBS[:1], tiny, folder=kept)[0] == {JOBS[0]: made_up(JOBS[0])}
    assert len(asked) == trainings


def test_an_outcome_from_before_a_field_with_a_default_is_read(tiny: Dataset, asked: list[Job], kept: Path) -> None:
    train_missing(JOBS[:1], tiny, folder=kept)
    (path,) = kept.iterdir()
    content = store.read_entry(path, "outcome")
    del content["diverged"]
    store.write_entry(path, "outcome", content)
    assert train_missing(JOBS[:1], tiny, folder=kept)[0] == {JOBS[0]: made_up(JOBS[0])}
    assert len(asked) == 1


def test_the_fingerprint_is_of_values_types_and_shapes(tiny: Dataset) -> None:
    found = fingerprint(tiny)
    assert found == fingerprint(replace(tiny, train=Part(tiny.train.images.copy(), tiny.train.labels.copy())))
    turned = Part(np.ascontiguousarray(tiny.train.images.transpose(0, 2, 1)), tiny.train.labels)
    assert found != fingerprint(replace(tiny, train=turned))
    assert found != fingerprint(replace(tiny, train=tiny.test, test=tiny.train))


def test_a_job_that_cannot_be_is_told_at_once(tiny: Dataset, asked: list[Job], kept: Path) -> None:
    with pytest.raises(UsageError, match="--dropout is 2"):
        train_missing([JOBS[0], Job("adam", 1, {"dropout": 2})], tiny, folder=kept)
    assert asked == []


numbers = some.floats(allow_nan=False, allow_infinity=False)
whole = some.integers(1, 10_000)
scores = some.builds(Scores, numbers, numbers)


@given(
    some.builds(
        Outcome,
        job=some.just(JOBS[0]),
        parameters=whole,
        history=some.lists(some.builds(Epoch, whole, numbers, numbers, numbers, numbers), max_size=4).map(tuple),
        best_epoch=some.none() | whole,
        stopped_epoch=whole,
        kept_epoch=whole,
        training=scores,
        validation=scores,
        test=scores,
        seconds=some.builds(Seconds, numbers, numbers, numbers, numbers),
        weights=some.text("0123456789abcdef", min_size=64, max_size=64),
        diverged=some.booleans(),
    )
)
def test_an_outcome_comes_back_from_json_as_it_was(outcome: Outcome) -> None:
    assert outcome_of(json.loads(json.dumps(plain(outcome))), outcome.job) == outcome
