"""In Korean, whose syllables take two cells, no line is too long and nothing is cut off at any usual width."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from kerasnn.cli.app import app
from kerasnn.cli.registry import NAMES, load
from tests.cli.test_commands import Cli
from tests.conftest import EVEN, printed_json, save_npz, working_in

SYLLABLE = re.compile("[\uac00-\ud7a3]")
WIDTHS = (60, 72, 80, 100)
WIDE = 1000
INNER = [(name, inner) for name in NAMES for inner in getattr(load(name), "commands", {})]
GARMENTS = ("--dataset", "garments")


def syllables(text: str) -> list[str]:
    return SYLLABLE.findall(text)


def whole(text: str, width: int) -> bool:
    return "…" not in text and max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("words", [(), *((name,) for name in NAMES), *INNER], ids=" ".join)
def test_help_says_everything_at_every_width(words: tuple[str, ...]) -> None:
    def help_at(width: int) -> str:
        variables = {"COLUMNS": str(width), "NO_COLOR": "1", "KERASNN_LANG": "ko"}
        shown = CliRunner().invoke(app, [*words, "--help"], prog_name="kerasnn", env=variables).output
        return re.sub("\x1b\\[[0-9;]*m", "", shown)

    said = syllables(help_at(WIDE))
    assert len(said) > 50
    for width in WIDTHS:
        shown = help_at(width)
        assert syllables(shown) == said
        assert whole(shown, width)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], Path]:
    """A folder with two runs, their ids, and their data."""
    with working_in(tmp_path_factory.mktemp("widths")) as folder:
        data = save_npz(folder / "stripes.npz", count=EVEN)
        words = ("--epochs", 3, "--hidden", 8, "--engine", "keras", "--dataset", data)
        made = [printed_json("train", stage, *words)["run"] for stage in ("early-stopping", "hidden")]
        return folder / "runs", made, data


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def at_width(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    def shown(width: int, *words: object) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        return cli(*words, "--lang", "ko")

    return shown


def assert_whole(at_width: Callable[..., str], *words: object) -> None:
    said = Counter(syllables(at_width(WIDE, *words)))
    assert len(said) > 5
    for width in WIDTHS:
        shown = at_width(width, *words)
        assert Counter(syllables(shown)) == said  # two columns beside each other take turns
        assert whole("\n".join(line for line in shown.splitlines() if ": kerasnn " not in line), width)


@pytest.mark.parametrize(
    "words",
    [
        ("stages",),
        ("summary",),
        ("explain",),
        ("claims",),
        ("compare-sklearn", "--code"),
        ("draw", "dropout"),
        ("weights", "softmax"),
        ("weights", "dropout", "--unit", "73"),
        ("data", "show", *GARMENTS),
        ("explain", "argmax", *GARMENTS),
        ("explain", "glossary", *GARMENTS),
    ],
    ids=lambda words: "-".join(words[:2]),
)
def test_views_say_everything_at_every_width(words: tuple[str, ...], at_width: Callable[..., str]) -> None:
    assert_whole(at_width, *words)


def test_views_of_runs_say_everything(runs: tuple[Path, list[str], Path], at_width: Callable[..., str]) -> None:
    folder, (first, second), data = runs
    assert_whole(at_width, "runs", "show", first, "--runs", folder)
    assert_whole(at_width, "runs", "compare", first, second, "--runs", folder)
    assert_whole(at_width, "evaluate", first, "--runs", folder, "--dataset", data)
    assert_whole(at_width, "predict", first, "--index", 0, "--runs", folder, "--dataset", data)
    assert_whole(at_width, "predict", first, "--index", 0, "--index", 1, "--runs", folder, "--dataset", data)
    assert_whole(at_width, "verify", second, "--runs", folder)
