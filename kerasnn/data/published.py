"""MNIST, Kuzushiji-MNIST and the letters of EMNIST, known by name: found, checked, downloaded and read.

The digests are those of keras.datasets, of torchvision's prototype datasets, and of TensorFlow Datasets.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import RawDataset
from kerasnn.data.emnist import LETTERS
from kerasnn.data.fashion_mnist import FOLDER_VARIABLE, MIRROR_VARIABLE, keras_cache
from kerasnn.data.formats import Asked, find_format
from kerasnn.data.user_data import as_raw
from kerasnn.errors import DataError
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.records import Listener, Note
from kerasnn.records.codes import Code
from kerasnn.records.data import PUBLISHED, DatasetInfo


@dataclass(frozen=True)
class Published:
    """A data set. `files`: their sha256, by name. `address`: of their folder. `cache`: of Keras' cache.

    `prefix`: of the files' names, where they lie among others. `most`: bytes of a file.
    """

    title: str
    address: str
    files: Mapping[str, str]
    cache: str
    classes: tuple[str, ...]
    prefix: str | None = None
    most: int = 64 << 20


MNIST: Final = Published(
    "MNIST",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    {"mnist.npz": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"},
    cache="",
    classes=tuple("0123456789"),
)
KUZUSHIJI: Final = Published(
    "Kuzushiji-MNIST",
    "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    {
        "train-images-idx3-ubyte.gz": "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        "train-labels-idx1-ubyte.gz": "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        "t10k-images-idx3-ubyte.gz": "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        "t10k-labels-idx1-ubyte.gz": "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
    },
    cache="kmnist",
    classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
)
EMNIST: Final = Published(
    "EMNIST",
    "https://biometrics.nist.gov/cs_links/EMNIST/",
    {"gzip.zip": "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"},
    cache="emnist",
    classes=LETTERS,
    prefix="emnist-letters",
    most=600 << 20,
)
DATA_SETS: Final = dict(zip(PUBLISHED, (MNIST, KUZUSHIJI, EMNIST), strict=True))


def find(name: str, data_dir: Path | None, listener: Listener) -> RawDataset:
    """Read the data set `name` from the user's folder, else from Keras' cache, after a download if necessary.

    A folder of the user's may hold it in any form; a note tells if its files are not those published.

    Raises: DataError if the folder lacks it, it is damaged, or a download fails; EnvironmentFault if the cache is not
    writable.
    """
    known = DATA_SETS[name]
    folder = _users_folder(name, data_dir)
    if folder is None:
        folder = keras_cache(known.cache)
        _fetch(known, folder, listener)
    only = folder / next(iter(known.files))
    place = only if len(known.files) == 1 and only.is_file() else folder
    form = find_format(place)
    if form is None:
        raise _not_there(known, folder)
    contents = form.reader.read(place, Asked(prefix=known.prefix, listener=listener))
    raw = as_raw(replace(contents, names=contents.names or known.classes), place, form.name)
    notes = () if not _missing(known, folder) else (Note(Code.NOT_AS_PUBLISHED, {"name": known.title}),)
    return replace(raw, name=name, by_name=True, conversions=raw.conversions + notes)


def refuse_another(info: DatasetInfo) -> None:
    """Raise DataError if these are Fashion-MNIST's images, whose files are called like MNIST's."""
    if info.is_fashion_mnist:
        raise DataError(
            _("{place} holds Fashion-MNIST, not {name}", place=info.location, name=info.name),
            expected=_("the files of {name}", name=info.name),
            hint=_("name another folder with --data-dir, or take --dataset fashion-mnist"),
        )


def _users_folder(name: str, data_dir: Path | None) -> Path | None:
    """Return the folder that the user named, or the one for `name` in it; None if there is none in KERASNN_DATA_DIR."""
    if data_dir is not None:
        return data_dir / name if (data_dir / name).is_dir() else data_dir
    variable = os.environ.get(FOLDER_VARIABLE)
    if not variable:
        return None
    folder = expanded(variable)
    if (folder / name).is_dir():
        return folder / name
    return None if _missing(DATA_SETS[name], folder) else folder  # files of the same names may be Fashion-MNIST's


def _missing(known: Published, folder: Path) -> list[str]:
    """Return the names of the files that `folder` lacks, or that differ from the published ones."""
    return [name for name, sha256 in known.files.items() if not _is_good(folder / name, sha256)]


def _is_good(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _fetch(known: Published, folder: Path, listener: Listener) -> None:
    """Download what `folder` lacks; of several processes, one downloads while the others wait."""
    if not _missing(known, folder):
        return
    from kerasnn.data.download import Origin, alone, download  # pooch and requests take 0.3 s to import

    mirror = os.environ.get(MIRROR_VARIABLE)  # Kuzushiji-MNIST's files are called like those of Fashion-MNIST there
    address = f"{mirror.rstrip('/')}/{known.cache}" if mirror else known.address
    origin = Origin(address, _where_to_put(known, folder), known.most)
    with alone(folder, listener):
        for name in _missing(known, folder):  # while waiting, they may have arrived
            download(origin, name, known.files[name], folder=folder, listener=listener)


def _where_to_put(known: Published, folder: Path) -> str:
    return _(
        "download {files} from {address} to {folder}, or name another folder with --data-dir",
        files=", ".join(known.files),
        address=known.address,
        folder=folder,
    )


def _not_there(known: Published, folder: Path) -> DataError:
    return DataError(
        _("{folder} does not hold {name}", folder=folder, name=known.title),
        expected=_("its files as published, or in any form that kerasnn reads"),
        hint=_where_to_put(known, folder),
    )
