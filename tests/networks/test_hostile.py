"""Every hostile model file there is a writer for is refused, without Keras and in a sentence."""

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
    command = [sys.executable, "-m", "kerasnn", "summary", "--model", str(tmp_path / file)]
    with (tmp_path / "said").open("w") as said, subprocess.Popen(command, stderr=said) as process:
        _pid, status, used = os.wait4(process.pid, 0)  # of the command, and of what it waited for
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 5
    assert "its weights" in (tmp_path / "said").read_text()
    assert used.ru_utime + used.ru_stime < 6
    assert used.ru_maxrss < 600 << 10
