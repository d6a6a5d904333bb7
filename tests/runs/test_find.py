"""Find a model by each of its names."""

import json
import os
import zipfile
from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.records.codes import Code
from kerasnn.runs import reference
from kerasnn.runs.find_model import FoundModel, class_names, find_model, image_shape


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
    assert image_shape(by_path, (36,)) == (6, 6)


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
    assert image_shape(found, (36,)) == (6, 6)
    with pytest.raises(ModelFileError, match="takes 35 values"):
        image_shape(found, (35,))


@pytest.mark.parametrize(
    ("name", "words", "hint"),
    [
        ("droput", "there is no model 'droput'", "did you mean 'dropout'?"),
        ("latest", "there is no latest run", "kerasnn train"),
        ("nothing.keras", "there is no model", ""),
        ("", "the name of the model is empty", ""),
    ],
)
def test_unknown_names(surroundings: Path, name: str, words: str, hint: str) -> None:
    with pytest.raises(ModelFileError, match=words) as caught:
        find_model(name)
    assert hint in (caught.value.hint or "")


def test_a_name_that_is_too_long_for_a_file(surroundings: Path) -> None:
    with pytest.raises(UsageError, match="the name is too long for a file"):
        find_model("n" * 300)


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


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of Unix")
def test_what_is_there_but_no_file_is_not_called_missing(surroundings: Path) -> None:
    os.mkfifo("pipe.keras")
    Path("device.keras").symlink_to("/dev/zero")
    Path("circle.keras").symlink_to("circle.keras")
    for name, words in (("pipe", "is not a file"), ("device", "is not a file"), ("circle", "leads nowhere")):
        with pytest.raises(ModelFileError, match=rf"^{name}\.keras is .*{words}|^{name}\.keras {words}"):
            find_model(f"{name}.keras")


def test_folders_that_are_no_runs_are_named(surroundings: Path) -> None:
    for folder, names in {
        "saved": ["saved_model.pb", "fingerprint.pb"],
        "unpacked": ["config.json", "metadata.json", "model.weights.h5"],
        "photos": ["a.jpg"],
    }.items():
        Path(folder).mkdir()
        for name in names:
            Path(folder, name).touch()
    for folder, words, hint in (
        ("saved", "is a SavedModel of TensorFlow", 'model.save("model.keras")'),
        ("unpacked", "is a .keras file that was unpacked", "cd unpacked && zip -0 ../model.keras config.json"),
        ("photos", "is a folder without a run.json", ""),
    ):
        with pytest.raises(ModelFileError, match=words) as caught:
            find_model(folder)
        assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("inputs", [(28, 28), (1, 28, 28), (28, 28, 1), (784,), (784, 1)])
def test_a_model_has_its_own_rows_and_columns(inputs: tuple[int, ...], surroundings: Path) -> None:
    found = FoundModel("m", Path("m.keras"), {"dataset": {"shape": [14, 56]}})
    assert image_shape(found, inputs) == ((28, 28) if 28 in inputs else (14, 56))
    assert image_shape(FoundModel("m", Path("m.keras"), {}), inputs) == (28, 28)


@pytest.mark.parametrize("inputs", [(28, 28, 4), (3, 28, 28), (7, 7, 16)])
def test_images_with_channels_are_no_grey_pictures_of_another_size(inputs: tuple[int, ...]) -> None:
    with pytest.raises(ModelFileError, match=" x ".join(map(str, inputs))):
        image_shape(FoundModel("m", Path("m.keras"), {}), inputs)


@pytest.mark.parametrize(
    "about", [{"name": "x", "location": "~"}, {"name": "mnist", "by_name": True}, {"name": "garments"}]
)
def test_a_strangers_file_names_no_data(about: dict[str, object], surroundings: Path) -> None:
    with zipfile.ZipFile(reference.model_path("dropout")) as archive, zipfile.ZipFile("m.keras", "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "metadata.json":
                content = json.dumps({**json.loads(content), "kerasnn": {"classes": ["a", "b"], **about}}).encode()
            changed.writestr(name, content)
    found = find_model("m.keras")
    assert found.dataset is None
    assert found.class_names == ("a", "b")
