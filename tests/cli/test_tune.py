"""`kerasnn tune` through `main`."""

from pathlib import Path

import pytest

from tests.cli.test_commands import Cli
from tests.cli.test_korean import HANGUL, english


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.mark.full
def test_tune(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("tune", "--stage", "sgd", "--try", "epochs 1 2", "--seeds", 2, "--workers", 1, "--dataset", npz)
    found = cli.json(*words)
    assert set(found) == {
        *("dataset", "stage", "seeds", "choices", "combinations", "drawn", "trials"),
        *("trained", "seconds", "folder", "command", "notes"),
    }
    assert set(found["trials"][0]) == {
        *("settings", "reference", "parameters", "validation_loss", "validation_accuracy", "difference"),
        *("test_accuracy", "seconds", "diverged"),
    }
    assert (found["choices"], found["seeds"], found["trained"]) == ({"epochs": [1, 2]}, [42, 43], 6)
    assert sorted(trial["settings"]["epochs"] for trial in found["trials"]) == [1, 2, 5]
    assert [trial["settings"]["epochs"] for trial in found["trials"] if trial["reference"]] == [5]
    assert found["command"].startswith("kerasnn train sgd")
    lines = [line for line in cli.stderr.splitlines() if line.startswith("sgd")]
    assert len(lines) == 6
    assert sum("epochs" in line for line in lines) == 4
    assert [line for line in lines if "epochs" in line and "test" in line] == []
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        text = cli(*words)
        assert max(map(len, text.splitlines())) <= int(width)
        assert f"{found['trials'][0]['validation_loss']['mean']:.4f}" in text
        assert "0 trainings in" in text
    korean = cli(*words, "--lang", "ko")
    assert HANGUL.search(korean)
    said = "\n".join(line for line in korean.splitlines() if not line.startswith("kerasnn train"))
    assert english(said + cli.stderr) == []


def test_words_become_values(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def tune(stage: str, choices: object, **given: object) -> None:
        asked.update(given, choices=choices)
        raise KeyboardInterrupt

    monkeypatch.setattr("kerasnn.tune", tune)
    tries = ("hidden 100,50 7", "learning-rate 1e-3 0.1", "nesterov true False", "activation relu", "--batch-size 8")
    words = [word for each in tries for word in ("--try", each)]
    cli("tune", "--stage", "relu", *words, "--seed", 5, "--seeds", 2, "--epochs", 3, code=130)
    assert asked["choices"] == {
        "hidden": ((100, 50), (7,)),
        "learning_rate": (0.001, 0.1),
        "nesterov": (True, False),
        "activation": ("relu",),
        "batch_size": (8,),
    }
    assert (asked["seeds"], asked["epochs"], "seed" in asked) == (range(5, 7), 3, False)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--try", "epochs"), "--try is 'epochs'"),
        (("--try", ""), "--try is ''"),
        (("--try", "epochs 1", "--try", "epochs 2"), "--try is 'epochs 2'"),
        (("--try", "nesterov maybe"), "--nesterov is 'maybe'"),
        (("--try", "learning-rat 1"), "there is no setting 'learning-rat'"),
        (("--try", "hidden 5,x"), "--hidden is x"),
        (("--try", "learning-rate nan"), "--learning-rate is nan"),
        (("--trials", 0), "--trials"),
    ],
)
def test_wrong_usage(cli: Cli, words: tuple[object, ...], message: str) -> None:
    assert message in cli.json("tune", "--stage", "adam", *words, code=2)["error"]["message"]


def test_the_stage_has_to_be_named(cli: Cli) -> None:
    assert "a stage is missing" in cli.json("tune", code=2)["error"]["message"]
