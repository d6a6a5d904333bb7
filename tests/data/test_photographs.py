"""A photograph becomes what the data set would have; what has that form already is not touched."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kerasnn.data.background import background_of
from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.data.picture_reader import Picture
from kerasnn.data.pictures import prepare_picture, read_picture
from kerasnn.records import Note
from kerasnn.records.note import sentence
from kerasnn.records.picture_codes import PictureCode

SHAPE = (28, 28)
SIZE = 280  # of a photograph: ten times the data set's


def shirt() -> NDArray[np.uint8]:
    """Return a shirt as the data set has it: light on black, from the top of the frame to the bottom."""
    pixels = np.zeros(SHAPE, np.uint8)
    pixels[0:28, 8:20] = 255
    pixels[0:8, 2:26] = 180
    return pixels


def saved(folder: Path, pixels: NDArray[np.generic], mode: str | None = None) -> Path:
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), mode).save(folder / "a.png")
    return folder / "a.png"


def placed(scale: int = 6, top: int = 60, left: int = 90) -> NDArray[np.float64]:
    """Return the shirt in a large frame, 0..1, `scale` times as large."""
    frame = np.zeros((SIZE, SIZE))
    side = 28 * scale
    frame[top : top + side, left : left + side] = np.kron(shirt() / 255, np.ones((scale, scale)))
    return frame


def prepared(path: Path, *, background: int | None = 0, invert: bool = False) -> Picture:
    return prepare_picture(path, shape=SHAPE, background=background, invert=invert)


def said(picture: Picture) -> list[str]:
    return [sentence(note) for note in picture.notes]


def assert_shirt(pixels: NDArray[np.uint8], *, within: int = 16) -> None:
    """Compare with the shirt, but for pixels beside an edge, where resampling may show."""
    framed = Image.fromarray(np.pad(shirt(), 1))
    highest, lowest = (np.asarray(framed.filter(each(3))) for each in (ImageFilter.MaxFilter, ImageFilter.MinFilter))
    flat = (highest == lowest)[1:-1, 1:-1]
    assert np.abs(pixels.astype(int) - shirt())[flat].max() <= within


# brightness at the upper left corner, and what is added to the right and downwards
@pytest.mark.parametrize(("level", "right", "down"), [(250, 0, 0), (120, 0, 0), (190, 50, -40)])
def test_a_dark_garment_on_a_lighter_background(tmp_path: Path, level: int, right: int, down: int) -> None:
    rows, columns = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j]
    noise = np.random.default_rng(0).normal(0, 2, (SIZE, SIZE))
    picture = prepared(saved(tmp_path, level + right * columns + down * rows - 100 * placed() + noise))
    assert_shirt(picture.pixels)
    (note,) = said(picture)
    assert "background removed, light and dark swapped, cut to the garment" in note
    assert "contrast raised 2.5 times" in note
    assert picture.original is not None


@pytest.mark.parametrize("level", [0, 90])
def test_a_light_garment_on_a_darker_background(tmp_path: Path, level: int) -> None:
    picture = prepared(saved(tmp_path, level + (250 - level) * placed(5, 20, 130)))
    assert_shirt(picture.pixels)
    assert "swapped" not in said(picture)[0]


@pytest.mark.parametrize("scale", [3, 5, 9])
def test_size_and_place_do_not_matter(tmp_path: Path, scale: int) -> None:
    for corner in (4, 276 - 28 * scale):
        picture = prepared(saved(tmp_path, 240 - 200 * placed(scale, corner, corner)))
        assert_shirt(picture.pixels)


def test_colours_of_one_brightness_are_told_apart(tmp_path: Path) -> None:
    red, blue = np.array([180.0, 60, 60]), np.array([60.0, 60, 180])
    opacity = (placed() > 0)[..., None]
    picture = prepared(saved(tmp_path, red * (1 - opacity) + blue * opacity))
    assert ((picture.pixels > 128) == (shirt() > 0)).mean() > 0.97


def test_a_soft_shadow_is_not_garment(tmp_path: Path) -> None:
    garment = placed(6, 50, 50)
    shape = Image.fromarray(((garment > 0) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(10))
    shadow = np.roll(np.asarray(shape) / 255, (14, 18), (0, 1))
    picture = prepared(
        saved(tmp_path, 220 * (1 - 0.25 * shadow) * (garment == 0) + (180 - 150 * garment) * (garment > 0))
    )
    assert ((picture.pixels > 60) == (shirt() > 0)).mean() > 0.95


@pytest.mark.parametrize(("was_on", "ground"), [(255, "laid on white"), (0, "laid on black")])
def test_a_cut_out_is_laid_on_the_background_that_its_edge_shows(tmp_path: Path, was_on: int, ground: str) -> None:
    opacity = np.asarray(Image.fromarray(((placed() > 0) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(2)))
    garment = np.abs(was_on - 200 * placed())  # dark from a white background, or light from a black one
    softened = np.asarray(Image.fromarray(garment.astype(np.uint8)).filter(ImageFilter.GaussianBlur(2)))
    picture = prepared(saved(tmp_path, np.dstack([softened] * 3 + [opacity])))
    assert ground in said(picture)[0]
    assert_shirt(picture.pixels)
    tight = prepared(saved(tmp_path, np.dstack([softened] * 3 + [opacity])[55:235, 85:265]))  # filling the frame
    assert ground in said(tight)[0]
    assert_shirt(tight.pixels)


@pytest.mark.parametrize("shade", [0, 5, 30, 90])
def test_a_dark_cut_out_is_laid_on_white(tmp_path: Path, shade: int) -> None:
    opacity = 255 * (placed() > 0)
    picture = prepared(saved(tmp_path, np.dstack([np.full((SIZE, SIZE), shade)] * 3 + [opacity])))
    assert "laid on white" in said(picture)[0]
    assert ((picture.pixels > 128) == (shirt() > 0)).mean() > 0.97
    assert prepared(saved(tmp_path, np.zeros((SIZE, SIZE, 4)))).notes == (Note(PictureCode.BLANK),)


def framed(width: int, shade: int) -> NDArray[np.generic]:
    return np.pad((240 - 200 * placed())[width:-width, width:-width], width, constant_values=shade)


def in_axes() -> NDArray[np.generic]:
    """Return the picture inside a thin line, in a margin with ticks and numbers, as plotting libraries show it."""
    figure = np.pad(np.pad(240 * placed(), 1, constant_values=0), 60, constant_values=255)
    figure[100:340:40, 56:60] = figure[96:104, 40:50] = figure[342:346, 100:340:40] = 0
    return figure


def on_phone() -> NDArray[np.generic]:
    screen = np.pad(240 - 200 * placed(), ((220, 60), (0, 0)), constant_values=240)
    screen[:30] = 30
    screen[10:20, 10:60:3] = 255  # the time
    return screen


SURROUNDED = {
    **{f"frame of {width}, {shade}": framed(width, shade) for width, shade in [(1, 0), (2, 0), (6, 0), (1, 128)]},
    "wide frame": framed(16, 90),
    "bars at the sides": np.pad(240 - 200 * placed(), ((0, 0), (90, 90))),
    "bars above and below": np.pad(240 - 200 * placed(), ((60, 60), (0, 0))),
    "margin": np.pad(140 - 110 * placed(), ((40, 90), (40, 40)), constant_values=255),
    "axes": in_axes(),
    "phone": on_phone(),
}


@pytest.mark.parametrize("name", SURROUNDED)
def test_frames_bars_and_margins_are_cut_off(tmp_path: Path, name: str) -> None:
    picture = prepared(saved(tmp_path, SURROUNDED[name]))
    assert_shirt(picture.pixels, within=24)
    (note,) = said(picture)
    assert "frame or bars around it cut off" in note


def test_small_things_far_from_the_garment_are_left_out(tmp_path: Path) -> None:
    photograph = 240 - 200 * placed(6, 20, 60)
    for left in range(40, 200, 16):  # a line of text
        photograph[230:242, left : left + 9] = 20
    picture = prepared(saved(tmp_path, photograph))
    assert_shirt(picture.pixels)
    assert "small things beside the garment left out" in said(picture)[0]


def test_a_rectangle_may_be_a_picture_in_a_margin(tmp_path: Path) -> None:
    photograph = np.full((SIZE, SIZE), 250)
    photograph[60:200, 40:220] = 90
    assert "what stands out is a rectangle" in said(prepared(saved(tmp_path, photograph)))[1]


def test_what_has_the_form_of_the_data_set_is_not_touched(tmp_path: Path, garments: Dataset) -> None:
    for image in garments.test.images[:100]:
        picture = prepared(saved(tmp_path, image))
        assert (picture.pixels == image).all()
        assert picture.original is None
        assert not [note for note in said(picture) if "prepared" in note]
        negative = prepared(saved(tmp_path, 255 - image))
        assert (negative.pixels == image).all()
        assert "light and dark swapped" in said(negative)[0]


def test_an_enlarged_image_of_the_data_set_is_only_scaled(tmp_path: Path) -> None:
    picture = prepared(saved(tmp_path, placed(10, 0, 0) * 255))
    assert picture.notes == ()
    assert_shirt(picture.pixels)
    assert prepared(saved(tmp_path, placed(8, 0, 0) * 255)).notes  # smaller, and in a corner


def test_what_fills_the_frame_is_not_called_off_centre(tmp_path: Path) -> None:
    sandal = np.zeros(SHAPE, np.uint8)
    sandal[1:22, 6:22], sandal[22:28] = 30, 255  # faint straps above a bright sole
    assert prepared(saved(tmp_path, sandal)).notes == ()
    assert any("below the centre" in note for note in said(prepared(saved(tmp_path, sandal * (sandal > 30)))))


def test_the_straight_edge_of_a_garment_is_no_bar(tmp_path: Path) -> None:
    wide = np.full((SIZE, SIZE), 250)
    wide[60:120, 4:276] = wide[120:260, 80:200] = 90  # its sleeves reach from side to side
    picture = prepared(saved(tmp_path, wide))
    assert "cut off" not in said(picture)[0]
    assert picture.pixels[6, 1] > 200
    assert picture.pixels[20, 1] == 0


def test_real_images_are_not_touched(real_data: Path, tmp_path: Path) -> None:
    for image in load_data("fashion-mnist", data_dir=real_data).test.images[:1000]:
        assert (prepared(saved(tmp_path, image)).pixels == image).all()
        assert (prepared(saved(tmp_path, 255 - image)).pixels == image).all()


@pytest.mark.parametrize("pixels", [shirt(), np.kron(255 - shirt(), np.ones((10, 10)))])
def test_a_network_of_dark_on_white_gets_dark_on_white(tmp_path: Path, pixels: NDArray[np.generic]) -> None:
    picture = prepared(saved(tmp_path, pixels), background=255)
    assert_shirt(255 - picture.pixels)
    assert [("swapped" in note) for note in said(picture)] == ([True] if pixels.shape == SHAPE else [])
    black = read_picture(saved(tmp_path, shirt()), shape=SHAPE, background=255)
    assert ["try --invert" in note for note in said(black)] == [True]


def test_without_a_common_background_pictures_are_only_scaled(tmp_path: Path) -> None:
    photograph = 240 - 200 * placed()
    scaled = Image.fromarray(photograph.astype(np.uint8)).resize(SHAPE, Image.Resampling.LANCZOS)
    assert (prepared(saved(tmp_path, photograph), background=None).pixels == np.asarray(scaled)).all()


def test_invert_swaps_what_would_be_done(tmp_path: Path) -> None:
    small = prepared(saved(tmp_path, shirt()), invert=True)
    assert (small.pixels == 255 - shirt()).all()
    large = prepared(saved(tmp_path, 255 - 255 * placed()), invert=True)
    assert large.pixels[14, 14] < 10  # the darkest part of the shirt stays dark
    assert large.pixels[4, 4] == pytest.approx(75, abs=10)
    assert large.pixels[20, 2] == 0  # and the background is the data set's
    assert "swapped" not in said(large)[0]


def test_an_even_picture_has_no_garment(tmp_path: Path) -> None:
    assert said(prepared(saved(tmp_path, np.full((200, 200), 130)))) == [
        "there is nothing to recognise in it: all its pixels are equal"
    ]
    wall = np.random.default_rng(0).normal(200, 3, (200, 200)) + np.linspace(-30, 30, 200)
    assert any("no garment stands out" in note for note in said(prepared(saved(tmp_path, wall))))


@pytest.mark.parametrize("axis", [0, 1])
def test_two_garments_are_noticed(tmp_path: Path, axis: int) -> None:
    two = np.maximum(placed(4, 84, 20), placed(4, 84, 150))
    (_steps, note) = said(prepared(saved(tmp_path, 240 - 200 * (two if axis else two.T))))
    assert "two separate things" in note


def test_one_garment_is_not_taken_for_two(tmp_path: Path, garments: Dataset) -> None:
    apart = np.maximum(placed(6, 84, 20), placed(1, 84, 220))  # a button beside it
    assert len(prepared(saved(tmp_path, 240 - 200 * apart)).notes) == 1
    noticed = 0
    for image in garments.test.images[:200]:
        frame = np.zeros((SIZE, SIZE))
        frame[56:224, 56:224] = np.kron(image / 255, np.ones((6, 6)))
        noticed += any("two separate" in note for note in said(prepared(saved(tmp_path, 240 - 200 * frame))))
    assert noticed <= 2


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (5, 5), (9, 40), (1, 200_000)])
@pytest.mark.parametrize("channels", [3, 4])
def test_pictures_of_any_shape_are_answered(tmp_path: Path, shape: tuple[int, int], channels: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, channels))
    assert prepared(saved(tmp_path, noise)).pixels.shape == SHAPE


def test_a_background_that_is_not_even_is_a_reason_to_look(tmp_path: Path) -> None:
    stones = np.kron(np.random.default_rng(0).normal(220, 30, (56, 56)), np.ones((5, 5)))
    photograph = stones * (placed() == 0) + 20 * placed()
    assert any("check what the network saw" in note for note in said(prepared(saved(tmp_path, photograph))))


def test_the_background_of_a_data_set(garments: Dataset) -> None:
    assert garments.info.background == 0
    assert background_of(255 - garments.train.images) == 255
    noise = np.random.default_rng(0).integers(0, 256, (50, 28, 28)).astype(np.uint8)
    assert background_of(noise) is None
