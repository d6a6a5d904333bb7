"""Find a model by each of its names."""

import json
from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.records.codes import Code
from kerasnn.runs import reference
from kerasnn.runs.find_model import class_names, find_model, image_shape


@pytest.fixture
def run_id(quick_engine: None, tiny: Dataset) -> str:
    return kerasnn.train("softmax", dataset=tiny, epochs=1).run


def test_all_names_of_one_run(surroundings: Path, run_id: str) -> None:
    model = Path("runs") / run_id / "model.keras"
    for name in ("latest", run_id, f"runs/{run_id}", "runs/latest"):
        found = find_model(name)
        assert (found.name, found.path) == (run_id, model)
    by_path = find_model(str(model))
    assert by_path.path == model
    assert by_path.class_names == ("stripe 0", "stripe 1", "stripe 2")
    assert image_shape(by_path, 36) == (6, 6)


def test_a_stages_name_is_its_reference_model() -> None:
    found = find_model("dropout")
    assert found.path == reference.folder() / "dropout.keras"
    assert found.dataset == "fashion-mnist"


def test_a_lone_file_has_no_names_but_may_be_assumed(surroundings: Path, run_id: str) -> None:
    lone = surroundings / "lone.keras"
    lone.write_bytes((surroundings / "runs" / run_id / "model.keras").read_bytes())
    found = find_model("lone.keras")
    names, (numbered,) = class_names(found, 3, 36)
    assert names == ("class 0", "class 1", "class 2")
    assert numbered.code == Code.NUMBERED_CLASSES
    names, (assumed,) = class_names(found, 10, 784)
    assert names[9] == "Ankle boot"
    assert assumed.code == Code.ASSUMED_CLASSES
    assert image_shape(found, 36) == (6, 6)
    with pytest.raises(ModelFileError, match="takes 35 values"):
        image_shape(found, 35)


@pytest.mark.parametrize(
    ("name", "words", "hint"),
    [
        ("droput", "there is no model 'droput'", "did you mean 'dropout'?"),
        ("latest", "there is no latest run", "kerasnn train"),
        ("nothing.keras", "there is no model", ""),
    ],
)
def test_unknown_names(surroundings: Path, name: str, words: str, hint: str) -> None:
    with pytest.raises(ModelFileError, match=words) as caught:
        find_model(name)
    assert hint in (caught.value.hint or "")


def test_a_run_that_is_gone_or_kept_no_model(surroundings: Path, run_id: str) -> None:
    folder = surroundings / "runs" / run_id
    (folder / "model.keras").unlink()
    with pytest.raises(ModelFileError, match="has saved no model"):
        find_model("latest")
    (folder / "run.json").write_text("{")
    with pytest.raises(ModelFileError, match="cannot be read"):
        find_model(run_id)
    (folder / "run.json").write_text("[]")
    with pytest.raises(ModelFileError, match="is not the record of a run"):
        find_model(run_id)
    (folder.parent / "latest").write_text("../../etc\n")
    with pytest.raises(ModelFileError, match="is no longer in"):
        find_model("latest")


def test_a_card_that_is_damaged(surroundings: Path, run_id: str) -> None:
    model = surroundings / "m.keras"
    model.write_bytes((surroundings / "runs" / run_id / "model.keras").read_bytes())
    for text in ("{", "[]"):
        model.with_suffix(".json").write_text(text)
        with pytest.raises(ModelFileError, match=r"m\.json"):
            find_model(str(model))
    model.with_suffix(".json").write_text(json.dumps({"dataset": {"classes": ["a", "b", "c"]}}))
    assert find_model(str(model)).class_names == ("a", "b", "c")
