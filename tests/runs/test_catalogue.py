"""List, open, compare and remove runs; nothing but runs is ever removed."""

import json
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, ModelFileError, UsageError
from kerasnn.records import Run, Scores
from kerasnn.records.codes import Code
from kerasnn.runs.folder import create, locked, write_record
from kerasnn.runs.latest import set_latest
from kerasnn.runs.listing import SORTS
from kerasnn.runs.seal import problems_in

RUNS = Path("runs")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, even: Dataset) -> Run:
    return kerasnn.train(
        "adam", dataset=even, epochs=2, hidden=[5], engine="keras", out=tmp_path_factory.mktemp("kept")
    )


def test_runs_of_one_second_are_listed_in_their_order(surroundings: Path, run: Run) -> None:
    made = [create(RUNS, "adam", 42, datetime(2026, 11, 24)) for _ in range(11)]
    for folder in made:
        write_record(folder, run)
    elsewhere = RUNS / "\u0663"  # a digit that is none of these
    elsewhere.mkdir()
    assert [row.run for row in kerasnn.list_runs()] == [folder.name for folder in made]


@pytest.mark.parametrize("year", [1969, 1979, 2108])
def test_a_clock_at_which_no_model_can_be_saved_is_an_error_before_the_training(year: int, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=f"the year {year}"):
        create(tmp_path / "runs", "adam", 42, datetime(year, 1, 1))
    assert not (tmp_path / "runs").exists()


@pytest.fixture
def runs(surroundings: Path, run: Run) -> tuple[str, ...]:
    """Four runs of different stages, seeds and figures, the last one damaged."""
    figures = (("adam", 1, 0.5, "done"), ("softmax", 2, 0.3, "stopped"), ("adam", 3, 0.4, "running"))
    for minute, (stage, seed, loss, status) in enumerate(figures):
        folder = create(RUNS, stage, seed, datetime(2026, 11, 24, 9, minute))
        scores = None if status == "running" else Scores(loss, 1 - loss)
        settings = replace(run.settings, seed=seed)
        record = replace(run, run=folder.name, stage=stage, seed=seed, validation=scores, settings=settings)
        write_record(folder, replace(record, status=status))  # type: ignore[arg-type]
        set_latest(folder)
    damaged = RUNS / "20261124-100000-adam-s4"
    damaged.mkdir()
    (damaged / "run.json").write_text('{"status": "done", "run": 5}')
    (RUNS / "no-run").mkdir()
    (RUNS / "a-link").symlink_to(damaged.resolve())
    return tuple(row.run for row in kerasnn.list_runs())


def test_all_runs_are_listed_the_oldest_first_and_nothing_else(runs: tuple[str, ...]) -> None:
    assert [name[16:] for name in runs] == ["adam-s1", "softmax-s2", "adam-s3", "adam-s4"]
    rows = kerasnn.list_runs()
    assert [row.status for row in rows] == ["done", "stopped", "running", "damaged"]
    assert rows[3].problem is not None
    assert "damaged: Run" in rows[3].problem


@pytest.mark.parametrize(
    ("stage", "status", "dataset", "sort", "seeds"),
    [
        (None, None, None, "loss", [2, 1, 3, None]),
        (None, None, None, "accuracy", [2, 1, 3, None]),
        (None, None, None, "stage", [2, 1, 3, None]),
        (None, None, None, "status", [3, 1, 2, None]),
        ("adam", None, None, "run", [1, 3]),
        (None, "stopped", None, "run", [2]),
        (None, "damaged", None, "run", [None]),
        (None, None, "stripes", "run", [1, 2, 3]),
        (None, None, "other", "run", []),
    ],
)
def test_filters_and_orders(
    runs: tuple[str, ...], stage: str | None, status: str | None, dataset: str | None, sort: str, seeds: list[int]
) -> None:
    rows = kerasnn.list_runs(stage=stage, status=status, dataset=dataset, sort=sort)
    assert [row.seed for row in rows] == seeds


