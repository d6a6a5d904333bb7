"""`kerasnn code` through `main`."""

import json
from pathlib import Path

import pytest

import kerasnn
from kerasnn.cli.app import main


def test_the_script_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["code", "early-stopping", "--framework", "pytorch"]) == 0
    printed = capsys.readouterr().out
    assert printed == kerasnn.code("early-stopping", framework="pytorch").source
    assert main(["code", "relu", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["source"] == kerasnn.code("relu").source
    assert {"name", "stage", "framework", "engine", "packages", "notes", "data_file"} <= set(found)


def test_it_is_written_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["code", "adam", "--out", "adam.py"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "written: adam.py" in captured.err
    assert captured.err.endswith("run it with: python adam.py\n")  # Keras fetches the images
    source, _newline, last = Path("adam.py").read_text(encoding="utf-8").removesuffix("\n").rpartition("\n")
    assert source == kerasnn.code("adam").source
    assert last.startswith("# kerasnn-seal ")


def test_it_says_how_the_script_finds_its_images(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, surroundings: Path
) -> None:
    assert main(["code", "adam", "--out", "adam.py", "--data-dir", "images"]) == 0
    assert "run it with: python adam.py images" in capsys.readouterr().err
    monkeypatch.setenv("KERASNN_DATA_DIR", str(surroundings / "images"))
    assert main(["code", "adam", "--out", "adam.py"]) == 0
    assert "run it with: python adam.py\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["code", "adam", "--framework", "caffe"], 2, "--framework is 'caffe'"),
        (["code", "sgd", "--framework", "keras"], 2, "not a Keras model"),
        (["code", "dropout", "--framework", "sklearn"], 2, "does not have 'dropout'"),
        (["code", "adam", "--notebook"], 2, "needs a file"),
        (["code", "nothing"], 5, "there is no model 'nothing'"),
    ],
)
def test_what_cannot_be_written(capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str) -> None:
    assert main(words) == code
    assert message in capsys.readouterr().err


def test_the_dialect(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["code", "softmax", "--dialect"]) == 0
    printed = capsys.readouterr().out
    assert "metrics=['accuracy']" in printed
    assert "why    Keras 3 takes a list of layers, not a single one." in printed
    assert main(["code", "sgd", "--dialect"]) == 0
    assert "loss='log_loss'" in capsys.readouterr().out
