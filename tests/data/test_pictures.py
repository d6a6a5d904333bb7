"""Image files of all kinds become input for a model, with notes on what would mislead it."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, features
from PIL.PngImagePlugin import PngImageFile, PngInfo

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.data.misleading import is_noise, look
from kerasnn.data.pictures import prepare_picture, read_picture
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.records import Note
from kerasnn.records.note import sentence

SHAPE = (28, 28)


def garment() -> NDArray[np.uint8]:
    """A light square in the middle of black, 28 x 28."""
    pixels = np.zeros(SHAPE, np.uint8)
    pixels[7:21, 7:21] = 200
    return pixels


def in_lab(image: Image.Image) -> Image.Image:
    rgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(image.convert("RGB"), rgb, lab, outputMode="LAB")
    assert converted is not None
    return converted


def said(notes: Iterable[Note]) -> list[str]:
    return [sentence(note) for note in notes]


def saved(path: Path, image: Image.Image) -> Path:
    image.save(path)
    return path


def test_a_good_picture_comes_through_as_it_is(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path / "a.png", Image.fromarray(garment())), shape=SHAPE)
    assert (picture.pixels == garment()).all()
    assert picture.notes == ()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "LAB", "I", "F", "I;16"])
def test_every_kind_of_pixel(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(garment().astype(np.uint16) * 257)
    elif mode == "LAB":
        image = in_lab(Image.fromarray(garment()))
    else:
        image = Image.fromarray(garment()).convert(mode, dither=Image.Dither.NONE)
    path = saved(tmp_path / f"a.{'png' if mode in ('1', 'L', 'P', 'RGB', 'RGBA', 'LA', 'I;16') else 'tif'}", image)
    pixels = read_picture(path, shape=SHAPE).pixels
    bright = {"1": 255, "LAB": 204}.get(mode, 200)  # lightness is not the same as brightness
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
    assert any("try --invert" in note for note in said(read_picture(path, shape=SHAPE).notes))
    inverted = read_picture(path, shape=SHAPE, invert=True)
    assert (inverted.pixels == garment()).all()
    assert inverted.notes == ()


def test_a_wide_picture_is_widened_to_a_square(tmp_path: Path) -> None:
    image = Image.fromarray(garment()).resize((56, 28))
    picture = read_picture(saved(tmp_path / "a.png", image), shape=SHAPE)
    assert any("56 x 28 is not square" in note for note in said(picture.notes))
    assert picture.pixels[1].max() == 0


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        ((garment() > 0).astype(np.uint8), "divided by 255 already"),
        (90 + garment() // 10, "almost one shade"),
        (np.full(SHAPE, 90, np.uint8), "nothing to recognise in it: all its pixels are equal"),
        (np.random.default_rng(0).integers(0, 256, SHAPE).astype(np.uint8), "unrelated, as in noise"),
        (np.roll(garment(), 7, axis=0), "below the centre"),
        (np.roll(garment(), -7, axis=1), "left of the centre"),
    ],
)
def test_what_would_mislead_is_noted(pixels: NDArray[np.uint8], words: str) -> None:
    notes = said(look(pixels))
    assert len(notes) == 1
    assert words in notes[0]


def test_drawn_garments_look_well(garments: Dataset) -> None:
    noted = sum(bool(look(image)) for image in garments.test.images)
    assert noted / len(garments.test) < 0.1


def test_real_images_look_well(real_data: Path) -> None:
    """Notes are meant for photos: almost no image of the test set gets one."""
    images = load_data("fashion-mnist", data_dir=real_data).test.images
    noted = sum(bool(look(image)) for image in images)
    assert noted / len(images) < 0.05
    assert not any(is_noise(image) for image in images)


def test_noise_is_told_from_garments(garments: Dataset) -> None:
    random = np.random.default_rng(0)
    assert all(is_noise(random.integers(0, 256, SHAPE).astype(np.uint8)) for _time in range(200))
    assert all(is_noise(random.normal(128, 30, SHAPE).astype(np.uint8)) for _time in range(200))
    assert not any(is_noise(image) for image in garments.test.images)
    assert not is_noise(np.tile(np.array([[0, 255]], np.uint8), (28, 14)))  # stripes


@pytest.mark.parametrize(
    ("shade", "invert", "words"),
    [
        (255, False, "leave out --as-is, and kerasnn prepares it, or try --invert"),
        (0, True, "leave out --invert"),
        (90, False, "leave out --as-is, and kerasnn prepares it"),
    ],
)
def test_what_was_left_as_it_is_is_better_prepared(tmp_path: Path, shade: int, invert: bool, words: str) -> None:
    pixels = np.where(garment() > 0, 255 - shade, shade).astype(np.uint8)
    path = saved(tmp_path / "a.png", Image.fromarray(pixels).resize((280, 280)))
    (note,) = said(read_picture(path, shape=SHAPE, invert=invert).notes)
    assert note.endswith(f": {words}")
    assert "--as-is" not in " ".join(said(prepare_picture(path, shape=SHAPE, background=0).notes))


def test_what_is_off_centre_and_left_as_it_is_is_better_prepared(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(np.roll(garment(), 7, axis=0)))
    (note,) = said(read_picture(path, shape=SHAPE).notes)
    assert "leave out --as-is" in note


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.png"):
        read_picture(tmp_path / "a.png", shape=SHAPE)


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no image"):
        read_picture(tmp_path / "a.png", shape=SHAPE)
    with pytest.raises(DataError, match="is a folder"):
        read_picture(tmp_path, shape=SHAPE)


def test_an_image_of_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("1", (10_000, 6_000)))
    with pytest.raises(DataError, match="10000 x 6000 pixels"):
        read_picture(path, shape=SHAPE)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "TIFF", "PNG"])
def test_the_first_of_several_pictures_is_taken_and_said(tmp_path: Path, format_: str) -> None:
    first, second = Image.fromarray(garment()), Image.new("L", SHAPE, 255)
    path = tmp_path / f"a.{format_.lower()}"
    options = {"lossless": True} if format_ == "WEBP" else {}
    first.save(path, format_, save_all=True, append_images=[second], **options)
    picture = read_picture(path, shape=SHAPE)
    assert any("several pictures" in note for note in said(picture.notes))
    assert abs(int(picture.pixels[14, 14]) - 200) <= 2


@pytest.mark.parametrize("floats", [garment().astype(np.float32) / 255, garment().astype(np.float32) * 257])
def test_floats_are_scaled_by_their_range(tmp_path: Path, floats: NDArray[np.float32]) -> None:
    path = saved(tmp_path / "a.tif", Image.fromarray(floats))
    assert abs(int(read_picture(path, shape=SHAPE).pixels[14, 14]) - 200) <= 1


def test_pixels_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    floats = garment().astype(np.float32)
    floats[3, 3] = np.nan
    with pytest.raises(DataError, match="not numbers"):
        read_picture(saved(tmp_path / "a.tif", Image.fromarray(floats)), shape=SHAPE)


def test_a_long_strip_does_not_become_a_huge_square(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.new("L", (2_000_000, 1), 90))
    assert read_picture(path, shape=SHAPE).pixels.shape == SHAPE


def test_a_format_that_would_start_a_program_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(touched) (w) file\n%%EOF\n")
    with pytest.raises(DataError, match="is not an image"):
        read_picture(path, shape=SHAPE)


def test_a_huge_comment_is_refused(tmp_path: Path) -> None:
    comment = PngInfo()
    comment.add_text("Comment", " " * 20_000_000, zip=True)
    Image.new("L", SHAPE).save(tmp_path / "a.png", pnginfo=comment)
    with pytest.raises(DataError, match="damaged image"):
        read_picture(tmp_path / "a.png", shape=SHAPE)


def test_a_jpeg_of_very_many_scans_is_refused_undecoded(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(garment()).save(path, progressive=True)
    whole = path.read_bytes()
    start = whole.rindex(b"\xff\xda")  # the last scan, again and again
    path.write_bytes(whole[:start] + whole[start:-2] * 5000 + whole[-2:])
    with pytest.raises(DataError, match=r"a JPEG of 5,0\d\d scans"):
        read_picture(path, shape=SHAPE)


def test_avif_is_read_where_pillow_has_it(tmp_path: Path) -> None:
    if not features.check("avif"):
        pytest.skip("Pillow was built without AVIF")
    path = saved(tmp_path / "a.avif", Image.fromarray(garment()).resize((56, 56), Image.Resampling.NEAREST))
    assert abs(int(read_picture(path, shape=SHAPE).pixels[14, 14]) - 200) <= 5


@pytest.mark.parametrize(("brand", "package"), [("heic", "pillow-heif"), ("avif", "pillow")])
def test_a_format_without_a_reader_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, brand: str, package: str
) -> None:
    for name in ("HEIF", "AVIF"):
        monkeypatch.delitem(Image.OPEN, name, raising=False)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftyp" + brand.encode() + bytes(99))
    with pytest.raises(EnvironmentFault) as caught:
        read_picture(tmp_path / "a.heic", shape=SHAPE)
    assert str(caught.value.hint).endswith(package)


def test_heic_is_read_by_the_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def register() -> None:
        """Open what would be HEIC as a PNG, as the real plugin is not among kerasnn's dependencies."""
        monkeypatch.setitem(Image.OPEN, "HEIF", (lambda file, name: PngImageFile(png), lambda head: b"heic" in head))

    png = saved(tmp_path / "a.png", Image.fromarray(garment()))
    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(register_heif_opener=register))
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(99))
    assert (read_picture(tmp_path / "a.heic", shape=SHAPE).pixels == garment()).all()


@pytest.mark.skipif(os.name != "posix", reason="a pipe of Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(DataError, match="is not a file"):
        read_picture(tmp_path / "a.png", shape=SHAPE)


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "bmp", "tif", "webp", "ppm"])
def test_a_file_cut_short_is_refused(tmp_path: Path, ending: str, keep: float) -> None:
    noise = np.random.RandomState(0).randint(0, 256, (64, 64)).astype(np.uint8)
    path = saved(tmp_path / f"a.{ending}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(DataError, match=r"a\."):
        read_picture(path, shape=SHAPE)
