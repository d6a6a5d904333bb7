"""A zip or tar archive of a folder of pictures: read like the folder, and refused if it is not safe."""

import io
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from kerasnn.data.class_folders import Place, arranged
from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.files.packed import MOST_MEMBERS, open_zip
from kerasnn.records import Working
from kerasnn.records.note import sentence
from tests.data.test_idx_files import link, tarred, zipped, zipped_on_windows
from tests.data.test_picture_folder import age, kept, save_pictures

Pack = Callable[..., Path]
PACKS = [("a.zip", zipped), ("a.tar", tarred), ("a.tar.gz", tarred)]
EACH = pytest.mark.parametrize(("name", "pack"), PACKS)
HIDDEN = {  # what macOS and Windows put beside pictures
    "__MACOSX/train/bag/._train-0.png": b"\0\5\x16\7",
    "train/.DS_Store": b"Bud1",
    "train/bag/._train-0.png": b"\0\5\x16\7",
}


@pytest.fixture
def folder(surroundings: Path) -> Path:
    return save_pictures(surroundings / "folder")


def contents(folder: Path, inner: str = "{}") -> dict[str, bytes]:
    """The files in a folder by their names in an archive, in no particular order."""
    found = {inner.format(file.relative_to(folder).as_posix()): file for file in folder.rglob("*.*")}
    return {name: found[name].read_bytes() for name in sorted(found, key=lambda name: name[::-1])}


def facts(data: Dataset) -> tuple[object, ...]:
    return data.info.sha256, data.info.classes, data.info.train, data.info.test, data.info.conversions


@pytest.mark.parametrize(
    ("name", "pack", "inner"),
    [(*PACKS[0], "{}"), (*PACKS[0], "download/fashion/{}"), (*PACKS[1], "./{}"), (*PACKS[2], "fashion/{}")],
)
def test_an_archive_is_read_like_the_folder(folder: Path, name: str, pack: Pack, inner: str) -> None:
    files = {inner.format(each): content for each, content in HIDDEN.items()} | contents(folder, inner)
    assert facts(load_data(pack(folder.parent / name, files))) == facts(load_data(folder))


@pytest.mark.parametrize("inner", ["{}", "fashion/{}"])
def test_without_parts(surroundings: Path, inner: str) -> None:
    folder = save_pictures(surroundings / "plain", parts=False)
    assert facts(load_data(zipped(surroundings / "a.zip", contents(folder, inner)))) == facts(load_data(folder))


@EACH
def test_names_and_what_is_left_out(folder: Path, name: str, pack: Pack) -> None:
    (folder / "classes.txt").write_text("shoe\nbag\nshirt\n")
    (folder / "train" / "bag" / "Thumbs.db").write_bytes(b"\xd0\xcf")
    data = load_data(pack(folder.parent / name, contents(folder, "fashion/{}")))
    assert data.info.classes == ("shoe", "bag", "shirt")
    assert [sentence(note) for note in data.info.conversions] == [
        "files ignored because they are not pictures of a class: 1, such as Thumbs.db"
    ]
    assert facts(data) == facts(load_data(folder))


@EACH
def test_an_empty_class_folder_in_an_archive_is_named(folder: Path, name: str, pack: Pack) -> None:
    (folder / "train" / "hat").mkdir()
    path = folder.parent / name
    if pack is zipped:
        pack(path, contents(folder) | {"train/hat/": b""})
    else:
        member = tarfile.TarInfo("train/hat")
        member.type = tarfile.DIRTYPE
        pack(path, contents(folder), member)
    data = load_data(path)
    assert [note.code for note in data.info.conversions] == ["folders-empty"]
    assert facts(data) == facts(load_data(folder))


def test_names_beside_an_archive(folder: Path) -> None:
    (folder.parent / "classes.txt").write_text("shoe\nbag\nshirt\n")
    assert load_data(zipped(folder.parent / "a.zip", contents(folder))).info.classes == ("shoe", "bag", "shirt")
    (folder.parent / "classes.txt").write_text("shoe\nbag\n")
    with pytest.raises(DataError, match="does not name the folders"):
        load_data(folder.parent / "a.zip")


@pytest.mark.parametrize("encoding", ["cp949", "utf-8"])
def test_korean_names_that_a_zip_does_not_declare(surroundings: Path, encoding: str) -> None:
    folder = save_pictures(surroundings / "plain", ("가방", "셔츠", "신발"), parts=False)
    written = {"가방": "@1", "셔츠": "@2", "신발": "@3"}
    files = contents(folder)
    for korean, ascii_name in written.items():
        same_length = ascii_name.ljust(len(korean.encode(encoding)), "_")
        files = {name.replace(korean, same_length): content for name, content in files.items()}
    content = zipped(folder.parent / "a.zip", files).read_bytes()
    for korean, ascii_name in written.items():
        encoded = korean.encode(encoding)
        content = content.replace(ascii_name.ljust(len(encoded), "_").encode(), encoded)
    (folder.parent / "a.zip").write_bytes(content)
    assert facts(load_data(folder.parent / "a.zip")) == facts(load_data(folder))


def test_a_zip_that_windows_wrote(folder: Path) -> None:
    path = zipped_on_windows(folder.parent / "a.zip", contents(folder, "fashion/{}"))
    assert facts(load_data(path)) == facts(load_data(folder))


