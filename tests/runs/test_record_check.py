"""What a run's record says, beside what is measured: edited records, swapped models, other images, unknown origins."""

import json
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.data.dataset import Dataset, RawDataset, split
from kerasnn.errors import DataError
from kerasnn.networks.classifier import Classifier
from kerasnn.records import Evaluation, Note
from kerasnn.records.codes import SENTENCES, Code
from kerasnn.runs.find_model import FoundModel
from kerasnn.runs.record_check import checked_evaluation
from tests.cli.test_commands import Cli
from tests.conftest import EVEN, printed_json, save_npz, stripes, working_in

Change = Callable[[Any, Path], object]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with one run on stripes.npz, and its id."""
    with working_in(tmp_path_factory.mktemp("one")) as folder:
        data = save_npz(folder / "stripes.npz", count=EVEN)
        words = ("--stage", "softmax", "--epochs", 2, "--engine", "keras", "--dataset", data.name)
        return folder, printed_json("train", *words)["run"]


@pytest.fixture
def run(trained: tuple[Path, str], surroundings: Path) -> str:
    folder, name = trained
    shutil.copytree(folder / "runs", surroundings / "runs")
    for file in ("stripes.npz", "classes.txt"):
        shutil.copy(folder / file, surroundings)
    return name


def edit(run: str, change: Change) -> None:
    path = Path("runs") / run / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record, path.parent)
    path.write_text(json.dumps(record), encoding="utf-8")  # without the white space that kerasnn writes


def codes(notes: Any) -> list[str]:
    """Return the codes of notes, which some commands print as sentences; what is said of a picture has none."""
    patterns = {
        code: re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for code, text in SENTENCES.items() if code != Code.ERROR
    }
    said = [code for note in notes for code in patterns if isinstance(note, str) and re.fullmatch(patterns[code], note)]
    return said + [note["code"] for note in notes if isinstance(note, dict)]


def retouch_model(folder: Path) -> None:
    """Train a model of the same form, and put it in the place of the run's own."""
    other = kerasnn.train("softmax", dataset="stripes.npz", epochs=1, seed=9, engine="keras", out="others")
    shutil.copy(other.model or "", folder / "model.keras")


def seal_anew(record: Any, change: Change, folder: Path) -> None:
    """Change a record as somebody does who knows how it is sealed."""
    change(record, folder)
    record.pop("seal")
    record["seal"] = sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


EDITS: dict[str, tuple[Change, list[str], list[str]]] = {
    # what runs list finds, and what evaluate finds besides
    "nothing": (lambda record, folder: None, [], []),
    "accuracy": (lambda record, folder: record["test"].update(accuracy=0.99), ["record-edited"], ["test-differs"]),
    "history": (lambda record, folder: record["history"][-1].update(val_loss=0.01), ["record-edited"], []),
    "seed": (lambda record, folder: record.update(seed=43), ["record-edited"], []),
    "settings": (lambda record, folder: record["settings"].update(batch_size=8), ["record-edited"], []),
    "seal removed": (lambda record, folder: record.pop("seal"), ["record-edited"], []),
    "model": (
        lambda record, folder: retouch_model(folder),
        ["model-replaced"],
        ["validation-differs", "test-differs"],
    ),
    "sealed anew": (
        lambda record, folder: seal_anew(record, lambda own, _: own["validation"].update(accuracy=0.99), folder),
        [],
        ["validation-differs"],
    ),
    "older version": (lambda record, folder: (record.pop("seal"), record.pop("model_sha256")), [], []),
}


@pytest.mark.parametrize("name", EDITS)
def test_edits_are_reported(name: str, run: str, cli: Cli) -> None:
    change, listed, measured = EDITS[name]
    edit(run, change)
    (row,) = cli.json("runs", "list")
    assert codes(row["notes"]) == listed
    assert codes(cli.json("runs", "show", run)["notes"]) == listed
    assert codes(cli.json("evaluate", run)["notes"]) == listed + measured
    assert ("was changed after" in cli("runs", "list")) == ("record-edited" in listed)


