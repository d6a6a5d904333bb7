"""`draw` and `weights` through `main`, and the pictures of other commands."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from PIL import Image

from kerasnn.views.figures import letters
from tests.cli.test_commands import Cli

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_draw(cli: Cli) -> None:
    found = cli.json("draw", "dropout")
    assert [(layer["units"], layer["activation"]) for layer in found["layers"]] == [
        (784, None),
        (100, "relu"),
        (10, "softmax"),
    ]
    assert found["parameters"] == 79_510
    assert "weights" not in found
    text = cli("draw", "dropout", "--plots", "drawn")
    assert "79,510 parameters" in text
    assert "drawn/network-dropout.svg" in cli.stderr
    assert Xml.parse("drawn/network-dropout.svg").getroot().tag == f"{SVG}svg"


def test_draw_a_network_of_ones_own(cli: Cli) -> None:
    words = ("draw", "adam", "--hidden", 6, "--hidden", 4, "--activation", "tanh", "--no-biases")
    found = cli.json(*words)
    assert [layer["units"] for layer in found["layers"]] == [784, 6, 4, 10]
    text = cli(*words)
    assert text.count("(T)") == 6 + 4
    assert "784 x 6 = 4,704 weights" in text


def test_draw_every_reference_model_with_its_weights(cli: Cli) -> None:
    for stage in "sgd softmax hidden relu adam dropout early-stopping overfit".split():  # noqa: SIM905
        cli("draw", stage, "--weights", "--plots", "drawn")
        root = Xml.parse(f"drawn/network-{stage}.svg").getroot()
        classes = [line.get("class") for line in root.iter(f"{SVG}line")]
        assert {"line for", "line against"} == set(classes)


def test_weights_of_classes_and_of_hidden_units(cli: Cli) -> None:
    found = cli.json("weights", "softmax")
    assert [unit["name"] for unit in found["units"]][8:] == ["Bag", "Ankle boot"]
    assert {"unit", "name", "bias", "smallest", "largest", "strength", "reaches"} == set(found["units"][0])
    hidden = cli.json("weights", "dropout")
    assert (hidden["layer"], len(hidden["units"])) == ("hidden", 100)
    assert len(hidden["units"][0]["reaches"]) == 10
    one = cli.json("weights", "dropout", "--unit", 73)
    assert one == {**hidden["units"][73], "notes": hidden["notes"]}
    assert "--plots draws all 100" in " ".join(cli("weights", "dropout").split())
    assert "Strongest outgoing weights" in cli("weights", "dropout", "--unit", 73)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_weights_are_drawn(cli: Cli, suffix: str) -> None:
    cli("weights", "softmax", "--plots", "drawn", "--format", suffix, "--style", "dark")
    path = Path(f"drawn/weights-softmax.{suffix}")
    if suffix == "svg":
        assert "weights of each class" in "".join(Xml.parse(path).getroot().itertext())
        return
    with Image.open(path) as image:
        assert image.info["Title"] == "softmax: the weights of each class: 10 images of weights"
        assert np.asarray(image.convert("RGB"))[2, 2].tolist() == [0x14, 0x17, 0x1C]


def test_evaluate_draws_as_svg(cli: Cli) -> None:
    cli("evaluate", "dropout", "--dataset", "garments", "--plots", "drawn", "--format", "svg")
    for name in ("confusion.svg", "mistakes.svg"):
        root: Any = Xml.parse(Path("drawn") / name).getroot()
        assert root.get("role") == "img"


def test_predict_draws_each_answer(cli: Cli) -> None:
    Image.new("L", (28, 28)).save("셔츠 한 벌.png")
    cli("predict", "dropout", "셔츠 한 벌.png", "--index", 3, "--dataset", "garments", "--plots", "drawn")
    assert sorted(path.name for path in Path("drawn").iterdir()) == [
        "prediction-1-셔츠-한-벌.png",
        "prediction-2-garments-test-image-3.png",
    ]


def test_the_name_of_a_picture_is_fit_for_every_system(cli: Cli) -> None:
    names = ("\x1b[31mred\nNext: b.png", "*.png", "한" * 80 + ".png")
    for name in names:
        Image.new("L", (28, 28)).save(name)
    cli("predict", "dropout", *names, "--plots", "drawn")
    drawn = sorted(path.name for path in Path("drawn").iterdir())
    assert drawn[:2] == ["prediction-1--[31mred-Next--b.png", "prediction-2--.png"]
    assert drawn[2].startswith("prediction-3-한한")
    assert len(drawn[2].encode()) < 128


def test_weights_of_lines_want_a_picture(cli: Cli) -> None:
    cli("draw", "softmax", "--weights")
    assert "add --plots FOLDER" in cli.stderr


def test_classes_in_hangul_are_numbered_where_no_font_has_it(
    cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (npz.parent / "classes.txt").write_text("하나\n둘\n셋\n", encoding="utf-8")
    cli("data", "show", "--dataset", npz, "--plots", "drawn", "--format", "svg")
    monkeypatch.setattr(letters, "hangul_fonts", lambda: ())
    cli("data", "show", "--dataset", npz, "--plots", "drawn", "--format", "svg")
    assert cli.stderr.count("No font here has Hangul") == 1
    assert "class 0" in "".join(Xml.parse("drawn/contact-sheet.svg").getroot().itertext())