def test_an_archive_is_read_once(folder: Path) -> None:
    path = zipped(folder.parent / "a.zip", contents(folder))
    age(path.parent)
    time.sleep(2.1)
    first, events = load_data(path), list[object]()
    assert len(kept()) == 1
    assert facts(load_data(path, listener=events.append)) == facts(first)
    assert [event for event in events if isinstance(event, Working)] == [Working("reading")]
    again = zipped(path, {name: content for name, content in contents(folder).items() if "train-1" not in name})
    assert load_data(again).info.train < first.info.train


def refused(path: Path, says: str) -> None:
    with pytest.raises(DataError, match=says) as caught:
        load_data(path)
    assert path.name in caught.value.message


@EACH
@pytest.mark.parametrize("bad", ["../x.png", "/x.png", "train/../../x.png"])
def test_what_reaches_outside_is_refused(folder: Path, name: str, pack: Pack, bad: str) -> None:
    refused(pack(folder.parent / name, contents(folder) | {bad: b""}), "would lie outside of it")


@EACH
def test_what_is_there_twice_is_refused(folder: Path, name: str, pack: Pack) -> None:
    refused(pack(folder.parent / name, contents(folder) | {"./train/bag/train-0.png": b""}), "the same name")


@EACH
def test_too_many_members_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, pack: Pack) -> None:
    monkeypatch.setattr("kerasnn.data.archives.MOST_MEMBERS", 233)
    refused(pack(folder.parent / name, contents(folder)), "more than 233 members")


@pytest.mark.parametrize(("name", "pack"), [PACKS[0], PACKS[2]])
def test_a_bomb_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, pack: Pack) -> None:
    for module in ("files.packed", "data.tar_stream"):
        monkeypatch.setattr(f"kerasnn.{module}.UNPACKED", 1 << 16)
    refused(pack(folder.parent / name, contents(folder) | {"train/bag/x.png": bytes(8 << 20)}), "20 times its size")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_no_pictures(folder: Path, kind: bytes) -> None:
    path = tarred(folder.parent / "a.tar", contents(folder), link("train/bag/x.png", kind))
    assert facts(load_data(path)) == facts(load_data(folder))


def test_a_link_in_a_zip_is_no_picture(folder: Path) -> None:
    path = zipped(folder.parent / "a.zip", contents(folder))
    with zipfile.ZipFile(path, "a") as archive:
        member = zipfile.ZipInfo("train/bag/x.png")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    assert facts(load_data(path)) == facts(load_data(folder))


def encrypted(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"))


DAMAGES: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-100]), "not a readable archive"),
    "encrypted": (encrypted, "it is encrypted"),
    "one bit": (lambda path: flip(path, b"train-7.png"), "train-7.png is"),
}


def flip(path: Path, name: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(name) + 60] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named(folder: Path, damage: str) -> None:
    path = zipped(folder.parent / "a.zip", contents(folder))
    DAMAGES[damage][0](path)
    refused(path, DAMAGES[damage][1])


def test_a_tar_that_is_cut_is_named(folder: Path) -> None:
    path = tarred(folder.parent / "a.tar.gz", contents(folder))
    path.write_bytes(path.read_bytes()[:-1000])
    refused(path, "not a readable archive")


def test_the_order_is_the_same_on_windows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "train" / "bag" / "Thumbs.db").write_bytes(b"")
    path = zipped(folder.parent / "a.zip", contents(folder))
    expected = facts(load_data(path))
    monkeypatch.setattr("os.sep", "\\")
    assert facts(load_data(path)) == expected


def test_no_separator_changes_the_order() -> None:
    inner = ("bag/a0/1.png", "bag/a/1.png", "bag/a-b/1.png", "bag/aB/1.png", "shoe/2.png", "shoe/1.png")

    def order(kind: type[PurePath]) -> list[str]:
        places = [Place(str(kind(each)), each.split("/")[-1], tuple(each.split("/")[:-1]), (1,)) for each in inner]
        return [kind(file.path).as_posix() for file in arranged(Path("data"), places).files]

    assert order(PureWindowsPath) == order(PurePosixPath)


def test_what_is_no_picture_is_named(folder: Path) -> None:
    files = contents(folder) | {"train/bag/x.png": b"no picture"}
    refused(zipped(folder.parent / "a.zip", files), "x.png is not an image")


def directory_of(count: int, size: int | None = None) -> bytes:
    """A zip of no content that names so many members, and says how many bytes the names take."""
    entry = b"PK\1\2" + bytes(42)
    length = count * len(entry)
    return entry * count + b"PK\5\6" + bytes(8) + struct.pack("<IIH", length if size is None else size, 0, 0)


@pytest.mark.parametrize(
    "content", [directory_of(100_001), directory_of(9, 1 << 31), b"PK\3\4" + directory_of(100_001)]
)
def test_a_long_list_of_members_is_never_taken_apart(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def took(*_content: object) -> None:
        raise AssertionError

    monkeypatch.setattr(zipfile.ZipInfo, "__init__", took)
    (surroundings / "a.zip").write_bytes(content)
    with pytest.raises(zipfile.BadZipFile), open_zip(surroundings / "a.zip"):
        pass
    with pytest.raises(DataError):
        load_data("a.zip")


def test_as_many_members_as_are_allowed_are_read(surroundings: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(MOST_MEMBERS):  # more than the older form of the list can count
            archive.writestr(f"{number}", b"")
    (surroundings / "a.zip").write_bytes(file.getvalue())
    with open_zip(surroundings / "a.zip") as archive:
        assert len(archive.namelist()) == MOST_MEMBERS
