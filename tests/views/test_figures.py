"""Every figure: drawn, not blank, the same each time, and readable in light and dark mode and without colours."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from xml.etree import ElementTree as Xml

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.evaluation import evaluate, predict
from kerasnn.networks.forward import Network, Weights
from kerasnn.networks.questions import questions_from_test_images
from kerasnn.records import Epoch, Run, Scores
from kerasnn.training.reading import read_curves
from kerasnn.views.figures import letters, style
from kerasnn.views.figures.answers import save_confusion, save_probabilities
from kerasnn.views.figures.curves import save_curves, save_runs
from kerasnn.views.figures.images import save_contact_sheet, save_mistakes, save_weight_maps
from kerasnn.views.palette import DARK, LIGHT, SIGNED, Palette, Style, blend, fixed
from tests.views.slides import contrast, luminance

Draw = Callable[[Path, Style], Path]
RANDOM = np.random.default_rng(0)
HISTORY = tuple(
    Epoch(number, 1 / number, 1 - 0.5 / number, 0.9 / number + 0.02 * number, 0.9 - 0.4 / number)
    for number in range(1, 9)
)


def figures(dataset: Dataset, run: Run) -> dict[str, Draw]:
    """One call of every figure, on the tiny data."""
    weights = RANDOM.normal(size=(6, 6, 6))
    settings, _ = resolve(find_stage("softmax"), {})
    architecture = design(settings, image_shape=(6, 6), classes=3)
    network = Network(architecture, (Weights(RANDOM.normal(size=(36, 3)).astype(np.float32), np.zeros(3, np.float32)),))
    evaluation = evaluate(network, dataset, model="softmax", path="x")
    (prediction,) = predict(network, questions_from_test_images(dataset, [0]), dataset.info.classes)
    overview = kerasnn.data_overview(dataset)
    return {
        "confusion": lambda path, paper: save_confusion(evaluation, path, paper),
        "sheet": lambda path, paper: save_contact_sheet(overview, path, paper),
        "curves": lambda path, paper: save_curves(run, path, paper),
        "mistakes": lambda path, paper: save_mistakes(evaluation, path, paper),
        "no-mistakes": lambda path, paper: save_mistakes(replace(evaluation, mistakes=()), path, paper),
        "probabilities": lambda path, paper: save_probabilities(prediction, path, paper),
        "runs": lambda path, paper: save_runs([("a", HISTORY), ("b", HISTORY[:3])], path, paper),
        "weights": lambda path, paper: save_weight_maps(weights, list("abcdef"), path, paper),
        "many-weights": lambda path, paper: save_weight_maps(
            np.tile(weights, (5, 1, 1)), [str(unit) for unit in range(30)], path, paper
        ),
    }


NAMES = [
    "confusion",
    "curves",
    "mistakes",
    "probabilities",
    "runs",
    "sheet",
    "weights",
    "many-weights",
    "no-mistakes",
]


@pytest.fixture(scope="module")
def run(even: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    trained = kerasnn.train(
        "adam", dataset=even, epochs=3, hidden=[4], engine="keras", out=tmp_path_factory.mktemp("runs")
    )
    return replace(
        trained, history=HISTORY, best_epoch=7, reading=read_curves(HISTORY, Scores(2.3026, 0.1), images=100)
    )


@pytest.fixture(scope="module")
def drawings(even: Dataset, run: Run) -> dict[str, Draw]:
    found = figures(even, run)
    assert set(found) == set(NAMES)
    return found


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float64)


@pytest.mark.parametrize("name", NAMES)
def test_drawn_as_png_on_both_papers(drawings: dict[str, Draw], name: str, tmp_path: Path) -> None:
    papers: tuple[tuple[Style, Palette], ...] = (("light", LIGHT), ("dark", DARK))
    for paper, colours in papers:
        drawn = pixels(drawings[name](tmp_path / f"{paper}.png", paper))
        assert drawn[1, 1].tolist() == [round(255 * part) for part in to_rgb(colours.paper)]
        ink = np.abs(drawn.mean(axis=2) - drawn[1, 1].mean()) > 60
        rows, columns = ink.any(axis=1), ink.any(axis=0)
        assert ink.mean() > 0.002
        if name != "no-mistakes":
            assert rows.mean() > 0.35  # something stands everywhere, seen in grey too
            assert columns.mean() > 0.4


def test_a_name_that_looks_like_mathematics_is_drawn_as_it_stands(even: Dataset, run: Run, tmp_path: Path) -> None:
    names = (r"$\frac{1}$", r"\input{x}", "$a_1$")
    data = replace(even, info=replace(even.info, classes=names))
    drawn = {name: draw(tmp_path / f"{name}.svg", "auto") for name, draw in figures(data, run).items()}
    for figure in ("confusion", "probabilities", "sheet"):
        svg = drawn[figure].read_text(encoding="utf-8")
        assert all(name in svg for name in names)  # matplotlib writes each text into a comment


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_drawn_twice_it_is_the_same(drawings: dict[str, Draw], name: str, tmp_path: Path) -> None:
    for suffix in ("png", "svg"):
        first, second = (drawings[name](tmp_path / f"{number}.{suffix}", "auto").read_bytes() for number in (1, 2))
        assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_is_well_formed_read_out_and_follows_the_screen(
    drawings: dict[str, Draw], name: str, tmp_path: Path
) -> None:
    path = drawings[name](tmp_path / "a.svg", "auto")
    root: Any = Xml.parse(path).getroot()
    assert root.get("role") == "img"
    assert root.get("viewBox")
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert len(title) > 15
    text = path.read_text(encoding="utf-8")
    assert f'[style*="fill: {LIGHT.ink}"]{{fill:{DARK.ink} !important}}' in text
    assert LIGHT.ink in text.split("</style>", 1)[1]  # in those very words, for the rule to find it
    assert "prefers-color-scheme" not in drawings[name](tmp_path / "b.svg", "dark").read_text(encoding="utf-8")


def test_all_letters_of_the_alphabet_are_named_and_counted(run: Run, even: Dataset, tmp_path: Path) -> None:
    names = tuple(f"letter {letter}" for letter in ascii_lowercase)
    counts = tuple(tuple(100 * (row == column) + row for column in range(26)) for row in range(26))
    evaluation = kerasnn.evaluate(run.model or "", dataset=even)
    large = replace(evaluation, dataset=replace(even.info, classes=names), confusion=counts)
    drawn = save_confusion(large, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert [drawn.count(f"<!-- {name}") for name in names] == [2] * 26
    assert drawn.count("<!-- 125 -->") == 1
    overview = kerasnn.data_overview(even)
    every = replace(overview, dataset=large.dataset, samples=overview.samples[:1] * 26)
    sheet = save_contact_sheet(every, tmp_path / "b.svg").read_text(encoding="utf-8")
    assert [sheet.count(f"<!-- {name}  ") for name in names] == [1] * 26


def test_a_class_without_training_images_has_an_empty_row(even: Dataset, tmp_path: Path) -> None:
    overview = kerasnn.data_overview(even)
    info = replace(even.info, classes=("bag", "hat", "shirt"))
    first, _second, last = overview.samples
    path = save_contact_sheet(replace(overview, dataset=info, samples=(first, (), last)), tmp_path / "a.svg")
    assert "<!-- hat  1 -->" in path.read_text(encoding="utf-8")


def test_what_stands_on_an_image_keeps_its_colour(drawings: dict[str, Draw], tmp_path: Path) -> None:
    """An image looks the same on a dark screen, so the numbers on it must not turn light with the rest."""
    drawn = drawings["confusion"](tmp_path / "a.svg", "auto").read_text(encoding="utf-8")
    rules, content = drawn.split("</style>", 1)
    for colour in (LIGHT.ink, LIGHT.faint):
        assert fixed(colour) != colour
        assert fixed(colour) in content
        assert fixed(colour) not in rules
        assert np.abs(np.subtract(to_rgb(fixed(colour)), to_rgb(colour))).max() < 0.005


def test_the_papers_can_be_told_from_what_stands_on_them() -> None:
    """WCAG's contrast of text, 4.5 to 1, for ink and grey; 3 to 1 for lines."""
    for colours in (LIGHT, DARK):
        for name in ("ink", "grey"):
            assert contrast(getattr(colours, name), colours.paper) > 4.5
        for colour in colours.series:
            assert contrast(colour, colours.paper) > 3


