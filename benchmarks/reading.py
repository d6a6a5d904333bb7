"""Read 60,000 images as people bring them, each in a fresh process, the first time and again: seconds, peak memory."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from PIL import Image
from rich.table import Table

from benchmarks.tables import table_of
from kerasnn.lecture import classes

AT_REST: Final = 3  # seconds, after which kerasnn keeps what it reads
# Linux alone tells the peak of a process that goes on, and which processes it has started
LOAD: Final = """
import glob, sys, threading, time
from contextlib import suppress

def peak(process):
    with suppress(OSError), open(f"/proc/{process}/status") as status:
        return sum(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    return 0

def watch():
    global helpers
    while not done.wait(0.05):
        found = []
        for name in glob.glob("/proc/self/task/*/children"):
            with suppress(OSError), open(name) as file:
                found += file.read().split()
        helpers = max(helpers, sum(map(peak, found)))

helpers, done = 0, threading.Event()
threading.Thread(target=watch, daemon=True).start()
import kerasnn
began = time.perf_counter()
data = kerasnn.load_data(sys.argv[1], listener=lambda event: None)
seconds = time.perf_counter() - began
assert data.info.train + data.info.validation + data.info.test == int(sys.argv[2])
print(seconds, peak("self"), helpers)
"""


def reading(data: Path, rounds: int) -> Table:
    """Return the table for the images in the folder `data`, as `benchmarks.data.write_data` puts them there."""
    if sys.platform != "linux":
        sys.exit("the part 'data' needs Linux")
    load = os.getloadavg()[0]
    images, labels = np.load(data / "images.npy"), np.load(data / "labels.npy")
    table = table_of(f"Reading {len(images):,} images, load {load:.1f} at the start: medians of {rounds} rounds")
    for name in ("", "MB on disk", "first time, s", "MB", "and its helpers", "again, s", "MB", "and its helpers"):
        table.add_column(name, justify="right" if name else "left")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, write in FORMS.items():
            path = folder / write(folder, images, labels)
            size = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
            time.sleep(AT_REST)
            twice = [_twice(path, len(images)) for _round in range(rounds)]
            found = (map(median, zip(*each, strict=True)) for each in zip(*twice, strict=True))
            cells = ((f"{seconds:,.1f}", f"{own:,.0f}", f"{helpers:,.0f}") for seconds, own, helpers in found)
            table.add_row(name, f"{size / 1e6:,.0f}", *chain(*cells))
    return table


def _twice(path: Path, count: int) -> tuple[list[float], list[float]]:
    """Return seconds and peaks in MB of two processes, of which the second finds what the first has kept."""
    with tempfile.TemporaryDirectory() as home:
        first, again = (_load(path, count, home) for _time in range(2))
    return first, again


def _load(path: Path, count: int, home: str) -> list[float]:
    command = [sys.executable, "-c", LOAD, str(path), str(count)]
    done = subprocess.run(
        command, env={**os.environ, "KERAS_HOME": f"{home}/keras"}, stdout=subprocess.PIPE, check=True, cwd=home
    )
    return [float(word) for word in done.stdout.split()]


def _pictures(folder: Path, images: Any, labels: Any) -> str:
    names = [name.replace("/", "-") for name in classes.ENGLISH]
    for name in names:
        (folder / "pictures" / name).mkdir(parents=True)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        file = folder / "pictures" / names[label] / f"{number:05}.png"
        file.write_bytes(_png(image))
    return "pictures"


def _png(image: Any) -> bytes:
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _packed(form: str) -> Callable[[Path, Any, Any], str]:
    def write(folder: Path, images: Any, labels: Any) -> str:
        made = shutil.make_archive(str(folder / "pictures"), form, folder, "pictures")
        return Path(made).name

    return write


def _table(folder: Path, images: Any, labels: Any) -> str:
    with (folder / "train.csv").open("w") as file:
        file.write(",".join(["label", *(f"pixel{number}" for number in range(images[0].size))]) + "\n")
        for image, label in zip(images, labels.tolist(), strict=True):
            file.write(",".join(map(str, [label, *image.reshape(-1).tolist()])) + "\n")
    return "train.csv"


def _parquet(folder: Path, images: Any, labels: Any) -> str:
    import pyarrow as pa
    from pyarrow import parquet

    pictures = [{"bytes": _png(image), "path": None} for image in images]
    parquet.write_table(pa.table({"image": pictures, "label": labels}), folder / "train.parquet")
    return "train.parquet"


FORMS: Final[Mapping[str, Callable[[Path, Any, Any], str]]] = {  # each written into one folder, the first before others
    "a folder of PNG files": _pictures,
    "a zip of it": _packed("zip"),
    "a tar.gz of it": _packed("gztar"),
    "CSV": _table,
    **({"Parquet": _parquet} if find_spec("pyarrow") else {}),
}
