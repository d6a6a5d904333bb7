"""Archives that are damaged, or made to take memory: refused with the reason, and within little memory."""

import io
import sys
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from zlib import crc32

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
        (2, records(100_000), tarfile.XGLTYPE, "records of a header are too long"),
        (2, b"20000021 GNU.sparse.map=" + b"0," * 10_000_000, tarfile.XHDTYPE, "records of a header are too long"),
        (2, b"a" * (1 << 21), tarfile.GNUTYPE_LONGNAME, "longer than 1,048,576 bytes"),
    ],
)
def test_the_headers_of_a_tar_take_little_memory(
    surroundings: Path, count: int, header: bytes, kind: bytes, says: str
) -> None:
    assert memory(with_headers(surroundings / "a.tar.gz", count, header, kind), says) < 20 << 20


@pytest.mark.parametrize(
    "inner", ["a" * 300 + "/1.png", "a/" * 1000 + "1.png", "a/" + "1" * 5000 + ".png"], ids=["long", "deep", "digits"]
)
@EACH
def test_names_that_no_system_has_are_refused(surroundings: Path, name: str, pack: Pack, inner: str) -> None:
    refused(pack(surroundings / name, {inner: b"", "b/2.png": b""}), "lies too deep, or has too long a name|too long")


def test_many_long_headers_are_refused(surroundings: Path) -> None:
    record = b"3000 k=" + b"1" * 2992 + b"\n"
    refused(with_headers(surroundings / "a.tar.gz", 400, record, tarfile.XHDTYPE), "records of a header are too long")


def test_a_negative_size_is_refused(surroundings: Path) -> None:
    head = bytearray(tarfile.TarInfo("classes.txt").tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\xff" * 12  # -1, in base 256
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    pictures = tarred(surroundings / "b.tar", {"a/1.png": b"", "b/2.png": b""}).read_bytes()[:1024]
    (surroundings / "a.tar").write_bytes(pictures + bytes(head) + bytes(1024))
    refused(surroundings / "a.tar", "negative size")


def test_a_name_that_stands_in_an_extra_field_is_read(folder: Path) -> None:
    path = folder.parent / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, content) in enumerate(contents(folder).items()):
            member = zipfile.ZipInfo(f"{number}/{number}.png")
            unicode = name.replace("shoe", "신발").encode()
            field = b"\x01" + crc32(member.filename.encode()).to_bytes(4, "little") + unicode
            member.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
            archive.writestr(member, content)
    names = load_data(path).info.classes
    assert ("신발" in names) == (sys.version_info >= (3, 12))  # from where on `zipfile` reads it


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
