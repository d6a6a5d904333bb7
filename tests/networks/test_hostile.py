"""Every hostile model file of `tests.faults.hostile_models` is refused, without Keras and in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kerasnn.errors import ModelFileError
from kerasnn.networks.classifier import in_batches
from kerasnn.networks.files.open import open_classifier
from tests.faults.hostile_models import HARMLESS, HOSTILE

# a process counts the memory of the one that it was forked from: a small one lies between, whose children are measured
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
LARGE = {"a configuration of 1 GiB in 5 MB"}  # takes seconds to write; make faults does


@pytest.mark.skipif(os.name != "posix", reason="some are made with pipes and links of Unix")
@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in LARGE])
def test_it_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, write = HOSTILE[name]
    write(tmp_path / file)
    os.mkfifo(tmp_path / "outside")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelFileError) as caught:
        open_classifier(Path(file))
    assert caught.value.message.startswith(file)
    assert caught.value.message.isprintable()
    assert not Path("canary").exists()


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_not_looked_at_does_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    HARMLESS[name](tmp_path / "m.keras")
    monkeypatch.chdir(tmp_path)
    probabilities = np.exp(in_batches(np.ones((1, 28, 28), np.uint8), open_classifier(Path("m.keras"))))
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert not Path("canary").exists()


@pytest.mark.skipif(os.name != "posix", reason="the limits are those of Unix")
@pytest.mark.parametrize("name", [name for name in HOSTILE if "leads to itself" in name or "its own" in name])
def test_hdf5_without_an_end_costs_little(name: str, tmp_path: Path) -> None:
    file, write = HOSTILE[name]
    write(tmp_path / file)
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "kerasnn", "summary", "--model", file]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    code, seconds, kilobytes = map(float, ended.stdout.split())
    assert code == 5
    assert "its weights" in ended.stderr
    assert seconds < 6
    assert kilobytes < 600 << 10
