"""How explanations look: a golden render, every width and terminal, figures, and the answer that is held back."""

from pathlib import Path

import pytest
from PIL import Image
from rich.cells import cell_len

import kerasnn
from kerasnn.lecture.topics import TOPICS
from kerasnn.records import (
    BarsPicture,
    Check,
    Diagram,
    DiagramLayer,
    Explanation,
    Grid,
    ImagesPicture,
    LinesPicture,
    NetworkPicture,
    Section,
    Series,
    Tile,
    WorkedImage,
)
from kerasnn.views.explanation import check_view, explanation_view, topics_view
from tests.views.test_views import rendered

SMALL = Explanation(
    topic="sample",
    title="A sample",
    statement="It is small.",
    language="en",
    model="relu",
    image=WorkedImage(3, 1, "Trouser", "garments", stand_in=True),
    sections=(
        Section(
            title="First",
            sentences=("One sentence.",),
            grids=(Grid("Numbers", ("what", "value", "count"), (("a", 0.5, 1200), ("b", -0.00001, None))),),
            checks=(
                Check("sum", "1 + 1", "2", 2.0, 2.0, 1, 0.0, 1e-5, holds=True),
                Check("off", "the left", "the right", None, None, 7, 0.25, 1e-5, holds=False),
            ),
            pictures=(BarsPicture("bars", "Bars", ("a", "가방"), (1.0, 0.5), (0,), digits=2),),
            remarks=("A remark.",),
        ),
        Section(
            title="Drawn",
            pictures=(
                ImagesPicture("grey", "Grey", (Tile("dot", ((0.0, 255.0), (128.0, 0.0))),), "grey", 0.0, 255.0),
                ImagesPicture("signed", "Signed", (Tile("", ((-1.0, 1.0), (0.0, 0.5))),), "signed", -1.0, 1.0),
                LinesPicture("lines", "Lines", "x", "y", (Series("s", (0.0, 1.0, 2.0), (0.0, 1.0, 4.0)),), marked=1.0),
                NetworkPicture(
                    "network",
                    "Network",
                    Diagram("small", None, (DiagramLayer("in", 784), DiagramLayer("out", 3, "softmax")), 2355),
                    details=True,
                ),
            ),
        ),
    ),
    question="Why?",
    answer="Because.",
    holds=False,
)


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_golden_at_width_80() -> None:
    lines = lines_of(rendered(explanation_view(SMALL, answer=False)))
    assert lines[:26] == [
        "A sample   model relu, garments test image 3: 1 Trouser",
        "The slide: It is small.",
        "",
        "1. First",
        "One sentence.",
        "",
        "Numbers",
        "",
        " what   value  count",
        " ───────────────────",
        " a     0.5000  1,200",
        " b     0.0000",
        "",
        "holds  1 + 1 (2) = 2  (largest difference 0.0e+00, allowed 1e-05)",
        "does not hold  the left = the right  (largest difference 2.5e-01 over 7 numbers,",
        "allowed 1e-05)",
        "",
        "Bars",
        "a    ██████████████████████████████ 1.00",
        "가방 ███████████████                0.50",
        "A remark.",
        "",
        "2. Drawn",
        "",
        "Grey",
        "dot",
    ]
    assert "Guess first; --answer shows the answer." in lines
    assert "Answer  Because." not in lines
    assert "Answer  Because." in lines_of(rendered(explanation_view(SMALL, answer=True)))


def test_what_does_not_hold_is_red() -> None:
    section = SMALL.sections[0]
    assert [check_view(check).spans[0].style for check in section.checks] == ["bold green", "bold red"]


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize(("colour", "encoding"), [(True, "utf-8"), (False, "utf-8"), (False, "ascii")])
def test_no_width_and_no_terminal_breaks_it(width: int, colour: bool, encoding: str) -> None:
    text = rendered(explanation_view(SMALL, answer=True), width, colour=colour, encoding=encoding)
    assert "Because." in text
    if not colour:
        assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_topic_fits_80_columns(topic: str, lang: str) -> None:
    explanation = kerasnn.explain(topic, dataset="garments", lang=lang)
    lines = rendered(explanation_view(explanation, answer=True)).splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert not any("…" in line for line in lines)  # nothing is cut short


def test_the_list_shows_every_topic() -> None:
    text = rendered(topics_view(kerasnn.topics()))
    assert all(topic.name in text for topic in TOPICS)


def test_every_picture_is_drawn_as_png_and_svg(surroundings: Path) -> None:
    from kerasnn.views.figures.explanation import save_explanation

    paths = save_explanation(SMALL, surroundings / "그림")
    assert [path.name for path in paths[:2]] == ["sample-bars.png", "sample-bars.svg"]
    assert len(paths) == 10
    for path in paths:
        if path.suffix == ".png":
            with Image.open(path) as image:
                assert image.width > 300
        else:
            assert "<svg" in path.read_text(encoding="utf-8")
