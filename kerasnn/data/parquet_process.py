"""The process in which pyarrow sees Parquet files: a line of JSON asks, and records as in `many_process` answer.

Without a shape it answers with one line of JSON: the numbers of images, their labels, the names of the classes, and
how the files hold them.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from kerasnn.data.many_process import record
from kerasnn.data.picture_process import SECONDS
from kerasnn.data.picture_reader import MEMORY
from kerasnn.errors import DataError
from kerasnn.files.limits import allow, limit
from kerasnn.files.packed import is_bomb
from kerasnn.files.untrusted import parse_json
from kerasnn.language import _, speaking

os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve addresses beyond the limit

import pyarrow as pa
from pyarrow import parquet

BATCH: Final = 64  # rows
MOST_ROWS: Final = 1_000_000
MOST_GROUPS: Final = 10_000
LARGEST_METADATA: Final = 1 << 20  # bytes of JSON
IMAGES: Final = ("image", "img", "images", "picture", "pixels")
LABELS: Final = ("label", "labels", "fine_label", "class", "target", "y")


def main() -> None:
    """Answer the one line of standard input."""
    Image.init()
    pa.set_cpu_count(1)
    limit(MEMORY)
    asked = json.loads(sys.stdin.buffer.readline())
    paths, out = [Path(path) for path in asked["paths"]], sys.stdout.buffer
    with speaking(asked["language"]):
        allow(SECONDS)
        if asked["shape"] is None:
            out.write(json.dumps(_look(paths)).encode())
            return
        shape, numbers = tuple(asked["shape"]), range(*asked["numbers"])
        for name, value in _images(paths, numbers):
            allow(SECONDS)
            out.write(_record(name, value, shape))
            out.flush()


def _opened(path: Path) -> Any:
    """Open a file, whose announced sizes are checked before anything is unpacked. Raises: DataError."""
    file = parquet.ParquetFile(path, thrift_string_size_limit=1 << 24, thrift_container_size_limit=1 << 20)
    data = file.metadata
    if data.num_rows > MOST_ROWS or data.num_row_groups > MOST_GROUPS:
        raise DataError(_("{path} declares {count:,} images", path=path, count=data.num_rows))
    unpacked = sum(data.row_group(number).total_byte_size for number in range(data.num_row_groups))
    if unpacked < 0 or is_bomb(path.stat().st_size, unpacked):
        raise DataError(_("{path} declares {size:,} bytes", path=path, size=unpacked))
    return file


def _column(file: Any, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in file.schema_arrow.names), None)


def _look(paths: list[Path]) -> dict[str, Any]:
    counts: list[int] = []
    labels: list[str] = []
    names: list[str] | None = None
    columns: set[tuple[str, ...]] = set()
    for path in paths:
        try:
            file = _opened(path)
            image, label = _column(file, IMAGES), _column(file, LABELS)
            if image is None or label is None:
                others = ", ".join(file.schema_arrow.names[:20])
                raise DataError(_("{path} has the columns {columns}", path=path, columns=others))
            for batch in file.iter_batches(BATCH, columns=[label], use_threads=False):
                allow(SECONDS)
                labels += ["" if value is None else str(value)[:201] for value in batch.column(0).to_pylist()]
            counts.append(len(labels) - sum(counts))
            names = names or _names(file, label)
            columns.add((image, label, _kind(file, image), _kind_of_labels(file, label)))
        except DataError as error:
            return {"error": error.message}
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
            return {"error": _("{path} is damaged: {reason}", path=path, reason=str(error).partition("\n")[0][:200])}
    return {"counts": counts, "labels": labels, "names": names, "columns": sorted(columns)}


def _kind(file: Any, image: str) -> str:
    """Return how a file holds its images: a `struct` with their bytes, these alone, or a `list` of grey values."""
    kind = file.schema_arrow.field(image).type
    return "struct" if pa.types.is_struct(kind) else "list" if pa.types.is_nested(kind) else "bytes"


def _kind_of_labels(file: Any, label: str) -> str:
    """Return what pyarrow makes of the labels: an `int`, a `str` or something `else`, such as True."""
    kind = file.schema_arrow.field(label).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return "int" if pa.types.is_integer(kind) else "str" if is_text else "else"


def _names(file: Any, label: str) -> list[str] | None:
    """Return the names of the classes that Hugging Face keeps beside the schema, if there are any."""
    kept = (file.schema_arrow.metadata or {}).get(b"huggingface", b"")
    try:
        features = parse_json(kept)["info"]["features"] if 0 < len(kept) < LARGEST_METADATA else {}
        names = features[label]["names"]
    except (ValueError, KeyError, TypeError):
        return None
    return [str(name) for name in names] if isinstance(names, list) and names else None


def _images(paths: list[Path], numbers: range) -> Iterator[tuple[Path, Any]]:
    """Yield the images with these `numbers`, counted through all files, and what to call them."""
    before = 0
    for path in paths:
        file, first = _opened(path), before
        for batch in file.iter_batches(BATCH, columns=[_column(file, IMAGES)], use_threads=False):
            allow(SECONDS)
            column = batch.column(0)
            for row in range(len(column)):
                if before + row in numbers:
                    yield Path(f"{path}, {before + row - first + 1}"), column[row]
            before += len(column)


def _record(name: Path, value: Any, shape: tuple[int, int]) -> bytes:
    """Return the record of an image: the bytes of a file, perhaps with its path, or a table of grey values."""
    found = value.as_py()
    found = found.get("bytes") if isinstance(found, dict) else found
    if isinstance(found, list):
        found = _as_file(found)
    content = found if isinstance(found, bytes) else b""
    return record(name, shape, lambda: content)


def _as_file(values: list[Any]) -> bytes:
    """Return rows of grey values as a file of the format PGM."""
    try:
        rows = np.array(values, np.uint8)
    except (ValueError, OverflowError, TypeError):
        return b""
    side = round(rows.size**0.5)
    rows = rows.reshape(side, side) if rows.ndim == 1 and side * side == rows.size else rows
    return b"P5 %d %d 255\n" % (rows.shape[1], rows.shape[0]) + rows.tobytes() if rows.ndim == 2 else b""
