"""Fashion-MNIST: find, check, read and download its four files.

Copyright Zalando SE, 2017, MIT licence. Source: github.com/zalandoresearch/fashion-mnist.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import RawDataset
from kerasnn.data.idx import FOUR_FILES, LEARNING, TEST, IdxFile, read_idx, read_idx_once, read_part
from kerasnn.errors import DataError, UsageError
from kerasnn.files.atomic import is_replaceable
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.lecture import classes
from kerasnn.records import DataCheck, DataFile, Listener, ignore, show_in_notebook
from kerasnn.records.data import FASHION_MNIST

FOLDER_VARIABLE: Final = "KERASNN_DATA_DIR"
MIRROR_VARIABLE: Final = "KERASNN_MIRROR"
MIRROR: Final = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

PACKED_SHA256: Final[Mapping[IdxFile, str]] = {  # of the .gz files
    LEARNING[0]: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    LEARNING[1]: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    TEST[0]: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    TEST[1]: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
PLAIN_SHA256: Final[Mapping[IdxFile, str]] = {  # of their content
    LEARNING[0]: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    LEARNING[1]: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    TEST[0]: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    TEST[1]: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def keras_cache(name: str = FASHION_MNIST) -> Path:
    """Return the folder in which `keras.datasets` caches the files of the data set `name`."""
    home = os.environ.get("KERAS_HOME")
    return (expanded(home) if home else expanded("~") / ".keras") / "datasets" / name


def named_folder(data_dir: Path | None) -> Path | None:
    """Return the folder that the user named with `--data-dir` or KERASNN_DATA_DIR, or None."""
    if data_dir is not None:
        return data_dir
    variable = os.environ.get(FOLDER_VARIABLE)
    return expanded(variable) if variable else None


def check(folder: Path) -> DataCheck:
    """Compare each of the four files in `folder` with its published digest."""
    files = tuple(check_file(file, folder) for file in FOUR_FILES)
    return DataCheck(str(folder), all(file.state == "good" for file in files), files)


def check_file(file: IdxFile, folder: Path) -> DataFile:
    """Compare one of the files in `folder`, packed or not, with its published digest."""
    reason = _("neither the .gz nor the unpacked file is there")
    try:
        path = file.find(folder)
    except OSError as error:  # nobody may look into the folder, such as another user's home
        path, reason = None, _("cannot be read: {strerror}", strerror=error.strerror)
    if path is None:
        name = f"{file.name}.gz"
        return DataFile(name, str(folder / name), "missing", reason)
    expected = (PACKED_SHA256 if path.suffix == ".gz" else PLAIN_SHA256)[file]
    try:
        with path.open("rb") as stream:
            found = file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return DataFile(path.name, str(path), "corrupt", _("cannot be read: {strerror}", strerror=error.strerror))
    if found != expected:
        detail = _(
            "sha256 {found}..., published {expected}...; {size:,} bytes",
            found=found[:12],
            expected=expected[:12],
            size=path.stat().st_size,
        )
        return DataFile(path.name, str(path), "corrupt", detail)
    return DataFile(path.name, str(path), "good", _("sha256 as published"))


def read(folder: Path) -> RawDataset:
    """Read the data set in `folder`.

    Raises: DataError if one of the four files is missing or differs from the published one.
    """
    refuse_changed(folder, *FOUR_FILES)
    return RawDataset(
        name=FASHION_MNIST,
        location=str(folder),
        learning=read_part(folder, LEARNING, _cached(LEARNING)),
        test=read_part(folder, TEST, _cached(TEST)),
        classes=classes.ENGLISH,
    )


def refuse_changed(folder: Path, *files: IdxFile) -> None:
    """Raise DataError if one of `files` is missing in `folder` or differs from the published one."""
    for file in (check_file(each, folder) for each in files):
        if file.state != "good":
            raise DataError(
                _("{path} is {state}: {detail}", path=file.path, state=file.state, detail=file.detail),
                expected=_("the four files of Fashion-MNIST as published"),
                hint=_("kerasnn data get --data-dir '{folder}' fetches what is missing or damaged", folder=folder),
            )


def _cached(files: tuple[IdxFile, IdxFile]) -> "partial[NDArray[np.uint8]]":
    # unpacking takes a quarter of a second, so it is done only the first time
    return partial(read_idx_once, folder=keras_cache() / "unpacked", digest=PLAIN_SHA256[files[0]])


def fetch_data(data_dir: str | Path | None = None, *, listener: Listener = show_in_notebook) -> DataCheck:
    """Download missing or damaged files of Fashion-MNIST to `data_dir` (default: Keras' cache), and check all four.

    Raises: DataError if a download fails; EnvironmentFault if the folder cannot be written; UsageError if it holds
    another data set in files of the same names, such as MNIST.
    """
    folder = expanded(data_dir) if data_dir is not None else keras_cache()
    for file, checked in zip(FOUR_FILES, check(folder).files, strict=True):
        if checked.state != "good":
            _refuse_to_replace(folder / f"{file.name}.gz", file)
    fetch(folder, listener)
    return check(folder)


def _refuse_to_replace(path: Path, file: IdxFile) -> None:
    elsewhere = _("name another folder with --data-dir")
    if not is_replaceable(path):
        raise UsageError(
            _("{path} is a folder, a link or a device, which kerasnn does not replace", path=path), hint=elsewhere
        )
    if not os.path.lexists(path):
        return
    with suppress(DataError):  # damaged: a download that was cut short
        read_idx(path, dimensions=file.dimensions)
        raise UsageError(
            _("{path} is there already, and is not overwritten", path=path),
            expected=_("Fashion-MNIST, or a folder without files of these names: this one is of another data set"),
            hint=elsewhere,
        )


def verify_data(data_dir: str | Path | None = None) -> DataCheck:
    """Compare the four files of Fashion-MNIST, in the folder they are loaded from, with their published digests."""
    return check(named_folder(expanded(data_dir) if data_dir is not None else None) or keras_cache())


def fetch(folder: Path, listener: Listener = ignore) -> list[Path]:
    """Download missing or damaged files to `folder`; return their paths.

    If several processes do so at once, one downloads and the others wait. Raises: DataError if the server cannot be
    reached, or sends something else; EnvironmentFault if `folder` cannot be written.
    """
    from kerasnn.data.download import Origin, alone, download  # pooch and requests take 0.3 s to import

    origin = Origin(os.environ.get(MIRROR_VARIABLE) or MIRROR)
    fetched = []
    with alone(folder, listener):
        for file, checked in zip(FOUR_FILES, check(folder).files, strict=True):  # while waiting, they may have arrived
            if checked.state != "good":
                name = f"{file.name}.gz"
                fetched.append(download(origin, name, PACKED_SHA256[file], folder=folder, listener=listener))
    return fetched


def find(data_dir: Path | None = None, listener: Listener = ignore) -> RawDataset:
    """Read Fashion-MNIST from the folder that the user named, else from Keras' cache, after a download if necessary.

    Raises: DataError if the named folder lacks it, or a download fails; EnvironmentFault if the cache is not writable.
    """
    folder = named_folder(data_dir)
    if folder is not None:
        return read(folder)
    cache = keras_cache()
    if not check(cache).good:
        fetch(cache, listener)
    return read(cache)
