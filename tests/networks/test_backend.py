"""Keras on PyTorch and JAX; each test trains in a separate process, because a process has only one backend."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.networks import backend as backends
from kerasnn.networks.files.open import open_classifier
from tests.conftest import tiny_source

OTHERS = [
    pytest.param(name, marks=pytest.mark.skipif(find_spec(name) is None, reason=f"wants the extra kerasnn[{name}]"))
    for name in ("torch", "jax")
]


def trained(*words: object) -> Any:
    command = [sys.executable, "-m", "kerasnn", "train", *map(str, words), "--json", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", OTHERS)
def test_a_stage_on_another_backend(name: str, npz: Path) -> None:
    words = ("--stage", "early-stopping", "--hidden", 8, "--epochs", 12, "--learning-rate", 0.01, "--backend", name)
    first, second = (trained(*words, "--dataset", npz) for _ in range(2))
    assert first["history"] == second["history"]
    assert first["environment"]["backend"] == name
    assert first["environment"]["versions"][name] != "not installed"
    assert first["engine"] == "keras"
    assert f"--backend {name}" in first["command"]
    assert first["validation"]["accuracy"] > 0.8
    # the file is read as any other: NumPy and the backend agree on what was learnt
    test = tiny_source().test
    answers = open_classifier(Path(first["model"])).log_probabilities(test.images).argmax(axis=1)
    assert float(np.mean(answers == test.labels)) == pytest.approx(first["test"]["accuracy"])


@pytest.mark.parametrize("name", OTHERS)
def test_its_script_repeats_it(name: str, npz: Path) -> None:
    record = trained("--stage", "adam", "--hidden", 8, "--epochs", 2, "--backend", name, "--dataset", npz)
    kerasnn.code("latest", file="script.py")
    done = subprocess.run([sys.executable, "-W", "ignore", "script.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"validation: loss {record['validation']['loss']:.4f}" in done.stdout


@pytest.mark.parametrize("name", OTHERS)
def test_real_adam_on_another_backend_comes_within_the_band(name: str, real_data: Path) -> None:
    record = trained("--stage", "adam", "--backend", name, "--data-dir", real_data)
    published = record["published"]
    assert published["low"] - 0.005 <= record["validation"]["accuracy"] <= published["high"] + 0.005


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--backend", "pytorch"], 2, "did you mean 'torch'?"),
        (["--backend", "caffe"], 2, "one of tensorflow, torch, jax"),
        (["--backend", "torch"], 4, "pip install 'kerasnn[torch]'"),
    ],
)
def test_a_backend_that_cannot_be(
    words: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "kerasnn.networks.runtime", raising=False)
    assert main(["train", "--stage", "adam", *words]) == code
    assert message in capsys.readouterr().err


def test_the_engine_fused_is_tensorflows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(backends.VARIABLE, "jax")
    assert main(["train", "--stage", "adam", "--engine", "fused", "--dataset", "garments"]) == 2
    assert "does not run on the backend 'jax'" in capsys.readouterr().err


def test_a_process_has_one_backend() -> None:
    import kerasnn.networks.runtime

    with pytest.raises(kerasnn.KerasnnError, match="already uses the backend tensorflow in this process"):
        kerasnn.train("adam", backend="jax", dataset="garments")
    backends.choose_backend("tensorflow")
