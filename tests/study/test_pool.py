"""Many trainings in worker processes: any worker gives the same result, kills lose nothing, fatal jobs are reported."""

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import EnvironmentFault, UsageError
from kerasnn.records import Compiling, Event, Job, Outcome, StudyProgress
from kerasnn.study import pool
from kerasnn.study.job import run_job
from kerasnn.study.pool import MOST_DEATHS, train_all
from kerasnn.training.state import Programs
from tests.study import ending
from tests.study.kills import LocalKiller, by_job


def children() -> list[str]:
    return [process.name for process in multiprocessing.active_children()]


def kill(worker: str) -> None:
    (process,) = (each for each in multiprocessing.active_children() if each.name == f"kerasnn {worker}")
    process.kill()


@pytest.mark.full
def test_killed_workers_lose_nothing_and_change_nothing(even: Dataset) -> None:
    jobs = [Job("dropout", 1, {"hidden": (8,), "epochs": 3}), Job("sgd", 1), Job("softmax", 2)]
    killer = LocalKiller(kills=2)
    events: list[Event] = []

    def listener(event: Event) -> None:
        events.append(event)
        killer(event)

    disturbed = list(train_all(jobs, even, workers=2, listener=listener))
    assert killer.left == 0
    alone = list(train_all(jobs[::-1], even))
    assert by_job(disturbed) == by_job(alone)
    assert children() == []
    updates = [event for event in events if isinstance(event, StudyProgress)]
    assert {(each.jobs, each.reused) for each in updates} == {(3, 0)}
    assert [each.done for each in updates if each.finished] == [1, 2, 3]
    assert max(len(each.running) for each in updates) in (1, 2)  # a busy machine starts one of them late
    last = updates[-1]
    assert last.seconds_left == 0


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit that Windows has not")
def test_no_room_for_the_images_is_told(even: Dataset) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(EnvironmentFault, match="the images cannot be written to disk for the workers") as caught:
            next(train_all([Job("softmax", 1)], even))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "TMPDIR" in (caught.value.hint or "")


@pytest.mark.full
def test_a_worker_makes_way_for_a_fresh_one(even: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_PROGRAMS", 2)
    names = set[str]()

    def listener(event: Event) -> None:
        if isinstance(event, StudyProgress):
            names.update(running.worker for running in event.running)

    batches = [16, 16, 8, 4, 4, 2, 1]  # each size a program of its own, and the second of them a worker's last
    jobs = [Job("softmax", seed, {"epochs": 1, "batch_size": size}) for seed, size in enumerate(batches)]
    assert {outcome.job for outcome in train_all(jobs, even, listener=listener)} == set(jobs)
    assert names == {"worker 1", "worker 2", "worker 3"}
    assert children() == []


@pytest.mark.full
def test_a_worker_is_given_what_it_has_a_program_for(even: Dataset) -> None:
    first, other = {"epochs": 1}, {"epochs": 1, "batch_size": 8}
    jobs = [Job("softmax", seed, settings) for seed in (1, 2) for settings in (first, other)]
    assert [outcome.job for outcome in train_all(jobs, even)] == [jobs[0], jobs[2], jobs[1], jobs[3]]


@pytest.mark.full
def test_a_program_kept_from_another_training_changes_nothing(even: Dataset, tiny: Dataset) -> None:
    small = {"hidden": (5,), "epochs": 3}
    adams = [Job("adam", 1, small), Job("overfit", 2, {**small, "learning_rate": 0.1})]
    masked = [Job("dropout", 1, small), Job("early-stopping", 2, small)]
    wild = {**small, "activation": "linear", "optimizer": "sgd"}
    diverging = [Job("relu", 1, {**wild, "learning_rate": rate}) for rate in (1000.0, 0.01)]
    programs, compiled = Programs(), list[Event]()

    def listener(event: Event) -> None:
        if isinstance(event, Compiling):
            compiled.append(event)

    def count(jobs: list[Job], dataset: Dataset) -> int:
        compiled.clear()
        kept = [run_job(job, dataset, listener, programs) for job in jobs]
        counted = len(compiled)
        assert by_job(kept) == by_job([run_job(job, dataset) for job in jobs])
        return counted

    assert count(adams + masked, even) == 2
    assert count(diverging, even) == 1
    assert count(adams[:1], tiny) == 1  # another data set's


@pytest.mark.full
def test_an_outcome_tells_what_a_training_here_tells(even: Dataset) -> None:
    job = Job("early-stopping", 3, {"hidden": (5,), "epochs": 6})
    here, again = run_job(job, even), run_job(job, even)
    assert here.weights == again.weights
    assert here.history == again.history
    assert here.parameters == 36 * 5 + 5 + 5 * 3 + 3
    best = min(here.history, key=lambda epoch: epoch.val_loss)
    assert here.best_epoch == here.kept_epoch == best.epoch
    assert here.validation.loss == pytest.approx(best.val_loss, rel=1e-5)
    other = run_job(Job("early-stopping", 4, {"hidden": (5,), "epochs": 6}), even)
    assert other.weights != here.weights


def test_divergence_is_an_outcome(even: Dataset) -> None:
    wild = {"activation": "linear", "optimizer": "sgd", "learning_rate": 1000.0}
    assert run_job(Job("relu", 1, wild), even).diverged


@pytest.mark.full
def test_a_job_that_ends_three_workers_is_told_once_the_others_are_done(even: Dataset) -> None:
    deadly = Job("adam", 666)
    killed: set[str] = set()

    def listener(event: Event) -> None:
        for running in event.running if isinstance(event, StudyProgress) else ():
            if running.job == deadly and running.worker not in killed:
                kill(running.worker)
                killed.add(running.worker)

    done: list[Outcome] = []
    with pytest.raises(EnvironmentFault, match=r"died 3 times while it trained adam, seed 666 \(SIGKILL\)"):
        done.extend(train_all([deadly, Job("softmax", 1)], even, workers=2, listener=listener))
    assert len(killed) == MOST_DEATHS
    assert [outcome.job.stage for outcome in done] == ["softmax"]


def test_a_wrong_job_is_told_before_anything_is_trained(even: Dataset) -> None:
    with pytest.raises(UsageError, match="there is no stage 'adm'"):
        list(train_all([Job("softmax", 1), Job("adm", 1)], even))


@pytest.mark.parametrize("study", [kerasnn.reproduce, kerasnn.judge_claims])
def test_fewer_workers_than_one_are_refused(study: Callable[..., object], even: Dataset) -> None:
    for workers in (0, -1):
        with pytest.raises(UsageError, match=f"--workers is {workers}"):
            study(workers=workers, dataset=even)


@pytest.mark.full
def test_whoever_stops_listening_ends_the_workers(even: Dataset) -> None:
    outcomes = train_all([Job("sgd", seed) for seed in range(9)], even)
    next(outcomes)
    assert children() == ["kerasnn worker 1"]
    outcomes.close()  # type: ignore[attr-defined]
    assert children() == []


@pytest.mark.full
def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('begun')\n"
        "import kerasnn\n"
        "found = kerasnn.reproduce(['softmax'], seeds=2, workers=1, dataset='garments')\n"
        "print(len(found.outcomes), found.trained)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == ["begun", "2", "2"]
    assert done.stderr == ""


def test_an_exit_code_of_1_without_a_traceback_is_a_kill(even: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.study.worker.serve", ending.end)
    with pytest.raises(EnvironmentFault, match="5 worker processes died while they started"):
        list(train_all([Job("softmax", 1)], even))
    assert children() == []
