"""Line charts in the terminal: lines can be told apart, have names, and are where their numbers are."""

import re

import pytest
from rich.cells import cell_len

from kerasnn.records import Epoch
from kerasnn.views.chart import BEST, Chart, Line
from kerasnn.views.curves import Curves
from kerasnn.views.drawings import SignedPicture, thinned
from tests.views.test_views import rendered

FALLING = Line("falling", tuple((float(x), 1.0 - x / 10) for x in range(1, 11)))
RISING = Line("rising", tuple((float(x), x / 10) for x in range(1, 11)))
HISTORY = [Epoch(number, 1 / number, 0.8, 0.5 + 0.01 * (number - 5) ** 2, 0.7) for number in range(1, 13)]


def rows(text: str) -> list[str]:
    """The lines of the chart itself, without axes."""
    return [line for line in text.splitlines() if re.match(r"^ *[\d.]* [+|]", line) and "+-" not in line]


def test_lines_are_told_apart_without_colours() -> None:
    text = rendered(Chart("value", "step", (FALLING, RISING)))
    body = rows(text)
    assert len(body) == 11
    assert body[0].rstrip().endswith("rising")
    assert body[-1].rstrip().endswith("falling")
    marked = [(number, line.index("o", 11)) for number, line in enumerate(body) if "o" in line[11:60]]
    assert [row for row, _ in marked] == sorted(row for row, _ in marked)
    columns = [column for _, column in marked]
    assert columns == sorted(columns, reverse=True)  # rising: further right is higher up
    assert any("\u2800" < character < "\u28ff" for character in text)


def test_ticks_are_round_and_at_their_places() -> None:
    body = rows(rendered(Chart("value", "step", (RISING,))))
    ticks = {float(line[:8]): row for row, line in enumerate(body) if line[:8].strip()}
    assert len(ticks) >= 3
    for value, row in ticks.items():
        assert value * 100 == pytest.approx(round(value * 100))
        assert row == pytest.approx((1.036 - value) / 0.972 * 10, abs=0.51)


@pytest.mark.parametrize("across", ["step", "에포크", "학습률의 log10", "log10 of the rate"])
def test_numbers_stand_below_their_ticks(across: str) -> None:
    """Whose places are counted in cells: a Hangul syllable takes two."""
    lines = rendered(Chart("손실", across, (RISING,))).splitlines()
    row = next(number for number, line in enumerate(lines) if "--+" in line)
    corner = lines[row].index("+")
    ticks = [found.start() for found in re.finditer(r"\+", lines[row]) if found.start() > corner]
    numbers = [cell_len(lines[row + 1][: found.start()]) for found in re.finditer(r"\d+", lines[row + 1])]
    assert numbers == ticks
    assert across in "\n".join(lines)


def test_names_at_the_same_end_stand_below_each_other() -> None:
    lines = tuple(Line(name, ((0.0, 0.0), (9.0, 1.0))) for name in ("one", "two", "three"))
    body = rows(rendered(Chart("value", "step", lines)))
    found = [
        next(number for number, row in enumerate(body) if row.rstrip().endswith(f" {line.name}")) for line in lines
    ]
    assert sorted(found) == [found[0], found[0] + 1, found[0] + 2]


def test_the_best_epoch_is_marked_and_named() -> None:
    text = rendered(Curves(HISTORY, 5), 80)
    assert text.count(BEST) == 3  # both charts and the legend
    assert f"{BEST} epoch 5, the best" in text
    assert BEST not in rendered(Curves(HISTORY, None), 80)


@pytest.mark.parametrize("width", [40, 60, 80, 109, 110, 120, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_curves_fit_every_width(width: int, encoding: str) -> None:
    text = rendered(Curves(HISTORY, 5), width, encoding=encoding)
    assert max(map(len, text.splitlines())) <= width
    assert text.count("validation") >= 3
    assert ("loss" in text.splitlines()[0]) == (width >= 40)
    assert (text.splitlines()[0].split() == ["loss", "accuracy"]) == (width >= 110)
    assert "?" not in text


def test_without_braille_the_marks_draw_the_lines() -> None:
    body = rows(rendered(Chart("value", "step", (FALLING, RISING)), encoding="ascii"))
    width = len(body[0].split("rising")[0].rstrip())
    assert sum(line[:width].count("o") for line in body) > 40
    assert sum(line[9:width].count(".") for line in body) > 40


def test_one_epoch_is_no_curve_and_a_flat_line_no_fault() -> None:
    assert rendered(Curves(HISTORY[:1], 1)) == ""
    flat = Line("flat", ((1.0, 0.0), (2.0, 0.0)))
    assert "flat" in rendered(Chart("value", "step", (flat,)))


def test_a_signed_picture_shows_signs_without_colours_and_the_scale_with_them() -> None:
    picture = SignedPicture([[-1.0, -0.3, 0.0, 0.3, 1.0]] * 2, 1.0)
    assert rendered(picture).splitlines() == ["=- +#"]
    coloured = rendered(picture, colour=True)
    assert "48;2;0;21;64" in coloured  # the dark end of the scale
    assert "48;2;255;246;176" in coloured


def test_thinning_takes_means() -> None:
    assert thinned([[0.0, 2.0, 4.0], [2.0, 4.0, 6.0], [1.0, 1.0, 1.0]], 2) == [[2.0, 5.0], [1.0, 1.0]]
