"""`kerasnn race` through `main`."""

from pathlib import Path

import pytest
from PIL import Image

import kerasnn
from tests.cli.test_commands import Cli, once


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_race(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("race", "sgd", "adam", "--epochs", 2, "--rate", "adam=0.02", "--target", 1, "--dataset", npz)
    monkeypatch.setattr(kerasnn, "race", once(kerasnn.race))
    found = cli.json(*words, "--plots", "drawn")
    assert {"dataset", "stage", "seed", "epochs", "batch_size", "target", "contenders"} == set(found)
    assert [(each["name"], each["learning_rate"]) for each in found["contenders"]] == [("sgd", 0.01), ("adam", 0.02)]
    assert set(found["contenders"][0]["paces"][0]) == {"epoch", "rate", "lower", "upper", "movement", "seconds"}
    with Image.open("drawn/race.png") as image:
        assert image.width > 1000
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        text = cli(*words)
        assert max(map(len, text.splitlines())) <= int(width)
        assert f"{found['contenders'][1]['history'][-1]['val_loss']:.4f}" in text
        assert "Effective learning rate" in " ".join(text.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("adm",), "there is no optimizer 'adm'"),
        (("--rate", "adam"), "--rate is 'adam'"),
        (("--rate", "adam=x"), "--rate is 'adam=x'"),
        (("--stage", "sgd"), "scikit-learn"),
    ],
)
def test_wrong_usage(cli: Cli, words: tuple[str, ...], message: str) -> None:
    assert message in cli.json("race", *words, code=2)["error"]["message"]
