"""Pictures are read in a process apart: what they cost there costs the caller a sentence."""

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasnn.data.picture_reader import Picture, PictureForm, read_pictures
from kerasnn.data.pictures import prepare_picture, read_picture
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.files.apart import Apart
from kerasnn.language import speaking

SHAPE = (28, 28)
POSIX = pytest.mark.skipif(os.name != "posix", reason="the limits are those of Unix")


def drawn(path: Path) -> Path:
    pixels = np.full((90, 60, 3), 200, np.uint8)
    pixels[20:70, 15:45] = (30, 40, 90)
    Image.fromarray(pixels).save(path)
    return path


def test_a_picture_is_read_as_in_this_process(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.png")
    for as_is, read in ((True, read_picture), (False, prepare_picture)):
        (found,) = read_pictures([path], PictureForm(SHAPE, 0, as_is=as_is))
        expected = read(path, shape=SHAPE, background=0)
        assert isinstance(found, Picture)
        assert (found.pixels == expected.pixels).all()
        assert found.notes == expected.notes
        if found.original is None or expected.original is None:
            assert found.original is expected.original
        else:
            assert (found.original == expected.original).all()


def test_an_error_is_that_of_this_process_in_the_language_asked_for(tmp_path: Path) -> None:
    with speaking("ko"):
        (found,) = read_pictures([tmp_path / "a.png"], PictureForm(SHAPE, 0))
        with pytest.raises(DataError) as caught:
            read_picture(tmp_path / "a.png", shape=SHAPE)
    assert isinstance(found, DataError)
    assert found.details == caught.value.details


@POSIX
def test_what_takes_too_long_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    endless = tmp_path / "endless.ppm"  # Pillow reads a comment byte by byte
    endless.write_bytes(b"P6\n#" + b"#" * 60_000_000 + b"\n2 2 255\n" + bytes(12))
    good = drawn(tmp_path / "a.png")
    before, refused, after = read_pictures([good, endless, good], PictureForm(SHAPE, 0))
    assert isinstance(before, Picture)
    assert isinstance(after, Picture)
    assert isinstance(refused, DataError)
    assert "too much time or memory" in refused.message


@POSIX
@pytest.mark.parametrize(("depth", "colours", "fits"), [(16, 0, True), (8, 4, False)])
def test_what_takes_too_much_memory_is_refused(depth: int, colours: int, fits: bool, tmp_path: Path) -> None:
    """A PNG of 50 megapixels, in 16-bit grey or with transparency: of which Pillow makes four bytes a pixel."""
    path = tmp_path / "a.png"
    side, packed = 7071, zlib.compressobj()
    row = bytes(2 * side + 1)
    content = b"".join([*(packed.compress(row) for _row in range(side)), packed.flush()])
    header = struct.pack(">IIBBBBB", side, side, depth, colours, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", content), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    (found,) = read_pictures([path], PictureForm(SHAPE, 0))
    if fits:
        assert isinstance(found, Picture)
    else:
        assert isinstance(found, DataError)
        assert "is too large: reading it takes more than 480 MB" in found.message


def test_a_process_that_cannot_load_its_libraries_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with Apart("kerasnn.data.no_library") as reader, pytest.raises(EnvironmentFault, match="no process can be started"):
        read_pictures([drawn(tmp_path / "a.png")], PictureForm(SHAPE, 0), reader)


@pytest.mark.parametrize(
    "answer",
    [
        b"[]",
        b"{}",
        b'{"pixels": [28, 28, "00"], "notes": [], "original": null}',
        b'{"pixels": [1, 1, "00"], "notes": [], "original": null}',
        b'{"pixels": [28, 28, "' + b"00" * 784 + b'"], "notes": [{"code": "x", "values": {}}], "original": null}',
        b'{"pixels": [28, 28, "' + b"00" * 784 + b'"], "notes": [], "original": [200, 200, "' + b"00" * 40000 + b'"]}',
    ],
)
def test_an_answer_of_a_hijacked_process_is_an_error(
    answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Apart, "answer", lambda *_words, **_others: (answer + b"\n", True))
    (found,) = read_pictures([drawn(tmp_path / "a.png")], PictureForm(SHAPE, 0))
    assert isinstance(found, DataError)
