"""The same 1,000 images in many forms: the same digest, and the same weights."""

from pathlib import Path

import pytest

from kerasnn.data.dataset import RawDataset, digest
from kerasnn.data.load import load_data
from tests.data.same_images import FORMS, learnt, striped


@pytest.fixture(scope="module")
def source() -> RawDataset:
    return striped()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_images_and_labels(source: RawDataset, surroundings: Path, form: str) -> None:
    info = load_data(FORMS[form](source, surroundings)).info
    assert info.sha256 == digest(source)
    if not form.startswith(("npz", "IDX of EMNIST")):  # whose arrays have other types and axes
        # which name has which number, and which column of a table without a header the label is
        assert {note.code for note in info.conversions} <= {"labels-numbered", "label-column"}


@pytest.mark.full
def test_each_form_gives_the_same_weights(source: RawDataset, tmp_path: Path, quick_engine: None) -> None:
    found = set()
    for number, form in enumerate(FORMS):
        folder = tmp_path / str(number)
        folder.mkdir()
        found.add(learnt(FORMS[form](source, folder)))
    assert len(FORMS) >= 12
    assert len(found) == 1
