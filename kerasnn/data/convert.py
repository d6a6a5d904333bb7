"""Write a data set, in whatever form it came, as one `.npz` file or as a folder of IDX files."""

import gzip
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data import idx, user_data
from kerasnn.data.dataset import Dataset, Part, digest, unsplit
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import CheckFailed, UsageError
from kerasnn.files.atomic import check_place, replacing_all
from kerasnn.files.owned import check_replaceable
from kerasnn.files.packed import is_bomb
from kerasnn.files.paths import expanded
from kerasnn.language import _
from kerasnn.records import DataConversion, Listener, show_in_notebook

NPZ: Final = "npz"
IDX: Final = "idx"


def convert_data(
    dataset: str | Path | Dataset = AUTO,
    path: str | Path | None = None,
    *,
    to: str | None = None,
    data_dir: str | Path | None = None,
    force: bool = False,
    listener: Listener = show_in_notebook,
) -> DataConversion:
    """Write `dataset` to `path`, and read it back before it gets that name: whole, or not at all.

    `dataset`, `data_dir`: as in `load_data`. `to`: `npz`, one file with x_train, y_train, x_test, y_test and
    class_names, or `idx`, a folder of four IDX files and classes.txt; by default what `path` looks like. Images are
    uint8 of shape (n, rows, columns). The validation images are among the training images, in their order before the
    split, so that the same images are split off when the file is read. `path`: by default one in the working folder,
    called like the data set. `force`: replace a file that is there.

    Raises: DataError, UsageError, EnvironmentFault.
    """
    data_format, target = target_of(dataset, path, to)
    check_target(target, data_format, force=force)
    check_place(target, hint=_("name another place with {flag}", flag="--out"))
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    _check_names(target, data_format, data.info.classes)
    with replacing_all(target) as draft:
        WRITERS[data_format](draft, unsplit(data), data.test, _given_names(data.info.classes))
        written = user_data.read(draft)
        if (digest(written), written.classes) != (data.info.sha256, data.info.classes):
            raise CheckFailed(
                _("{path} would not hold the same images, labels and classes as {source}", path=target, source=dataset),
                hint=_("this is a bug in kerasnn: please report it"),
            )
    files = [target] if target.is_file() else sorted(target.iterdir())
    return DataConversion(data.info, str(target), data_format, sum(each.stat().st_size for each in files))


def target_of(dataset: str | Path | Dataset, path: str | Path | None, to: str | None) -> tuple[str, Path]:
    """Return the format and the path to write.

    Raises: UsageError if `path` is empty, `to` is no format, or neither says which one to write.
    """
    if path is not None and not str(path):
        raise UsageError(
            _("the name of the file to write is empty"), hint=_("kerasnn data convert my-pictures my-pictures.npz")
        )
    if to not in (None, *WRITERS):
        raise UsageError(_("'{to}' is not a format that kerasnn writes", to=to), expected=_("npz or idx"))
    if path is None:
        stem = dataset.info.name if isinstance(dataset, Dataset) else Path(dataset).absolute().name.split(".")[0]
        return (IDX, Path(f"{stem}-idx")) if to == IDX else (NPZ, Path(f"{stem}.npz"))
    path = expanded(path)
    if not path.name:  # such as .
        path = path.absolute()
    looks_like = NPZ if path.suffix == ".npz" else IDX
    if to is None and looks_like == IDX and path.suffix and not path.is_dir():
        raise UsageError(
            _("{path} looks like neither an .npz file nor a folder", path=path),
            expected=_("npz or idx"),
            hint=_("add --to npz or --to idx, or name a file that ends in .npz"),
        )
    if to == NPZ and looks_like == IDX:
        path = path.with_name(f"{path.name}.npz")  # as numpy.savez does
    elif to == IDX and looks_like == NPZ:
        raise UsageError(
            _("{path} is the name of an .npz file, and IDX data are a folder", path=path),
            hint=_("name a folder, or leave out --to"),
        )
    return to or looks_like, path


def check_target(path: Path, data_format: str, *, force: bool) -> None:
    """Raise UsageError if something is at `path` that is not replaced, such as a folder that is not empty."""
    if data_format == NPZ:
        check_replaceable(path, force=force, hint=_("name another file, or add --force to replace it"))
    elif not path.is_dir() or path.is_symlink():
        check_replaceable(path, force=False, hint=_("name a folder that is new or empty"))
    elif any(path.iterdir()):
        raise UsageError(
            _("{path} is there already, and is not overwritten", path=path),
            hint=_("name a folder that is new or empty"),
        )


def _check_names(path: Path, data_format: str, classes: tuple[str, ...]) -> None:
    """Raise UsageError if a `classes.txt` beside an `.npz` file, which readers take first, names other classes."""
    beside = path.parent / user_data.NAMES_FILE
    if data_format == NPZ and beside.exists() and user_data.read_class_names(beside) != classes:
        raise UsageError(
            _("{beside} would give the images of {path} other classes", beside=beside, path=path),
            hint=_("write the file into another folder"),
        )


def _given_names(classes: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the names of the classes; None if kerasnn only numbered them, as it would again."""
    return None if classes == user_data.numbered(len(classes)) else classes


def _write_npz(path: Path, learning: Part, test: Part, names: tuple[str, ...] | None) -> None:
    # not compressed: the arrays can be mapped, and images of few values are no bomb
    named: dict[str, Any] = {} if names is None else {"class_names": np.array(names)}
    with path.open("wb") as file:
        np.savez(
            file, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels, **named
        )


def _write_idx(path: Path, learning: Part, test: Part, names: tuple[str, ...] | None) -> None:
    path.mkdir()
    arrays: tuple[NDArray[Any], ...] = (learning.images, learning.labels, test.images, test.labels)
    for file, array in zip(idx.FOUR_FILES, arrays, strict=True):
        content = _as_idx(array)
        packed = gzip.compress(content, compresslevel=6, mtime=0)
        if is_bomb(len(packed), len(content)):  # few values: kerasnn itself would not unpack it
            (path / file.name).write_bytes(content)
        else:
            (path / f"{file.name}.gz").write_bytes(packed)
    if names is not None:
        (path / user_data.NAMES_FILE).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _as_idx(array: NDArray[Any]) -> bytes:
    if int(array.max()) > np.iinfo(np.uint8).max:
        raise UsageError(
            _("IDX files hold labels up to 255, and these go up to {label}", label=int(array.max())),
            hint=_("kerasnn data convert my-pictures my-pictures.npz"),
        )
    header = struct.pack(f">HBB{array.ndim}I", 0, idx.UNSIGNED_BYTE, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


WRITERS: Final[Mapping[str, Callable[[Path, Part, Part, tuple[str, ...] | None], None]]] = MappingProxyType(
    {NPZ: _write_npz, IDX: _write_idx}
)
