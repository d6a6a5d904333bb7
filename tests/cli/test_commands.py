"""Every command through `main`: its output as text and as JSON, and its exit code."""

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.cli.app import main
from kerasnn.cli.registry import DOES, NAMES, load
from kerasnn.errors import DataError
from kerasnn.networks.runtime import keras
from kerasnn.records import Answers, Listener, Prediction
from kerasnn.runs.reference import model_path
from tests.conftest import EVEN, printed_json, save_npz, working_in

STAGES = "sgd softmax hidden relu adam dropout early-stopping overfit".split()  # noqa: SIM905


class Cli:
    """Calls main and catches what it prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: object, code: int = 0) -> str:
        """Standard output of a call that ends with `code`."""
        self.capsys.readouterr()
        ended = main([str(word) for word in words])
        captured = self.capsys.readouterr()
        self.stderr = captured.err
        assert ended == code, captured.err
        return captured.out

    def json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code))


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, called the first time only: asked again with the same words, it has the same answer to show."""
    calls: list[tuple[Any, Any]] = []

    def answer(*given: Any, listener: Listener, **named: Any) -> Any:
        if not calls:
            calls.append(((given, named), function(*given, listener=listener, **named)))
        asked, found = calls[0]
        assert asked == (given, named)
        return found

    return answer


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture(scope="module")
def once_trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with a small run of `early-stopping` on the tiny data, and the JSON of it."""
    with working_in(tmp_path_factory.mktemp("trained")) as folder:
        words = ("--stage", "early-stopping", "--hidden", 8, "--epochs", 12, "--learning-rate", 0.01)
        return folder, printed_json("train", *words, "--dataset", save_npz(folder / "stripes.npz", count=EVEN))


@pytest.fixture
def trained(once_trained: tuple[Path, Any], surroundings: Path) -> Any:
    """That run in the working folder, and its JSON."""
    folder, printed = once_trained
    shutil.copytree(folder / "runs", surroundings / "runs")
    return printed


def test_stages(cli: Cli) -> None:
    rows = cli.json("stages")
    assert [row["stage"] for row in rows] == STAGES
    assert {"stage", "title", "model", "optimizer", "epochs", "batch_size", "parameters"} <= set(rows[0])
    text = cli("stages")
    assert all(stage in text for stage in STAGES)


def test_summary_of_one_and_of_all(cli: Cli) -> None:
    one = cli.json("summary", "--stage", "relu")
    assert one["parameters"] == {"total": 79_510, "trainable": 79_510, "non_trainable": 0}
    assert one["layers"][1]["output_shape"] == [None, 100]
    assert {"name", "type", "output_shape", "parameters", "formula"} <= set(one["layers"][0])
    assert [each["stage"] for each in cli.json("summary")] == STAGES
    assert "784 x 100 + 100 = 78,500" in cli("summary")


def test_train_prints_its_record(trained: Any) -> None:
    promised = (
        "run stage seed engine dataset settings overrides parameters history best_epoch stopped_epoch "
        "validation test seconds model"
    )
    assert set(promised.split()) <= set(trained)
    assert {"name", "sha256", "train", "validation", "test"} <= set(trained["dataset"])
    assert set(trained["seconds"]) == {"total", "data", "compile", "train"}
    assert [epoch["epoch"] for epoch in trained["history"]] == list(range(1, trained["stopped_epoch"] + 1))
    assert set(trained["history"][0]) == {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}
    assert trained["overrides"] == {"hidden": [8], "learning_rate": 0.01, "epochs": 12}
    best = min(trained["history"], key=lambda epoch: epoch["val_loss"])
    assert trained["best_epoch"] == best["epoch"]
    assert trained["validation"]["loss"] == pytest.approx(best["val_loss"], rel=1e-5)
    assert Path(trained["model"]).is_file()
    assert (Path(trained["model"]).parent / "plots" / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_train_shows_a_line_an_epoch_and_the_table(cli: Cli, npz: Path) -> None:
    text = cli("train", "--stage", "adam", "--hidden", 8, "--dataset", npz)
    assert [line[:9] for line in cli.stderr.splitlines()] == [f"epoch {number}/5" for number in range(1, 6)]
    assert "saved: epoch 5" in text
    assert "The validation loss" in text  # where it was lowest, or that it fell to the end
    assert text.splitlines()[-1].startswith("Next: kerasnn ")
    quiet = cli("train", "--stage", "adam", "--hidden", 8, "--engine", "keras", "--dataset", npz, "-q")
    assert cli.stderr == ""
    assert "saved: epoch 5" in quiet
    assert "Next: " not in quiet


def test_train_sgd(cli: Cli, npz: Path) -> None:
    record = cli.json("train", "--stage", "sgd", "--dataset", npz, "--epochs", 3)
    assert (record["engine"], record["history"], record["parameters"]) == ("scikit-learn", [], 111)
    assert "saved: pass" in cli("train", "--stage", "sgd", "--dataset", npz)
    assert cli.json("evaluate", "latest")["test"]["accuracy"] > 0.5
    assert cli.json("predict", "latest", "--index", 0)[0]["name"].startswith("stripe")


def test_evaluate(cli: Cli, trained: Any) -> None:
    found = cli.json("evaluate", "latest", "--plots", "drawn")
    assert {"model", "dataset", "validation", "test", "classes", "confusion"} <= set(found)
    assert {"label", "name", "precision", "recall", "f1", "support"} == set(found["classes"][0])
    assert found["test"] == trained["test"]
    assert sum(map(sum, found["confusion"])) == found["dataset"]["test"] == 31
    for name in ("confusion.png", "mistakes.png"):
        with Image.open(Path("drawn") / name) as image:
            assert image.width > 300
    text = cli("evaluate", trained["model"])
    assert "Confusion matrix" in text
    assert "stripe 2" in text


def test_predict_files_and_test_images(cli: Cli, trained: Any) -> None:
    pixels = np.zeros((6, 6), np.uint8)
    pixels[2] = 200  # the stripe of class 1
    Image.fromarray(pixels).save("줄무늬.png")
    Image.fromarray(255 - pixels).save("light.png")
    answers = cli.json("predict", "latest", "줄무늬.png", "--index", 2)
    assert {"image", "label", "name", "probability", "probabilities", "notes"} <= set(answers[0])
    assert [answer["image"] for answer in answers] == ["줄무늬.png", "test image 2"]
    assert answers[0]["name"] == "stripe 1"
    assert sum(answers[0]["probabilities"]) == pytest.approx(1, abs=1e-5)
    swapped = cli.json("predict", "latest", "light.png")
    assert swapped[0]["probabilities"] == pytest.approx(answers[0]["probabilities"], abs=1e-6)
    assert swapped[0]["notes"] == ["prepared: light and dark swapped"]
    assert "try --invert" in " ".join(cli("predict", "latest", "light.png", "--as-is").split())
    inverted = cli.json("predict", "latest", "light.png", "--as-is", "--invert")
    assert inverted[0]["probabilities"] == swapped[0]["probabilities"]
    again = cli.json("predict", "latest", "light.png", "--invert")
    assert again[0]["probabilities"] == cli.json("predict", "latest", "light.png", "--as-is")[0]["probabilities"]


def test_a_photograph_is_shown_with_what_the_network_sees(cli: Cli) -> None:
    photograph = np.full((300, 200), 230, np.uint8)
    photograph[40:240, 60:90] = photograph[40:240, 110:140] = photograph[40:80, 60:140] = 40
    Image.fromarray(photograph).save("바지.jpg")
    (answer,) = cli.json("predict", "dropout", "바지.jpg")
    assert answer["name"] == "Trouser"
    steps = "background removed, light and dark swapped, cut to the garment and centred"
    assert answer["notes"] == [f"prepared: {steps}"]
    text = cli("predict", "dropout", "바지.jpg")
    assert "what the network sees" in text
    assert max(len(line) for line in text.splitlines() if not line.startswith("Note")) < 80
    assert steps in " ".join(text.split())
    assert "신경망이 보는 그림" in cli("predict", "dropout", "바지.jpg", "--lang", "ko")
    backgrounds = []  # pixels of the photograph's, and of the prepared picture's
    for words in ((), ("--as-is",)):
        cli("predict", "dropout", "바지.jpg", "--plots", "drawn", *words)
        with Image.open(Path("drawn") / "prediction-1-바지.png") as image:
            grey = np.asarray(image.convert("L")).astype(int)
        backgrounds.append([(abs(grey - value) < 8).sum() > 20_000 for value in (230, 0)])
    assert backgrounds == [[True, True], [True, False]]  # as it is, there is one picture only


def test_one_unreadable_picture_does_not_lose_the_others(cli: Cli) -> None:
    Image.new("L", (300, 300), "white").save("blank.png")
    Path("bad.png").write_text("hello")
    words = ("predict", "dropout", "bad.png", "blank.png", "gone.png")
    found = cli.json(*words, code=3)
    assert [each["image"] for each in found["shown"]] == ["bad.png", "blank.png", "gone.png"]
    bad, answer, gone = found["shown"]
    assert answer == cli.json("predict", "dropout", "blank.png")[0]
    assert bad["error"] == cli.json("predict", "dropout", "bad.png", code=3)["error"]
    assert gone["error"]["message"] == "there is no image gone.png"
    message = "2 of 3 images could not be read: bad.png is not an image; there is no image gone.png"
    assert found["error"]["message"] == message
    text = cli(*words, code=3)
    assert "blank.png: nothing to recognise" in text
    assert message in cli.stderr
    assert cli("predict", "dropout", "bad.png", "gone.png", code=3) == ""


def test_the_exit_code_is_that_of_the_first_unreadable_picture(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(99))
    Path("bad.png").write_text("hello")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert cli.json("predict", "dropout", "a.heic", "bad.png", code=4)["shown"][1]["error"]["code"] == 3
    assert cli.json("predict", "dropout", "bad.png", "a.heic", code=3)["shown"][1]["error"]["code"] == 4
    with pytest.raises(DataError) as caught:
        kerasnn.predict("dropout", ["bad.png"], indices=[0], dataset="garments")
    assert isinstance(caught.value.record, Answers)
    unreadable, answer = caught.value.record.shown
    assert isinstance(answer, Prediction)
    assert (unreadable.image, answer.index) == ("bad.png", 0)


def test_nothing_to_recognise_is_said_instead_of_an_answer(cli: Cli) -> None:
    Image.new("L", (300, 300), "white").save("blank.png")
    noise = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    Image.fromarray(noise).save("noise.png")
    for name in ("blank.png", "noise.png"):
        text = cli("predict", "dropout", name)
        assert f"{name}: nothing to recognise (" in text
        assert "9 Ankle boot" in text
        assert "알아볼 것이 없음" in cli("predict", "dropout", name, "--lang", "ko")
        (answer,) = cli.json("predict", "dropout", name)
        assert len(answer["probabilities"]) == 10
        assert "there is nothing to recognise in it" in " ".join(answer["notes"])
    assert cli("predict", "dropout", *["blank.png"] * 4).count("nothing to recognise") > 4


def test_no_probability_is_shown_as_certain(cli: Cli) -> None:
    pixels = np.zeros((28, 28), np.uint8)
    pixels[:, 8:12] = pixels[:, 16:20] = pixels[:6, 8:20] = 255
    Image.fromarray(pixels).save("trousers.png")
    (answer,) = cli.json("predict", "dropout", "trousers.png")
    assert answer["probability"] > 0.99995
    text = cli("predict", "dropout", "trousers.png")
    assert "probability >0.9999" in text
    assert "1.0000" not in text


def test_a_test_image_of_other_classes_is_no_question(cli: Cli, npz: Path) -> None:
    error = cli.json("predict", "dropout", "--index", 0, "--dataset", npz, code=5)["error"]
    assert "distinguishes 10 classes" in error["message"]


def test_folds_want_images(cli: Cli, tmp_path: Path) -> None:
    few = save_npz(tmp_path / "few.npz", count=6)
    error = cli.json("explain", "validation", "--dataset", few, code=2)["error"]
    assert "too few for 5 folds" in error["message"]


def test_names_that_are_assumed_are_said_to_be(cli: Cli) -> None:
    Image.new("L", (28, 28)).save("black.png")
    shutil.copyfile(model_path("softmax"), "digits.keras")  # without the card that tells its classes
    notes = {model: cli.json("predict", model, "black.png")[0]["notes"] for model in ("softmax", "digits.keras")}
    assert not [note for note in notes["softmax"] if "nothing beside the model" in note]
    assert [note for note in notes["digits.keras"] if "nothing beside the model names its classes" in note]


def test_keras_opens_other_layers_on_the_users_word(cli: Cli, surroundings: Path) -> None:
    layers = keras.layers
    parts = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3, activation="sigmoid")]
    keras.Sequential([keras.Input((6, 6, 1)), *parts]).save("mine.keras")
    data = save_npz(surroundings / "stripes.npz", count=EVEN)
    for words in (
        ("evaluate", "mine.keras", "--dataset", data),
        ("predict", "mine.keras", "--index", 0, "--dataset", data),
    ):
        refused = cli.json(*words, code=5)["error"]
        assert "a Conv2D, which the lecture does not have" in refused["message"]
        assert "--trust" in refused["hint"]
        answer = cli.json(*words, "--trust")
        notes = answer["notes"] if words[0] == "evaluate" else answer[0]["notes"]
        assert any("divided by their sum" in note for note in notes)
    assert cli.json("summary", "--model", "mine.keras", "--trust")["layers"][0]["type"] == "Conv2D"
    for command in ("weights", "draw"):
        assert "does not draw" in cli.json(command, "mine.keras", "--trust", code=5)["error"]["message"]
    assert "Conv2D" in cli.json("explain", "neuron", "--model", "mine.keras", code=5)["error"]["message"]


def test_a_network_that_is_not_drawn_is_told_the_form_of_those_that_are(cli: Cli) -> None:
    for units, activation in ((10, None), (1, "sigmoid")):
        layers = [keras.layers.Flatten(), keras.layers.Dense(units, activation)]
        keras.Sequential([keras.Input((28, 28)), *layers]).save("mine.keras")
        for command in ("weights", "draw"):
            error = cli.json(command, "mine.keras", code=5)["error"]
            assert "does not draw" in error["message"]
            assert "that ends in Dense with softmax" in error["expected"]


def test_a_reference_model_judges_a_picture_without_any_data(cli: Cli) -> None:
    Image.new("L", (28, 28)).save("black.png")
    for stage in STAGES:
        (answer,) = cli.json("predict", stage, "black.png")
        assert len(answer["probabilities"]) == 10
        assert "all its pixels are equal" in answer["notes"][0]


def test_compare_sklearn(cli: Cli, npz: Path) -> None:
    found = cli.json("compare-sklearn", "--dataset", npz, "--cv", 3)
    assert {"model", "parameters", "accuracy", "log_loss", "seconds"} <= set(found["rows"][0])
    assert [row["model"] for row in found["rows"]] == ["SGDClassifier", "SGDClassifier, 3-fold", "Dense(3, softmax)"]
    text = cli("compare-sklearn", "--code")
    assert "loss='log_loss'" in text
    assert "keras.Input((784,))" in text


def test_data_show(cli: Cli, npz: Path) -> None:
    found = cli.json("data", "show", "--dataset", npz, "--plots", "drawn")
    assert found["class_counts"][0][0] == "stripe 0"
    assert found["normalised"]["maximum"] == pytest.approx(found["raw"]["maximum"] / 255)
    assert Path("drawn/contact-sheet.png").read_bytes().startswith(b"\x89PNG")
    text = cli("data", "show", "--dataset", "garments", "--label", 1)
    assert "A training image: 1 Trouser" in text
    assert "the numbers cannot be compared with the lecture's" in " ".join(text.split())


def test_data_get_and_verify_without_a_network(cli: Cli, surroundings: Path) -> None:
    assert cli.json("data", "verify", code=3)["error"]["code"] == 3
    assert "no connection" in cli.json("data", "get", code=3)["error"]["message"]
    (surroundings / "d").mkdir()
    (surroundings / "d" / "t10k-labels-idx1-ubyte.gz").write_bytes(b"x")
    error = cli.json("data", "verify", "--data-dir", "d", code=6)["error"]
    assert "t10k-labels-idx1-ubyte.gz is corrupt" in error["message"]
    assert "train-images-idx3-ubyte.gz is missing" in error["message"]


def test_data_verify_of_the_real_files(cli: Cli, real_data: Path) -> None:
    assert cli.json("data", "verify", "--data-dir", real_data)["good"] is True
    assert "as published" in cli("data", "verify", "--data-dir", real_data)


def test_doctor(cli: Cli, surroundings: Path) -> None:
    found = cli.json("doctor")
    assert found["healthy"] is True
    subjects = [finding["subject"] for finding in found["findings"]]
    assert {"versions", "TensorFlow", "NumPy", "garments", "run folder", "reference models"} <= set(subjects)
    assert "GFLOP/s" in cli("doctor")
    (surroundings / "file").write_text("in the way")
    assert "training cannot work" in cli.json("doctor", "--out", "file/runs", code=4)["error"]["message"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["train", "--stage", "droput"], 2, "there is no stage 'droput'"),
        (["train", "--stage", "adam", "--dropout", "1.5"], 2, "--dropout is 1.5"),
        (["train", "--stage", "adam", "--learning-rate", "0"], 2, "--learning-rate is 0"),
        (["train", "--stage", "adam", "--batch-size", "0"], 2, "--batch-size is 0"),
        (["train", "--stage", "adam", "--epochs", "x"], 2, "--epochs is 'x'"),
        (["train"], 2, "a stage is missing"),
        (["train", "--stage", "adam", "--nonsense"], 2, "--nonsense"),
        (["trian"], 2, "no such command: 'trian'"),
        (["data", "shw"], 2, "shw"),
        (["train", "--stage", "adam", "--data-dir", "nowhere"], 3, "is missing"),
        (["train", "--stage", "adam", "--dataset", "nowhere"], 3, "there is no data set"),
        (["train", "--stage", "adam", "--dataset", "fashion-mnist"], 3, "could not be downloaded"),
        (["predict", "dropout", "nothing.png"], 3, "there is no image"),
        (["predict", "dropout"], 2, "there is nothing to predict"),
        (["predict", "dropout", "--index", "99999", "--dataset", "garments"], 2, "there is no test image 99999"),
        (["predict", "nothing.keras", "x.png"], 5, "there is no model"),
        (["evaluate", "droput"], 5, "there is no model 'droput'"),
        (["evaluate", "latest"], 5, "there is no latest run"),
        (["compare-sklearn", "--cv", "1"], 2, "--cv is '1'"),
        (["claims", "--seeds", "3", "--ray", "local"], 2, "without --judge, so --seeds, --ray cannot apply"),
        (["reproduce", "--stages", ""], 2, "--stages is ''"),
        (["reproduce", "--workers", "2", "--ray", "a:1"], 2, "--workers cannot be combined with --ray a:1"),
        (["runs", "list", "--stage", "nope"], 2, "there is no stage 'nope'"),
        (["runs", "compare"], 2, "missing argument: 'RUN'"),
        (["race", "--target", "-1"], 2, "--target is -1"),
        (["race", "--target", "nan"], 2, "--target is nan"),
        (["verify", "latest", "--seed", "3"], 2, "a run has its own seed"),
        (["draw", "droput"], 5, "there is no model 'droput'"),
        (["draw", "latest", "--hidden", "5"], 2, "latest is trained already"),
        (["draw", "relu", "--hidden", "0"], 2, "--hidden"),
        (["draw", "relu", "--hidden", "5", "--weights"], 2, "--weights needs a trained network"),
        (["weights", "dropout", "--unit", "100"], 2, "there is no unit 100"),
        (["weights", "dropout", "--plots", "x", "--format", "gif"], 2, "--format"),
    ],
)
def test_errors_have_their_code_and_say_what_to_do(cli: Cli, words: list[str], code: int, message: str) -> None:
    out = cli(*words, code=code)
    assert out == ""
    assert message in cli.stderr
    assert len(cli.stderr.strip().splitlines()) <= 3
    assert "Traceback" not in cli.stderr
    error = cli.json(*words, code=code)["error"]
    assert set(error) == {"code", "message", "expected", "hint"}
    assert error["code"] == code
    assert message in error["message"]


def test_a_picture_that_is_none_is_answered_with_a_next_step(cli: Cli, surroundings: Path) -> None:
    (surroundings / "pictures").mkdir()
    (surroundings / "notes.txt").write_text("no picture", encoding="utf-8")
    missing, folder, text = (
        cli.json("predict", "dropout", name, code=3)["error"] for name in ("shirt.png", "pictures", "notes.txt")
    )
    assert missing["expected"] == f"a file at {surroundings / 'shirt.png'}"
    assert folder["hint"] == "name the pictures in it: pictures/*"
    assert all(error["hint"] for error in (missing, text))


def test_a_prediction_of_nothing_names_both_ways_to_ask(cli: Cli) -> None:
    hint = cli.json("predict", "dropout", code=2)["error"]["hint"]
    assert hint == "kerasnn predict dropout PICTURE.png, or: kerasnn predict dropout --index 0"


def test_the_help_that_an_error_names_is_of_the_command(cli: Cli) -> None:
    for words, expected in (
        (("predict", "dropout", "--zzzz"), "kerasnn predict --help"),
        (("zzzz",), "kerasnn --help"),
        (("runs", "zzzz"), "kerasnn runs --help"),
        (("train", "--epochs"), "kerasnn train --help"),
    ):
        assert cli.json("--lang", "en", *words, code=2)["error"]["hint"] == expected
    several = cli.json("predict", "dropout", "--index", 0, "--index", "x", code=2)["error"]
    assert several["message"] == "the value of --index is wrong"
    error = cli.json("reproduce", "--seeds=0", code=2)["error"]
    assert (error["message"], error["expected"]) == ("--seeds is '0'", "1 or more")


def test_a_result_that_cannot_be_written_is_one_document_with_the_error(
    cli: Cli, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*words: Any, **flags: Any) -> Any:
        (surroundings / "file").write_text("in the way since the work began")
        return weights(*words, **flags)

    weights = kerasnn.weights
    monkeypatch.setattr(kerasnn, "weights", late)
    found = cli.json("weights", "softmax", "--plots", "file/plots", code=4)
    assert found["error"]["code"] == 4
    assert found["model"] == "softmax"
    assert "--plots" in found["error"]["hint"]


def test_ctrl_c_is_told_in_both_forms(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kerasnn.stages", interrupt)
    assert cli("stages", code=130) == ""
    assert cli.stderr == "Stopped.\n  there is no result yet\n  next: kerasnn stages\n"
    assert cli.json("stages", code=130)["error"]["code"] == 130


def test_a_full_disk_is_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/x")

    monkeypatch.setattr("kerasnn.stages", full)
    assert "/tmp/x could not be written" in cli.json("stages", code=4)["error"]["message"]


def test_no_permission_is_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "secret/run.json")

    monkeypatch.setattr("kerasnn.stages", refuse)
    assert cli.json("stages", code=4)["error"]["message"] == "secret/run.json: Permission denied"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOMEM, "out of memory"),
        (errno.EMFILE, "x.npz: Too many open files"),
        (errno.ENFILE, "x.npz: Too many open files in system"),
        (errno.EIO, "x.npz: Input/output error"),
    ],
)
def test_what_the_machine_lacks_is_told(cli: Cli, number: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number), "x.npz")

    monkeypatch.setattr("kerasnn.stages", fail)
    error = cli.json("stages", code=4)["error"]
    assert error["message"] == words
    assert error["hint"]


@pytest.mark.full
@pytest.mark.parametrize("engine", ["keras", "fused"])
def test_tensorflow_without_memory_is_told(cli: Cli, npz: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from kerasnn.networks.runtime import tf

    def wants_everything(*_: Any, **__: Any) -> None:
        if engine == "keras":
            raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")
        tf.zeros((1 << 22, 1 << 22))  # 64 TiB, which TensorFlow tries for ten seconds to get

    place = "network.run_fit" if engine == "keras" else "fused.run"
    monkeypatch.setattr(f"kerasnn.training.{place}", wants_everything)
    words = ("train", "--stage", "adam", "--hidden", 5, "--dataset", npz, "--engine", engine)
    assert cli.json(*words, code=4)["error"]["message"] == "out of memory"
    (record,) = Path("runs").glob("*/run.json")
    run = json.loads(record.read_text())
    assert run["status"] == "failed"
    assert run["fault"] == {"code": "out-of-memory", "values": {}}


def test_a_folder_of_a_study_that_cannot_be_written_is_told_before_training(
    cli: Cli, npz: Path, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(*_: Any, **__: Any) -> None:
        raise AssertionError("trained")

    monkeypatch.setattr("kerasnn.study.results.train_all", train)
    (surroundings / "file").write_text("in the way")
    error = cli.json("reproduce", "--stages", "sgd", "--dataset", npz, "--out", "file/study", code=4)["error"]
    assert error["hint"] == "choose another folder with --out"


def test_a_file_that_is_no_model(cli: Cli, surroundings: Path) -> None:
    (surroundings / "a.keras").write_text("hello")
    assert cli.json("evaluate", "a.keras", "--dataset", "garments", code=5)["error"]["code"] == 5


def test_diverging_training_ends_with_7(cli: Cli, npz: Path) -> None:
    wild = ("--activation", "linear", "--optimizer", "sgd", "--learning-rate", 1000)
    error = cli.json("train", "--stage", "relu", *wild, "--dataset", npz, code=7)["error"]
    assert "diverged" in error["message"]
    assert "--learning-rate" in error["hint"]


@pytest.mark.parametrize("command", [("draw", "relu"), ("summary", "--stage", "relu")])
def test_what_shows_a_network_takes_no_flags_of_its_training(cli: Cli, command: tuple[str, ...]) -> None:
    cli(*command, "--hidden", "5")
    cli(*command, "--epochs", "3", code=2)
    assert "no such option: --epochs" in cli.stderr
    assert "possible" not in cli.stderr  # the nearest name, --plots, is no help


def test_debug_shows_the_traceback(cli: Cli) -> None:
    cli("train", "--stage", "nothing", "--debug", code=2)
    assert "Traceback" in cli.stderr


def test_the_list_of_commands_says_what_each_command_says_of_itself(cli: Cli) -> None:
    overview = " ".join(cli("--help").split())
    for name, does in DOES.items():
        assert f"{name} {does}" in overview
        own = load(name).help or ""
        assert " ".join(own.split()).startswith(does.rstrip("."))


def test_help_of_every_command_has_an_example(cli: Cli) -> None:
    for words in set(NAMES) - {"data", "runs"}:
        assert f"Example: kerasnn {words}" in cli(words, "--help")
    for words in ("get", "verify", "show"):
        assert f"Example: kerasnn data {words}" in cli("data", words, "--help")
    for words in ("list", "show", "compare", "remove"):
        assert f"Example: kerasnn runs {words}" in cli("runs", words, "--help")
    assert "Begin with: kerasnn train dropout" in cli()
    assert "get" in cli("data")
    assert cli("--version").startswith("kerasnn ")


def test_summary_of_a_model_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--model", "dropout"]) == 0
    of_model = capsys.readouterr().out
    assert main(["summary", "--stage", "dropout"]) == 0
    assert capsys.readouterr().out == of_model
    assert main(["summary", "--model", "sgd", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"]["total"] == 7850
    assert main(["summary", "--model", "dropout", "--hidden", "3"]) == 2


def test_a_frozen_layer_learns_nothing(cli: Cli) -> None:
    model = keras.Sequential(
        [keras.Input((6, 6)), keras.layers.Flatten(), keras.layers.Dense(4), keras.layers.Dense(3)]
    )
    model.layers[1].trainable = False
    model.save("mine.keras")
    text = cli("summary", "--model", "mine.keras")
    assert "mine.keras learns 15 numbers, in 1 layer." in text
    assert "36 x 4 + 4 = 148, frozen" in text
    assert "trainable 15   non-trainable 148" in text
