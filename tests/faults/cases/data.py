"""Damaged data files: each is refused before training, by name, with code 3 and a hint how to repair it."""

import contextlib
import gzip
import io
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from kerasnn.cli.app import main
from kerasnn.data import fashion_mnist
from kerasnn.data.idx import FOUR_FILES
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from tests.conftest import save_npz, tiny_source
from tests.data.test_idx import idx_bytes
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.mutate import mutate
from tests.faults.wrong_data import WRONG, Spoil

MOST_SECONDS = 3.0  # of the processor: the machine may be busy with other things


def save_idx(folder: Path, *, packed: bool) -> Path:
    """The tiny data set as four IDX files with a classes.txt."""
    folder.mkdir(parents=True)
    source = tiny_source()
    arrays: tuple[NDArray[Any], ...] = (
        source.learning.images,
        source.learning.labels,
        source.test.images,
        source.test.labels,
    )
    for file, array in zip(FOUR_FILES, arrays, strict=True):
        content = idx_bytes(array.astype(np.uint8))
        name = f"{file.name}.gz" if packed else file.name
        (folder / name).write_bytes(gzip.compress(content, mtime=0) if packed else content)
    (folder / "classes.txt").write_text("\n".join(source.classes) + "\n", encoding="utf-8")
    return folder


def refused(words: list[str], name: str, runs: Path) -> None:
    """`kerasnn train` with `words` ends with code 3 in time, names the file and what to do, and makes no run."""
    said = io.StringIO()
    began = time.process_time()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = main(["train", "--stage", "softmax", "--epochs", "1", *words, "--out", str(runs)])
    seconds, text = time.process_time() - began, said.getvalue()
    if code != 3:
        raise Lost(f"code {code} instead of 3: {text[-300:]}")
    if seconds > MOST_SECONDS:
        raise Lost(f"refused only after {seconds:.1f} s")
    if name not in text or "next:" not in text:
        raise Lost(f"neither the file nor what to do is named: {text[-300:]}")
    if runs.exists():
        raise Lost("a run folder was made")


Excuse = Callable[[bytes, bytes], bool]  # whether a damage, good bytes to bad, is one that nobody could see


def _mutated(place: Path, content: bytes, dataset: Path, digest: str, excuse: Excuse) -> None:
    """`content` in the file `place` of the data set is refused, or means exactly what was there before."""
    good = place.read_bytes()
    place.write_bytes(content)
    try:
        try:
            loaded = load_data(dataset)
        except DataError:
            refused(["--dataset", str(dataset)], place.name, dataset.parent / "runs")
        else:
            if loaded.info.sha256 != digest and not excuse(good, content):
                raise Lost("taken for good with other content")
    finally:
        place.write_bytes(good)


def _none(good: bytes, bad: bytes) -> bool:
    return False


def _only_pixels(good: bytes, bad: bytes) -> bool:
    """An unpacked IDX file has no checksum: other pixels are other pictures."""
    return len(bad) == len(good) and bad[:16] == good[:16]


def _trials(plan: Plan, dataset: Path, place: Path, excuse: Excuse = _none) -> Iterator[Trial]:
    random, good, digest = Random(plan.seed), place.read_bytes(), load_data(dataset).info.sha256
    for number in range(plan.count):
        content = mutate(good, random)
        run = partial(_mutated, place, content, dataset, digest, excuse)
        yield Trial(f"mutation {number} of {place.name}", run)


@case("images, packed", goal="refused in 3 s, code 3, or nothing changed", full=200, quick=15)
def packed_images(plan: Plan) -> Iterator[Trial]:
    folder = save_idx(plan.folder / "data", packed=True)
    yield from _trials(plan, folder, folder / "train-images-idx3-ubyte.gz")


@case("labels, packed", goal="refused in 3 s, code 3, or nothing changed", full=200, quick=15)
def packed_labels(plan: Plan) -> Iterator[Trial]:
    folder = save_idx(plan.folder / "data", packed=True)
    yield from _trials(plan, folder, folder / "t10k-labels-idx1-ubyte.gz")


@case("images, not packed", goal="refused in 3 s, code 3, or only pixels changed", full=200, quick=15)
def plain_images(plan: Plan) -> Iterator[Trial]:
    folder = save_idx(plan.folder / "data", packed=False)
    yield from _trials(plan, folder, folder / "train-images-idx3-ubyte", _only_pixels)


@case("class names", goal="refused in 3 s, code 3, or still three names", full=200, quick=15)
def class_names(plan: Plan) -> Iterator[Trial]:
    folder = save_idx(plan.folder / "data", packed=True)
    yield from _trials(plan, folder, folder / "classes.txt")


@case("npz", goal="refused in 3 s, code 3, or nothing changed", full=200, quick=15)
def npz(plan: Plan) -> Iterator[Trial]:
    folder = plan.folder / "data"
    folder.mkdir()
    path = save_npz(folder / "stripes.npz")
    yield from _trials(plan, path, path)


@case("IDX archives", goal="refused in 3 s, code 3, or nothing changed", full=200, quick=15)
def archives(plan: Plan) -> Iterator[Trial]:
    folder = save_idx(plan.folder / "data", packed=True)
    for number, (name, form) in enumerate((("data.zip", "zip"), ("data.tar.gz", "gztar"), ("data.tar", "tar"))):
        path = Path(shutil.make_archive(str(plan.folder / "data"), form, folder))
        assert path.name == name
        count = len(range(number, plan.count, 3))
        yield from _trials(replace(plan, count=count, seed=plan.seed + number), path, path, _only_pixels)


@case("Fashion-MNIST", goal="refused in 3 s, code 3", full=200, quick=15)
def published(plan: Plan) -> Iterator[Trial]:
    """The digests of the small files made here stand in for the published ones."""
    folder = save_idx(plan.folder / "data", packed=True)
    digests = {file: sha256((folder / f"{file.name}.gz").read_bytes()).hexdigest() for file in FOUR_FILES}
    random = Random(plan.seed)
    with mock.patch.dict(fashion_mnist.PACKED_SHA256, digests):
        for number in range(plan.count):
            place = folder / f"{random.choice(FOUR_FILES).name}.gz"
            content = mutate(place.read_bytes(), random)
            yield Trial(f"mutation {number} of {place.name}", partial(_published, place, content, folder))


def _published(place: Path, content: bytes, folder: Path) -> None:
    good = place.read_bytes()
    place.write_bytes(content)
    try:
        refused(["--data-dir", str(folder)], place.name, folder.parent / "runs")
    finally:
        place.write_bytes(good)


@case("wrong data files", goal="refused in 3 s, code 3", full=len(WRONG), quick=len(WRONG), most=len(WRONG))
def wrong_files(plan: Plan) -> Iterator[Trial]:
    for number, (name, (file, spoil)) in enumerate(list(WRONG.items())[: plan.count]):
        yield Trial(name, partial(_spoilt, plan.folder / str(number), file, spoil))


def _spoilt(folder: Path, file: str, spoil: Spoil) -> None:
    idx = save_idx(folder / "data", packed=True)
    archive = save_npz(folder / "stripes.npz")
    spoil(archive if file == "stripes.npz" else idx)
    dataset = archive if file == "stripes.npz" else idx
    refused(["--dataset", str(dataset)], file, folder / "runs")
