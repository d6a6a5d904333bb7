"""Archives that are damaged, or made to take memory: refused with the reason, and within little memory."""

import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kerasnn.data.archives import members
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from tests.conftest import tiny_source
from tests.data.test_csv import lines
from tests.data.test_idx_files import Files, called, tarred
from tests.data.test_picture_archive import EACH, PACKS, Pack, contents, folder, refused

__all__ = ["folder"]


def memory(path: Path, says: str) -> int:
    """Return the most bytes that Python takes until `path` is refused."""
    tracemalloc.start()
    try:
        refused(path, says)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "pack"), [PACKS[0], PACKS[2]])
def test_only_the_names_of_the_classes_are_kept(surroundings: Path, name: str, pack: Pack) -> None:
    files = {f"d{number}/classes.txt": bytes(1 << 20) for number in range(24)}
    path = pack(surroundings / name, files | {"a/1.png": b""})
    assert memory(path, "only one class") < 8 << 20


@EACH
def test_a_list_of_names_that_is_too_long_is_refused(folder: Path, name: str, pack: Pack) -> None:
    names = b"shoe\nbag\nshirt\n" + b"\n" * (1 << 20)
    with pytest.raises(DataError, match=r"classes\.txt .*too large"):
        load_data(pack(folder.parent / name, contents(folder) | {"classes.txt": names}))


def with_headers(path: Path, count: int, records: bytes, kind: bytes = tarfile.XGLTYPE) -> Path:
    """Write a tar archive of empty files, each after a pax header with these records."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = kind, len(records)
    with tarfile.open(path, "w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(count):
            archive.addfile(header, io.BytesIO(records))
            archive.addfile(tarfile.TarInfo(f"{number}.png"))
    return path


def records(count: int) -> bytes:
    return b"".join(b"16 k%06d=abcd\n" % number for number in range(count))


@pytest.mark.parametrize(
    ("count", "header", "kind", "says"),
    [
        (1000, records(200), tarfile.XGLTYPE, "more than 100 records"),
        (2, records(100_000), tarfile.XGLTYPE, "longer than 1,048,576 bytes"),
        (2, b"20000021 GNU.sparse.map=" + b"0," * 10_000_000, tarfile.XHDTYPE, "longer than 1,048,576 bytes"),
    ],
)
def test_the_headers_of_a_tar_take_little_memory(
    surroundings: Path, count: int, header: bytes, kind: bytes, says: str
) -> None:
    assert memory(with_headers(surroundings / "a.tar.gz", count, header, kind), says) < 20 << 20


def test_the_names_in_a_tar_are_limited(surroundings: Path) -> None:
    files = {f"{'a' * 1_000_000}{number}.png": b"" for number in range(21)}
    refused(tarred(surroundings / "a.tar.gz", files), "more than 20,000,000 letters")


def test_the_members_of_a_tar_take_little_memory(surroundings: Path) -> None:
    path = tarred(surroundings / "a.tar", {f"{number}.txt": b"" for number in range(3000)})
    tracemalloc.start()
    try:
        assert [member.name for member in members(path) if member.name == "2999.txt" and kept_by_tarfile() < 400 << 10]
    finally:
        tracemalloc.stop()


def kept_by_tarfile() -> int:
    traces = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, tarfile.__file__)])
    return sum(each.size for each in traces.statistics("filename"))


def header_at(content: bytes, name: bytes) -> int:
    return content.index(name) // tarfile.BLOCKSIZE * tarfile.BLOCKSIZE


TAR_DAMAGES: Mapping[str, Callable[[bytes, int], bytes]] = {
    "cut within a header": lambda content, place: content[: place + 100],
    "cut before a header": lambda content, place: content[:place],
    "one bit of a header": lambda content, place: (
        content[: place + 5] + bytes([content[place + 5] ^ 1]) + content[place + 6 :]
    ),
}


@pytest.mark.parametrize("damage", TAR_DAMAGES)
def test_a_plain_tar_that_is_damaged_is_no_smaller_data_set(folder: Path, damage: str) -> None:
    path = tarred(folder.parent / "a.tar", contents(folder))
    content = path.read_bytes()
    path.write_bytes(TAR_DAMAGES[damage](content, header_at(content, b"train-7.png")))
    refused(path, "not a readable archive")


@pytest.fixture(params=["table", "IDX", "pictures"])
def files(request: pytest.FixtureRequest, folder: Path) -> Files:
    """A data set, as the files of an archive."""
    if request.param == "table":
        return {"data.csv": lines(tiny_source().learning).encode()}
    return called(str) if request.param == "IDX" else contents(folder)


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_compressed_in_an_unusual_way_is_refused(surroundings: Path, kind: int, files: Files) -> None:
    path = surroundings / "a.zip"
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    refused(path, "is compressed in an unusual way")


def test_a_member_that_begins_beyond_every_file_is_named(surroundings: Path, files: Files) -> None:
    path = surroundings / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.infolist()[0].header_offset = 1 << 63
    refused(path, "int too large")