def test_a_report_and_an_evaluation_say_so(run: str, cli: Cli) -> None:
    change, listed, measured = EDITS["accuracy"]
    edit(run, change)
    page = cli.json("report", run, "--out", "page.html")
    assert codes(page["runs"][0]["run"]["notes"]) == listed + measured
    for text in (cli("evaluate", run), Path("page.html").read_text(encoding="utf-8")):
        assert all(words in text for words in ("run.json was changed after", "the record says a test loss of"))


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", ...),
        ("predict", ..., "--index", 0),
        ("summary", "--model", ...),
        ("draw", ...),
        ("weights", ...),
        ("weights", ..., "--unit", 1),
        ("code", ...),
        ("explain", "linear", "--model", ...),
    ],
    ids=str,
)
def test_every_command_that_opens_a_model_says_so(words: tuple[Any, ...], run: str, cli: Cli) -> None:
    asked = [run if word is ... else word for word in words]
    told = "run.json was changed after kerasnn wrote it"
    assert told not in cli(*asked)
    edit(run, EDITS["seed"][0])
    assert told in " ".join(cli(*asked).split())
    assert told in json.dumps(cli.json(*asked), ensure_ascii=False)


def test_an_edited_record_is_not_sealed_anew_by_more_epochs(run: str, cli: Cli) -> None:
    edit(run, EDITS["accuracy"][0])
    cli("train", "--resume", run, "--more-epochs", 1)
    assert codes(cli.json("runs", "show", run)["notes"]) == ["record-edited"]
    assert codes(cli.json("runs", "list")[0]["notes"]) == ["record-edited"]


def test_verify_says_no_to_images_that_have_changed(run: str, cli: Cli) -> None:
    before = kerasnn.open_run(run).dataset.sha256
    save_npz(Path("stripes.npz"), count=EVEN + 4)
    now = kerasnn.load_data("stripes.npz").info.sha256
    found = cli.json("verify", run, code=6)
    assert codes(found["problems"]) == ["data-changed"]
    assert (found["holds"], found["first_epoch"]) == (False, None)
    assert found["error"]["message"].count(before[:12]) == found["error"]["message"].count(now[:12]) == 1
    assert "--dataset" in found["error"]["hint"]
    Path("stripes.npz").rename("later.npz")
    assert now[:12] in cli.json("verify", run, "--dataset", "later.npz", code=2)["error"]["message"]
    gone = cli.json("verify", run, code=3)["error"]
    assert before[:12] in gone["expected"]
    assert "--dataset" in gone["hint"]