def test_every_order_takes_every_run(runs: tuple[str, ...]) -> None:
    assert all(len(kerasnn.list_runs(sort=sort)) == 4 for sort in SORTS)
    with pytest.raises(UsageError, match="--sort is 'los'"):
        kerasnn.list_runs(sort="los")
    with pytest.raises(UsageError, match="--status is 'over'"):
        kerasnn.list_runs(status="over")
    assert kerasnn.list_runs("nowhere") == ()


def test_a_run_is_opened_by_id_by_latest_and_by_path(runs: tuple[str, ...]) -> None:
    assert kerasnn.open_run(runs[0]).seed == 1
    assert kerasnn.open_run("latest").run == runs[2]
    assert kerasnn.open_run(f"runs/{runs[1]}").stage == "softmax"
    for name in ("no-run", "", "..", "/"):
        with pytest.raises(ModelFileError, match="there is no run"):
            kerasnn.open_run(name)
    with pytest.raises(ModelFileError, match="is damaged"):
        kerasnn.open_run(runs[3])
    Path("runs", runs[1], "run.json").unlink()
    for name in (runs[1], f"runs/{runs[1]}"):  # not: did you mean the very same?
        with pytest.raises(ModelFileError, match=r"run\.json cannot be read: it is not there"):
            kerasnn.open_run(name)


def test_a_model_too_large_to_open_is_not_read(runs: tuple[str, ...]) -> None:
    path = RUNS / runs[0] / "model.keras"
    path.touch()
    os.truncate(path, 1 << 40)
    assert Code.MODEL_REPLACED in {note.code for note in problems_in(kerasnn.open_run(runs[0]).notes)}


def test_what_sets_runs_apart(runs: tuple[str, ...]) -> None:
    found = kerasnn.compare_runs(runs[:3])
    assert [(one.name, one.values) for one in found.settings] == [
        ("stage", ("adam", "softmax", "adam")),
        ("seed", (1, 2, 3)),
    ]
    assert found.surroundings == ()
    assert kerasnn.compare_runs([runs[0], runs[0]]).settings == ()
    with pytest.raises(UsageError, match="1 run is given"):
        kerasnn.compare_runs(runs[:1])


def test_surroundings_that_differ(runs: tuple[str, ...], run: Run) -> None:
    path = RUNS / runs[1] / "run.json"
    record = json.loads(path.read_text())
    record["environment"]["versions"]["keras"] = "2.1"
    path.write_text(json.dumps(record))
    (found,) = kerasnn.compare_runs(runs[:2]).surroundings
    assert (found.name, found.values) == ("keras", (run.environment.versions["keras"], "2.1"))


def test_remove_takes_the_runs_named_and_moves_latest(runs: tuple[str, ...]) -> None:
    assert kerasnn.remove_runs([runs[2], runs[3], "latest"]) == (runs[2], runs[3])
    assert [row.run for row in kerasnn.list_runs()] == list(runs[:2])
    assert (RUNS / "latest").read_text().strip() == runs[1]
    kerasnn.remove_runs(runs[:2])
    assert not (RUNS / "latest").exists()
    assert (RUNS / "no-run").is_dir()


def test_remove_follows_no_link(runs: tuple[str, ...], tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years")
    (RUNS / runs[0] / "plots").symlink_to(precious)
    kerasnn.remove_runs([runs[0]])
    assert (precious / "thesis.txt").read_text() == "years"
    with pytest.raises(ModelFileError, match="a-link is not one of the runs"):
        kerasnn.remove_runs(["a-link"])
    assert (RUNS / runs[3]).is_dir()


def test_remove_refuses_what_is_no_run_of_this_folder_and_then_removes_nothing(
    runs: tuple[str, ...], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "run.json").write_text("{}")
    for name in ("no-run", "latest/..", ".", "..", str(elsewhere)):
        with pytest.raises(ModelFileError):
            kerasnn.remove_runs([runs[0], name])
    assert len(kerasnn.list_runs()) == 4
    assert elsewhere.is_dir()


def test_a_run_that_is_being_trained_is_not_removed(runs: tuple[str, ...]) -> None:
    with locked(RUNS / runs[2]), pytest.raises(EnvironmentFault, match="in use by another process"):
        kerasnn.remove_runs([runs[2]])
    assert kerasnn.open_run(runs[2]).seed == 3
