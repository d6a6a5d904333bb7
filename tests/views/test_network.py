"""Drawings of networks: the SVG, parsed as XML, and the one in the terminal."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kerasnn
from kerasnn.records import Diagram, DiagramLayer
from kerasnn.views.network.layout import WHOLE, Look, dropped_units, shown_units, strongest_units
from kerasnn.views.network.svg import GLYPHS, network_svg, save_network
from kerasnn.views.network.text import NetworkText
from kerasnn.views.palette import DARK, LIGHT
from kerasnn.views.stages import unit_view, weights_view
from tests.views.test_views import rendered

SVG = "{http://www.w3.org/2000/svg}"


def small(dropout: float = 0.0) -> Diagram:
    layers = (
        DiagramLayer("input", 5),
        DiagramLayer("hidden", 4, "sigmoid", dropout),
        DiagramLayer("output", 3, "softmax", labels=("a < b", "b & c", "c")),
    )
    return Diagram("small", None, layers, 39)


def parts(svg: str, tag: str, kind: str | None = None) -> list[Xml.Element]:
    """The elements `tag` whose class has every word of `kind`."""
    wanted = set(kind.split()) if kind else set()
    return [
        element
        for element in Xml.fromstring(svg).iter(f"{SVG}{tag}")
        if wanted <= set(element.get("class", "").split())
    ]


def test_every_unit_and_every_weight_of_a_small_network_is_drawn() -> None:
    svg = network_svg(small())
    assert len(parts(svg, "circle", "unit")) == 5 + 4 + 3 + 2  # two units of 1 for the biases
    assert len(parts(svg, "line")) == 5 * 4 + 4 * 3 + 4 + 3
    assert len(parts(svg, "line", "bias")) == 4 + 3
    assert len(parts(svg, "path", "glyph")) == 4
    assert len(parts(svg, "rect", "frame")) == 1
    assert parts(svg, "circle", "dot") == []


def test_biases_and_activations_can_be_left_out() -> None:
    """Source: lecture, "layers": drawings leave them out."""
    svg = network_svg(small(), Look(biases=False, activations=False))
    assert len(parts(svg, "circle", "unit")) == 5 + 4 + 3
    assert len(parts(svg, "line")) == 5 * 4 + 4 * 3
    assert parts(svg, "path", "glyph") == parts(svg, "rect", "frame") == []
    assert "sigmoid" not in svg
    assert "5 x 4 = 20 weights" in svg
    assert "5 x 4 + 4 = 24" in network_svg(small())


def test_a_large_layer_has_dots_in_its_middle_and_its_count_below() -> None:
    svg = network_svg(kerasnn.draw("relu"))
    assert len(parts(svg, "circle", "unit input")) == 9
    assert len(parts(svg, "circle", "dot")) == 2 * 3
    numbers = [element.text for element in parts(svg, "text", "number")]
    assert numbers == ["1", "2", "3", "4", "5", "781", "782", "783", "784"]
    words = [element.text for element in parts(svg, "text")]
    assert {"784 values", "100 units", "10 units", "28 x 28 pixels,", "9 Ankle boot"} <= set(words)
    assert "784 x 100 + 100 = 78,500" in words


@given(st.integers(1, 2000), st.integers(3, 30))
def test_of_a_large_layer_the_first_and_last_are_drawn(units: int, most: int) -> None:
    slots = shown_units(units, most)
    if units <= WHOLE:
        assert slots == tuple(range(units))
    elif most <= WHOLE:
        drawn = [unit for unit in slots if unit is not None]
        assert slots.count(None) == 1
        assert len(slots) == most
        assert drawn == sorted(set(drawn))
        assert (drawn[0], drawn[-1]) == (0, units - 1)


@given(st.floats(0.01, 0.99), st.integers(2, WHOLE))
def test_about_the_share_of_dropout_is_crossed_out(rate: float, units: int) -> None:
    layer = DiagramLayer("hidden", units, "relu", rate)
    dropped = dropped_units(layer, shown_units(units), Look())
    assert 1 <= len(dropped) <= units - 1
    assert abs(len(dropped) - rate * units) <= 1
    assert dropped <= set(range(units))


def test_dropped_units_are_crossed_and_send_nothing() -> None:
    svg = network_svg(small(dropout=0.5))
    assert len(parts(svg, "path", "cross")) == 2
    assert len(parts(svg, "circle", "unit off")) == 2
    assert len(parts(svg, "line", "off")) == 2 * 3
    assert len(parts(svg, "path", "glyph")) == 2
    assert "50% dropped" in svg


def test_trained_weights_are_the_strength_of_lines_and_negative_ones_dashed() -> None:
    kernel = np.array([[1.0, -2.0, 0.0], [0.5, 0.25, 4.0]], np.float32)
    layers = (DiagramLayer("input", 2), DiagramLayer("output", 3, "softmax"))
    diagram = Diagram("tiny", None, layers, 9, ((kernel, np.array([0.1, -0.2, 0.3], np.float32)),))
    svg = network_svg(diagram, Look(weights=True))
    assert len(parts(svg, "line", "against")) == 2
    assert len(parts(svg, "line", "for")) == 7
    widths = [float(re.findall(r"stroke-width:([\d.]+)", line.get("style", ""))[0]) for line in parts(svg, "line")]
    assert widths[5] == max(widths)
    assert widths[2] == min(widths)
    assert widths[:2] == sorted(widths[:2])
    assert ".against {stroke: " in svg
    assert "stroke-dasharray" in svg.split(".against {")[1].split("}")[0]


def test_of_a_large_trained_layer_the_strongest_units_are_drawn() -> None:
    kernel = np.zeros((50, 2), np.float32)
    kernel[[3, 17, 40]] = [[1, 1], [-5, 0], [2, 2]]
    assert strongest_units(kernel, 4) == (3, 17, None, 40)


def test_the_svg_is_read_out_and_follows_the_screen() -> None:
    svg = network_svg(small())
    root = Xml.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("viewBox", "").startswith("0 0 ")
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert title == "The network small"
    assert description is not None
    assert "5 values; hidden, 4 units, sigmoid; output, 3 units, softmax. 39 parameters" in description
    assert "prefers-color-scheme: dark" in svg
    assert DARK.paper in svg
    for style, paper in (("light", LIGHT.paper), ("dark", DARK.paper)):
        one = network_svg(small(), style=style)  # type: ignore[arg-type]
        assert "prefers-color-scheme" not in one
        assert paper in one
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")  # nothing is fetched


def test_nothing_lies_outside_the_picture() -> None:
    for diagram in (small(0.3), kerasnn.draw("dropout"), kerasnn.draw("relu", hidden=[3, 30, 1])):
        svg = network_svg(diagram)
        _, _, width, height = map(float, Xml.fromstring(svg).get("viewBox", "").split())
        for circle in parts(svg, "circle"):
            x, y, r = (float(circle.get(name, "nan")) for name in ("cx", "cy", "r"))
            assert r <= x <= width - r
            assert r <= y <= height - r
        for text in parts(svg, "text"):
            assert 0 < float(text.get("y", "nan")) < height


@pytest.mark.parametrize("stage", ["softmax", "dropout"])
def test_it_is_a_slide_with_letters_of_14_points(stage: str) -> None:
    for look in (Look(), Look(weights=True)):
        svg = network_svg(kerasnn.draw(stage), look)
        _, _, width, height = map(float, Xml.fromstring(svg).get("viewBox", "").split())
        assert width / height == pytest.approx(16 / 9, abs=1e-4)
        assert min(map(float, re.findall(r"font-size: ([\d.]+)px", svg))) * 960 / width >= 14  # a slide has 960 points


def test_a_picture_may_stand_at_the_input() -> None:
    pixels = tuple(tuple(200 if row == column else 0 for column in range(28)) for row in range(28))
    svg = network_svg(replace(small(), image_shape=(28, 28)), pixels=pixels)
    assert len(parts(svg, "rect")) == 2 + 1 + 28  # paper, frame of softmax, ground of the picture, its light pixels
    assert parts(svg, "path", "mesh") == []


def test_saved_twice_it_is_the_same(tmp_path: Path) -> None:
    files = [save_network(small(), tmp_path / name) for name in ("a.svg", "b.svg")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_every_activation_has_its_curve() -> None:
    from kerasnn.lecture.hyperparameters import HIDDEN_ACTIVATIONS

    assert set(HIDDEN_ACTIVATIONS) <= set(GLYPHS)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_in_the_terminal(width: int) -> None:
    text = rendered(NetworkText(kerasnn.draw("dropout")), width)
    assert "dropout: 79,510 parameters" in text
    assert text.count("(1)") == 2
    assert text.count("(/)") == 4
    assert text.count("(x)") == 2
    assert text.count("[ ]") == 10
    assert "784 ( )" in text
    assert "9 Ankle boot" in text
    assert "784 x 100 + 100 = 78,500" in text
    assert any("\u2800" < character < "\u28ff" for character in text)
    plain = rendered(NetworkText(kerasnn.draw("dropout"), Look(biases=False, activations=False)), width)
    assert plain.count("( )") == 6 + 4 + 10
    assert "(1)" not in plain


def test_in_a_terminal_without_braille_units_stand_alone() -> None:
    text = rendered(NetworkText(kerasnn.draw("dropout")), 80, encoding="ascii")
    assert text.isascii()
    assert "?" not in text
    assert text.count("[ ]") == 10


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize(("colour", "encoding"), [(True, "utf-8"), (False, "utf-8"), (False, "ascii")])
def test_no_width_and_no_terminal_breaks_it(width: int, colour: bool, encoding: str) -> None:
    deep = kerasnn.draw("adam", hidden=[30, 4, 30, 4])
    for view in (
        NetworkText(kerasnn.draw("dropout")),
        NetworkText(deep, Look(biases=False)),
        weights_view(kerasnn.weights("softmax")),
        unit_view(kerasnn.weights("hidden").units[3]),
    ):
        text = rendered(view, width, colour=colour, encoding=encoding)
        assert text.strip()
        if not colour:
            assert max(map(len, text.splitlines())) <= width
