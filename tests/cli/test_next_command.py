"""The command that each command names at its end."""

import shlex
from itertools import islice

import pytest
from PIL import Image

from kerasnn.cli.app import main
from kerasnn.cli.command import COMMANDS
from kerasnn.cli.next_command import NEXT
from kerasnn.cli.registry import NAMES, load
from kerasnn.lecture.topics import TOPICS
from tests.cli.test_commands import Cli


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_every_command_has_one() -> None:
    for name in NAMES:
        load(name)
    assert set(NEXT) == set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("stages", "kerasnn train dropout"),
        ("summary relu --hidden 8,4", "kerasnn draw relu --hidden 8 --hidden 4"),
        ("summary", "kerasnn draw dropout"),
        ("draw softmax --runs elsewhere", "kerasnn weights softmax --runs elsewhere"),
        ("draw relu --hidden 8", "kerasnn train relu --hidden 8"),
        ("weights softmax", "kerasnn evaluate softmax"),
        ("evaluate softmax --dataset garments", "kerasnn report softmax --dataset garments"),
        (
            "predict softmax --index 0 --dataset garments",
            "kerasnn predict softmax --index=0 --dataset garments --plots plots",
        ),
        ("predict softmax --index 0 --dataset garments --plots p", "kerasnn evaluate softmax --dataset garments"),
        ("explain", "kerasnn explain normalize"),
        ("explain glossary", "kerasnn explain neuron"),
        (f"explain {TOPICS[-1].name} --dataset garments", "kerasnn tour --dataset garments"),
        ("data show --dataset garments", "kerasnn train softmax --dataset garments"),
        ("data show garments", "kerasnn train softmax --dataset garments"),
        ("claims", "kerasnn claims --judge hidden-beats-softmax"),
        ("code adam --dialect", "kerasnn code adam"),
        ("code adam", "kerasnn code adam --out adam.py"),
    ],
)
def test_it_works_and_stands_last(cli: Cli, line: str, expected: str) -> None:
    printed = cli(*line.split())
    last = (cli.stderr if line == "code adam" else printed).splitlines()[-1]
    assert last == f"Next: {expected}"
    assert main([*islice(shlex.split(expected), 1, None), "--help"]) == 0  # a flag it does not have is an error
    assert "Next: " not in cli(*line.split(), "-q") + cli.stderr
    assert "Next: " not in cli(*line.split(), "--json")


def test_a_picture_is_never_taken_for_a_flag(cli: Cli) -> None:
    Image.new("L", (28, 28)).save("-h.png")
    printed = cli("predict", "softmax", "--", "-h.png")
    assert printed.splitlines()[-1] == "Next: kerasnn predict softmax ./-h.png --plots plots"


def test_an_error_has_its_own(cli: Cli) -> None:
    assert "Next: " not in cli("predict", "softmax", code=2) + cli.stderr
