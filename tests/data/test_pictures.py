"""Image files of any kind become what a model can see, with notes where they would mislead it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load
from kerasnn.data.pictures import look, read_picture
from kerasnn.errors import DataError

SHAPE = (28, 28)


def garment() -> NDArray[np.uint8]:
    """A light square in the middle of black, 28 x 28."""
    pixels = np.zeros(SHAPE, np.uint8)
    pixels[7:21, 7:21] = 200
    return pixels


def saved(path: Path, image: Image.Image) -> Path:
    image.save(path)
    return path


def test_a_good_picture_comes_through_as_it_is(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path / "a.png", Image.fromarray(garment())), shape=SHAPE)
    assert (picture.pixels == garment()).all()
    assert picture.notes == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I", "F", "I;16"])
def test_every_kind_of_pixel(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(garment().astype(np.uint16) * 257)
    else:
        image = Image.fromarray(garment()).convert(mode, dither=Image.Dither.NONE)
    path = saved(tmp_path / f"a.{'png' if mode in ('1', 'L', 'P', 'RGB', 'RGBA', 'LA', 'I;16') else 'tif'}", image)
    pixels = read_picture(path, shape=SHAPE).pixels
    bright = 255 if mode == "1" else 200
    assert abs(int(pixels[14, 14]) - bright) <= 2
    assert pixels[0, 0] <= 2


def test_what_is_transparent_becomes_black(tmp_path: Path) -> None:
    alpha = Image.fromarray((garment() > 0).astype(np.uint8) * 255)
    image = Image.new("RGBA", SHAPE, "white")
    image.putalpha(alpha)
    assert read_picture(saved(tmp_path / "a.png", image), shape=SHAPE).pixels[0, 0] == 0


def test_a_camera_that_was_turned_is_turned_back(tmp_path: Path) -> None:
    pixels = np.zeros((40, 40), np.uint8)
    pixels[:20] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    path = tmp_path / "a.jpg"
    Image.fromarray(pixels).save(path, exif=exif)
    turned = read_picture(path, shape=SHAPE).pixels
    assert turned[14, 26] > 150
    assert turned[2, 2] < 50


def test_a_light_ground_is_noticed_and_can_be_inverted(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(255 - garment()))
    assert any("try --invert" in note for note in read_picture(path, shape=SHAPE).notes)
    inverted = read_picture(path, shape=SHAPE, invert=True)
    assert (inverted.pixels == garment()).all()
    assert inverted.notes == ()


def test_a_wide_picture_is_widened_to_a_square(tmp_path: Path) -> None:
    image = Image.fromarray(garment()).resize((56, 28))
    picture = read_picture(saved(tmp_path / "a.png", image), shape=SHAPE)
    assert any("56 x 28 is not square" in note for note in picture.notes)
    assert picture.pixels[1].max() == 0


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        ((garment() > 0).astype(np.uint8), "divided by 255 already"),
        (np.full(SHAPE, 90, np.uint8), "almost one shade"),
        (np.roll(garment(), 7, axis=0), "below the centre"),
        (np.roll(garment(), -7, axis=1), "left of the centre"),
    ],
)
def test_what_would_mislead_is_noted(pixels: NDArray[np.uint8], words: str) -> None:
    notes = look(pixels)
    assert len(notes) == 1
    assert words in notes[0]


def test_drawn_garments_look_well(garments: Dataset) -> None:
    noted = sum(bool(look(image)) for image in garments.test.images)
    assert noted / len(garments.test) < 0.1


def test_real_images_look_well(real_data: Path) -> None:
    """Notes are for photos: hardly an image of the test set itself may get one."""
    images = load("fashion-mnist", real_data).test.images
    noted = sum(bool(look(image)) for image in images)
    assert noted / len(images) < 0.05


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.png"):
        read_picture(tmp_path / "a.png", shape=SHAPE)


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no image"):
        read_picture(tmp_path / "a.png", shape=SHAPE)
    with pytest.raises(DataError, match="is not a file"):
        read_picture(tmp_path, shape=SHAPE)


def test_an_image_of_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("1", (10_000, 6_000)))
    with pytest.raises(DataError, match="10000 x 6000 pixels"):
        read_picture(path, shape=SHAPE)
