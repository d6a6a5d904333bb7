"""Every hostile model file there is a writer for is refused, without Keras and in a sentence."""

import os
from pathlib import Path

import pytest

from kerasnn.errors import ModelFileError
from kerasnn.networks.files.open import open_classifier
from tests.faults.hostile_models import HOSTILE

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