def test_the_colours_of_lines_are_visible_on_black_and_on_white() -> None:
    """A picture may lie on a slide of either colour; the dark style brings its dark paper along."""
    for colour in (*LIGHT.series, LIGHT.grey):
        assert min(contrast(colour, "#000000"), contrast(colour, "#ffffff")) > 3


def test_the_scale_of_weights_runs_from_dark_to_light_through_grey() -> None:
    scale = style.signed_colours()
    grey = [luminance(blend(SIGNED, place / 64)) for place in range(65)]
    assert (np.diff(grey) > 0).all()
    middle = scale(0.5)[:3]
    assert max(middle) - min(middle) < 0.02
    assert to_rgb(blend(SIGNED, 0.2)) == pytest.approx(scale(0.2)[:3], abs=0.02)  # the terminal's is the figures'


def test_lines_differ_without_colours() -> None:
    looks = [style.line(number) for number in range(6)]
    assert len({(str(look["linestyle"]), look["marker"]) for look in looks}) == 6
    assert len({str(look["linestyle"]) for look in looks}) == 6


def test_hangul_without_a_font_becomes_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "hangul_fonts", lambda: ())
    assert letters.readable(["코트", "Bag"]) == ("class 0", "class 1")
    assert letters.readable(["Coat", "Bag"]) == ("Coat", "Bag")
    monkeypatch.setattr(letters, "hangul_fonts", lambda: ("NanumGothic",))
    assert letters.readable(["코트", "Bag"]) == ("코트", "Bag")


def test_a_figure_is_the_same_whatever_the_users_matplotlib_is_set_to(tmp_path: Path) -> None:
    def drawn(name: str) -> bytes:
        with style.figure("costs $5 to $10") as drawing:
            drawing.subplots().plot([0, 1], [1, 0], label="$a$")
            return style.save(drawing, tmp_path / name).read_bytes()

    usual = drawn("usual.png")
    chosen: Any = {"lines.linewidth": 9, "xtick.direction": "in", "axes.xmargin": 0.4, "font.weight": "bold"}
    with mpl.rc_context(chosen | {"text.usetex": True, "savefig.bbox": "tight"}):
        assert drawn("chosen.png") == usual
        assert mpl.rcParams["lines.linewidth"] == 9  # the user's own figures stay as they are