def test_verify_asks_for_missing_images_once(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def missing(name: str, **_options: object) -> Dataset:
        asked.append(name)
        raise DataError("they are not here")

    monkeypatch.setattr("kerasnn.study.verify.load_data", missing)
    with pytest.raises(DataError, match="they are not here"):
        kerasnn.verify(run)
    assert len(asked) == 1


def test_latest_is_the_latest_run_even_where_a_folder_has_that_name(run: str, cli: Cli) -> None:
    Path("latest").mkdir()
    assert cli.json("evaluate", "latest")["model"] == run
    (Path("runs") / "latest").unlink()
    (Path("runs") / "latest").mkdir()
    assert cli.json("evaluate", "latest")["model"] == run


def test_other_images_are_named(run: str, cli: Cli) -> None:
    before = cli.json("evaluate", run)["dataset"]["sha256"]
    shutil.copy("stripes.npz", "moved.npz")
    assert cli.json("evaluate", run, "--dataset", "moved.npz")["notes"] == []  # the same images
    save_npz(Path("stripes.npz"), count=EVEN + 4)
    evaluated = cli.json("evaluate", run)
    changed, now = evaluated["notes"][0], evaluated["dataset"]["sha256"]
    assert codes([changed]) == ["data-changed"]
    assert before[:12] in changed
    assert now[:12] in changed
    shutil.move("stripes.npz", "later.npz")
    other = cli.json("evaluate", run, "--dataset", "later.npz")["notes"][0]
    assert codes([other]) == ["other-data"]
    assert codes(cli.json("predict", run, "--index", 0, "--dataset", "later.npz")[0]["notes"]) == ["other-data"]


def test_names_of_classes_are_given_or_marked(run: str, cli: Cli) -> None:
    Path("alone").mkdir()
    lone = shutil.copy(Path("runs") / run / "model.keras", "alone")
    Image.fromarray(stripes(1).images[0]).save("picture.png")
    for words in (("predict", lone, "picture.png"), ("weights", lone)):
        found = cli.json(*words)
        assert codes((found[0] if isinstance(found, list) else found)["notes"]) == ["numbered-classes"]
    named = cli.json("predict", lone, "picture.png", "--dataset", "stripes.npz")[0]
    assert codes(named["notes"]) == []
    assert named["names"] == cli.json("predict", run, "picture.png")[0]["names"]
    assert "assumed-classes" not in codes(cli.json("evaluate", lone, "--dataset", "stripes.npz")["notes"])
    Path("alone/classes.txt").write_text("top\nmiddle\nbottom\n", encoding="utf-8")
    assert cli.json("predict", lone, "picture.png")[0]["names"] == ["top", "middle", "bottom"]
    assert cli.json("weights", lone)["notes"] == []
    assert [unit["name"] for unit in cli.json("weights", lone)["units"]] == ["top", "middle", "bottom"]


class Scripted:
    """A model that answers the images' brightest row, except for a share of them."""

    input_shape, input_size, classes, parameters, batch = (6, 6), 36, 3, 0, 10_000
    notes: tuple[Note, ...] = ()

    def __init__(self, wrong: dict[int, float]) -> None:
        self.wrong = wrong  # by the number of images in a part

    def summary(self, name: str) -> Any:
        raise NotImplementedError

    def log_probabilities(self, images: Any) -> Any:
        answers = images.reshape(len(images), 3, 12).mean(axis=2).argmax(axis=1)
        mistaken = int(self.wrong[len(images)] * len(images))
        answers[:mistaken] = (answers[:mistaken] + 1) % 3
        return np.log(np.where(np.eye(3)[answers] > 0, 0.8, 0.1)).astype(np.float32)


@pytest.fixture(scope="module")
def many() -> Dataset:
    names = ("top", "middle", "bottom")
    return split(RawDataset("many", "somewhere", stripes(10_000), stripes(1_800, seed=1), names))


def evaluated(model: Classifier, data: Dataset, card: dict[str, Any]) -> Evaluation:
    return checked_evaluation(FoundModel("m", Path("m.keras"), card), model, data, named=True)


@pytest.mark.parametrize(
    ("validation", "test", "told"),
    [
        (0.10, 0.12, []),
        (0.10, 0.14, []),  # likely by chance, or because these images are harder
        (0.02, 0.10, [Code.VALIDATION_SEEN]),
        (0.10, 0.02, []),
        (0.66, 0.66, [Code.NEAR_CHANCE]),
        (0.50, 0.50, []),
    ],
)
def test_scores_tell_about_a_model_of_unknown_origin(
    validation: float, test: float, told: list[str], many: Dataset
) -> None:
    model = Scripted({len(many.validation): validation, len(many.test): test})
    assert [note.code for note in evaluated(model, many, {}).notes] == told


def test_a_model_that_learnt_from_these_images_is_not_suspected(many: Dataset) -> None:
    model = Scripted({len(many.validation): 0.02, len(many.test): 0.10})
    assert evaluated(model, many, {"dataset": {"sha256": many.info.sha256}}).notes == ()
