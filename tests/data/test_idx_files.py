"""IDX files as people have them: under other names, in folders, in archives, and EMNIST's, stored by columns."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from kerasnn.data import idx_files
from kerasnn.data.idx_files import find_files
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.records.codes import Code
from tests.conftest import save_npz, tiny_source
from tests.data.test_idx import idx_bytes

Files = dict[str, bytes]

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = USUAL = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def contents() -> list[bytes]:
    """The tiny data set as the contents of four IDX files."""
    source = tiny_source()
    arrays = (source.learning.images, source.learning.labels, source.test.images, source.test.labels)
    return [idx_bytes(array.astype(np.uint8)) for array in arrays]


def save(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def called(change: Callable[[str], str]) -> Files:
    files = {change(name): content for name, content in zip(USUAL, contents(), strict=True)}
    return {name: gzip.compress(content) if name.endswith("gz") else content for name, content in files.items()}


@pytest.fixture
def digest(surroundings: Path) -> str:
    return load_data(save_npz(surroundings / "stripes.npz")).info.sha256


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.replace("-idx", ".idx"),
        lambda name: f"{name}.gz",
        lambda name: f"{name}.bin",
        lambda name: f"{name}.idx",
        lambda name: name.replace("-", "_").upper(),
        lambda name: name.replace("t10k", "test"),
        lambda name: name.split("-idx")[0] + ".idx",
        lambda name: f"kuzushiji-{name}.gz",
        lambda name: f"{name} (1).gz",
        lambda name: f"{name}(12)",
        lambda name: f"{name} - Copy.gz",
        lambda name: f"{name} copy 2",
        lambda name: f"{name} - 복사본 (2).gz",
        lambda name: f"raw/{name}",
        lambda name: f"MNIST/raw/{name}.gz",
        lambda name: f"{name}/{name}",
    ],
)
def test_usual_names_and_folders(surroundings: Path, digest: str, change: Callable[[str], str]) -> None:
    found = load_data(save(surroundings / "data", called(change))).info
    assert (found.sha256, found.conversions) == (digest, ())


def test_kaggles_folder_that_holds_each_file_twice(surroundings: Path, digest: str) -> None:
    folder = save(surroundings / "data", called(lambda name: name.replace("-idx", ".idx")))
    assert load_data(save(folder, called(lambda name: f"{name}/{name}"))).info.sha256 == digest


def test_files_that_were_downloaded_twice(surroundings: Path, digest: str) -> None:
    folder = save(surroundings / "data", called(str) | called("{} (1)".format) | called("{} (2).gz".format))
    assert {entry.name for entry in find_files(folder).values()} == set(USUAL)
    assert load_data(zipped(surroundings / "data.zip", called("{} (1).gz".format))).info.sha256 == digest
    assert load_data(folder).info.sha256 == digest


def test_files_of_one_name_that_are_no_copies_are_refused(surroundings: Path) -> None:
    other = {f"{IMAGES} (1)": idx_bytes(np.zeros((203, 9, 9), np.uint8))}
    with pytest.raises(DataError, match=rf"several data sets: {IMAGES}, {IMAGES} \(1\)"):
        load_data(save(surroundings / "data", called(str) | other))


def test_the_missing_file_has_the_name_without_a_mark(surroundings: Path) -> None:
    files = called("{} (1).gz".format)
    del files[f"{LABELS} (1).gz"]
    with pytest.raises(DataError, match=f"{LABELS}.gz is missing"):
        load_data(save(surroundings / "data", files))


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def zipped_on_windows(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a zip whose names have backslashes, as those of some programs do."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.filename = name.replace("/", "\\")
            archive.writestr(member, content)
    return path


def tarred(path: Path, files: Mapping[str, bytes], *others: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for other in others:
            archive.addfile(other)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(("name", "pack"), [("a.zip", zipped), ("a.tar", tarred), ("a.tar.gz", tarred)])
@pytest.mark.parametrize("inner", ["{}", "{}.gz", "MNIST/raw/{}"])
def test_archives(surroundings: Path, digest: str, name: str, pack: Callable[..., Path], inner: str) -> None:
    assert load_data(pack(surroundings / name, called(inner.format))).info.sha256 == digest


def test_a_single_part_is_split(surroundings: Path) -> None:
    folder = save(surroundings / "data", dict(list(called(str).items())[:2]))
    found = load_data(folder).info
    assert (found.train, found.validation, found.test) == (129, 33, 41)
    assert [note.code for note in found.conversions] == [Code.TEST_HELD_OUT]


def test_a_validation_part_joins_the_training_part(surroundings: Path, digest: str) -> None:
    source = tiny_source().learning
    files = called(str)
    for name, array in ((IMAGES, source.images), (LABELS, source.labels.astype(np.uint8))):
        files[name], files[name.replace("train", "val")] = idx_bytes(array[:150]), idx_bytes(array[150:])
    found = load_data(save(surroundings / "data", files)).info
    assert (found.sha256, [note.code for note in found.conversions]) == (digest, [Code.PARTS_JOINED])


def emnist(prefix: str, first: int) -> Files:
    """The tiny data set as EMNIST stores it: each image by columns, the labels from `first` on."""
    source, files = tiny_source(), {}
    for part, images, labels in (("train", *vars(source.learning).values()), ("test", *vars(source.test).values())):
        by_columns = np.stack([image.T for image in images])
        files[f"{prefix}-{part}-images-idx3-ubyte.gz"] = gzip.compress(idx_bytes(by_columns))
        files[f"{prefix}-{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes((labels + first).astype(np.uint8)))
    return files


def test_emnists_letters(surroundings: Path, digest: str) -> None:
    (surroundings / "classes.txt").unlink(missing_ok=True)
    found = load_data(save(surroundings / "data", emnist("emnist-letters", 1))).info
    assert found.sha256 == digest
    assert "".join(found.classes) == "abcdefghijklmnopqrstuvwxyz"
    assert {note.code for note in found.conversions} == {Code.IMAGES_TURNED, Code.LABELS_FROM_ONE}


@pytest.mark.parametrize(
    ("first", "mapping", "names"),
    [(1, b"1 65 97\n2 66 98\n3 67 99\n", ("a", "b", "c")), (0, b"0 48\r\n1 65\r\n2 97\r\n", ("0", "A", "a"))],
)
def test_the_characters_of_emnists_mapping(
    surroundings: Path, digest: str, first: int, mapping: bytes, names: tuple[str, ...]
) -> None:
    files = emnist("emnist-some", first) | {"emnist-some-mapping.txt": mapping}
    found = load_data(save(surroundings / "data", files)).info
    assert (found.sha256, found.classes) == (digest, names)


@pytest.mark.parametrize(
    "mapping", [b"", b"1", b"1 65\n3 66", b"1 -5\n2 66", b"1 65\n2 65", b"\xff", b"1 65\n2 9999999"]
)
def test_a_damaged_mapping_is_named(surroundings: Path, mapping: bytes) -> None:
    files = emnist("emnist-some", 1) | {"emnist-some-mapping.txt": mapping}
    with pytest.raises(DataError, match=r"emnist-some-mapping\.txt does not tell"):
        load_data(save(surroundings / "data", files))


@pytest.mark.parametrize("name", USUAL)
def test_the_file_that_is_missing_is_named(surroundings: Path, name: str) -> None:
    files = called("{}.gz".format)
    del files[f"{name}.gz"]
    with pytest.raises(DataError, match=f"{name}.gz is missing"):
        load_data(save(surroundings / "data", files))


def test_a_test_part_alone_is_refused(surroundings: Path) -> None:
    files = dict(list(called(str).items())[2:])
    with pytest.raises(DataError, match=f"{IMAGES} is missing"):
        load_data(save(surroundings / "data", files))


def test_a_mapping_that_is_damaged_in_a_zip_is_named(surroundings: Path) -> None:
    path = zipped(surroundings / "a.zip", emnist("emnist-some", 1))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("emnist-some-mapping.txt", b"1 80\n2 81\n3 82\n")  # not compressed
    content = path.read_bytes()
    place = content.index(b"2 81")
    path.write_bytes(content[:place] + b"x" + content[place + 1 :])
    with pytest.raises(DataError, match=r"emnist-some-mapping\.txt does not tell"):
        load_data(path)


def test_the_letters_by_name_are_found_beside_others(surroundings: Path) -> None:
    files = emnist("emnist-letters", 1) | called(str)
    data = save(surroundings / "data", files)
    found = find_files(data, "emnist-letters")
    assert {entry.name.startswith("emnist-letters") for entry in found.values()} == {True}


def test_several_data_sets_in_one_folder_are_named(surroundings: Path) -> None:
    files = emnist("emnist-letters", 1) | emnist("emnist-digits", 0)
    with pytest.raises(DataError, match="several data sets: emnist-digits, emnist-letters"):
        load_data(save(surroundings / "data", files))


def test_the_letters_of_emnist_have_a_name(surroundings: Path) -> None:
    zipped(surroundings / "gzip.zip", emnist("emnist-letters", 1) | emnist("emnist-digits", 0))
    with pytest.raises(DataError, match="several data sets") as caught:
        load_data("gzip.zip")
    assert caught.value.hint == "--dataset emnist-letters --data-dir . reads the letters"


@pytest.mark.parametrize("packed", [False, True])
def test_several_folders_with_a_data_set_each_are_named(surroundings: Path, packed: bool) -> None:
    files = called("MNIST/raw/{}".format) | called("FashionMNIST/raw/{}".format)
    path = zipped(surroundings / "data.zip", files) if packed else save(surroundings / "data", files)
    with pytest.raises(DataError, match=r"several data sets: .*FashionMNIST/raw, .*MNIST/raw"):
        load_data(path)


@pytest.mark.parametrize("hidden", ["._{}", "__MACOSX/{}", "__MACOSX/._{}"])
def test_what_macos_puts_into_an_archive_is_ignored(surroundings: Path, digest: str, hidden: str) -> None:
    files = {hidden.format(name): b"\0\5\x16\7" for name in USUAL}
    assert load_data(zipped(surroundings / "a.zip", files | called("MNIST/{}".format))).info.sha256 == digest


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(("name", "pack"), [("a.zip", zipped), ("a.tar.gz", tarred)])
@pytest.mark.parametrize("bad", ["../x", "/x", "a/../../x"])
def test_an_archive_that_reaches_outside_is_refused(
    surroundings: Path, name: str, pack: Callable[..., Path], bad: str
) -> None:
    path = pack(surroundings / name, called(str) | {bad: b""})
    with pytest.raises(DataError, match="would lie outside of it"):
        load_data(path)


@pytest.mark.parametrize(("name", "pack"), [("a.zip", zipped), ("a.tar.gz", tarred)])
def test_an_archive_of_many_members_is_refused(surroundings: Path, name: str, pack: Callable[..., Path]) -> None:
    path = pack(surroundings / name, called(str) | {f"{number}": b"" for number in range(1000)})
    with pytest.raises(DataError, match="more than 1,000 members"):
        load_data(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_in_an_archive_are_no_files(surroundings: Path, kind: bytes) -> None:
    files = called(str)
    del files[LABELS]
    with pytest.raises(DataError, match=f"{LABELS} is missing"):
        load_data(tarred(surroundings / "a.tar", files, link(LABELS, kind)))


def test_a_link_in_a_zip_is_no_file(surroundings: Path) -> None:
    files = called(str)
    del files[LABELS]
    path = zipped(surroundings / "a.zip", files)
    with zipfile.ZipFile(path, "a") as archive:
        member = zipfile.ZipInfo(LABELS)
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(DataError, match=f"{LABELS} is missing"):
        load_data(path)


@pytest.mark.parametrize(("name", "pack"), [("a.zip", zipped), ("a.tar.gz", tarred)])
def test_an_archive_that_is_a_bomb_is_refused(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, name: str, pack: Callable[..., Path]
) -> None:
    for module in ("files.packed", "data.tar_stream"):
        monkeypatch.setattr(f"kerasnn.{module}.UNPACKED", 1 << 16)
    zeros = idx_bytes(np.zeros((203, 60, 60), np.uint8))
    path = pack(surroundings / name, called(str) | {IMAGES: zeros})
    with pytest.raises(DataError, match="more than 20 times its size"):
        load_data(path)


def test_no_more_is_read_from_a_tar_than_is_needed(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tarred(surroundings / "a.tar", called(str))
    taken: list[bytes] = []
    read = tarfile.ExFileObject.read

    def counted(self: tarfile.ExFileObject, size: int = -1) -> bytes:
        taken.append(read(self, size))
        return taken[-1]

    monkeypatch.setattr(tarfile.ExFileObject, "read", counted)
    assert idx_files.recognise(path)
    assert not taken
    monkeypatch.setattr("kerasnn.data.entries.LARGEST", sum(map(len, contents())) - 1)
    with pytest.raises(DataError, match=r"a\.tar is not a readable archive: its files are larger than"):
        load_data(path)
    assert len(taken) == 3


def test_a_link_to_a_folder_above_ends(surroundings: Path, digest: str) -> None:
    folder = save(surroundings / "data", called("raw/{}".format))
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert load_data(folder).info.sha256 == digest


def test_a_damaged_archive_is_named(surroundings: Path) -> None:
    path = zipped(surroundings / "a.zip", called(str))
    content = bytearray(path.read_bytes())
    content[200:300] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.zip"):
        load_data(path)
