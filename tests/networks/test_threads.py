"""The number of threads: one for the lecture's networks, so that every machine gives the same bits."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kerasnn.cli.app import main
from kerasnn.errors import UsageError
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.architecture import design
from kerasnn.networks.threads import choose_threads, chosen_threads, threads_for


def test_the_lectures_networks_take_one_thread_and_large_ones_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.networks.threads.cores", lambda: 12)
    for stage in STAGES:
        settings = find_stage(stage.name).settings
        parameters = design(settings, image_shape=(28, 28), classes=10).parameters
        assert threads_for(parameters, settings.batch_size) == 1
    assert threads_for(5_000_000, 32) == 12


@pytest.mark.parametrize(
    ("asked", "variable", "default", "found"),
    [
        (None, "", 1, 1),
        (None, "", 12, 12),
        (None, "3", 12, 3),
        (2, "3", 12, 2),
        (None, "many", 4, 4),
        (None, "0", 4, 4),
        *((None, "", wrong, 1) for wrong in (0, -1, 10**9, "2", None, 2.0)),  # what a damaged record may hold
    ],
)
def test_the_users_word_comes_first(
    asked: int | None, variable: str, default: object, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.networks.threads._chosen", {})
    monkeypatch.delitem(sys.modules, "kerasnn.networks.runtime", raising=False)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", variable)
    choose_threads(asked, default)
    assert chosen_threads() == found


def test_a_number_that_comes_too_late_is_refused() -> None:
    from kerasnn.networks import runtime

    choose_threads(None, 12)  # a default is no promise
    assert runtime.threads() == chosen_threads()
    with pytest.raises(UsageError, match="already uses"):
        choose_threads(runtime.threads() + 1)


@pytest.mark.parametrize("number", ["0", "1025", "two"])
def test_impossible_numbers_are_refused(number: str) -> None:
    assert main(["train", "--stage", "adam", "--threads", number]) == 2


def trained(*words: str, data: Path, **variables: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "kerasnn", *words, "--dataset", str(data), "--json", "-q"]
    environment = {**os.environ, **variables}
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, env=environment, check=True).stdout)
    return found


@pytest.mark.full
def test_train_reproduce_and_one_core_give_the_same_history(npz: Path) -> None:
    words = ("train", "--stage", "adam", "--epochs", "2")
    here = trained(*words, data=npz)
    assert here["environment"]["threads"] == 1
    command = "import os, sys, runpy; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    command += f"sys.argv = ['kerasnn', *{[*words, '--dataset', str(npz), '--json', '-q']!r}];"
    command += "runpy.run_module('kerasnn', run_name='__main__')"
    if hasattr(os, "sched_setaffinity"):
        done = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
        assert json.loads(done.stdout)["history"] == here["history"]
    whole = trained("train", "--stage", "adam", data=npz)
    study = trained("reproduce", "--stages", "adam", "--seeds", "1", "--workers", "1", data=npz)
    (outcome,) = study["outcomes"]
    assert outcome["history"] == whole["history"]
    more = trained(*words, "--threads", "2", data=npz)
    assert more["environment"]["threads"] == 2
