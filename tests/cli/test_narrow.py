"""Every command at 60 columns: no line is wider, and nothing is cut."""

import pytest
from rich.cells import cell_len

from tests.cli.test_commands import Cli

WIDTH = 60
GARMENTS = ("--dataset", "garments")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "words",
    [
        ("stages",),
        ("summary",),
        ("claims",),
        ("explain",),
        ("draw", "dropout"),
        ("weights", "softmax"),
        ("weights", "dropout", "--unit", 3),
        ("data", "show", *GARMENTS),
        ("evaluate", "dropout", *GARMENTS),
        ("predict", "dropout", *GARMENTS, "--index", 0, "--index", 1),
        ("predict", "dropout", *GARMENTS, *(word for index in range(4) for word in ("--index", index))),
        ("runs", "list"),
        ("explain", "linear", *GARMENTS),
        ("explain", "neuron", *GARMENTS),
        ("explain", "parameters", *GARMENTS),
        ("explain", "argmax", *GARMENTS),
        ("explain", "one-hot", *GARMENTS),
        ("explain", "optimizers", *GARMENTS),
    ],
    ids=lambda words: " ".join(map(str, words[:2])),
)
def test_nothing_is_cut(cli: Cli, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], language: str) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    *lines, command = cli(*words, "--lang", language).splitlines()
    assert "kerasnn " in command  # never broken: it is there to be copied
    assert max(map(cell_len, lines)) <= WIDTH
    assert not [line for line in lines if "…" in line]
