"""The checks of `kerasnn doctor`: versions, device, speed, data, folders, and the remedy for each fault."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from timeit import repeat
from typing import Final

import numpy as np

from kerasnn.data import fashion_mnist
from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.backend import announce_import
from kerasnn.records import Checkup, Finding, Listener, Working, ignore
from kerasnn.runs import reference
from kerasnn.runs.environment import extras, versions

MATRIX: Final = 1024
REPEATS: Final = 5
ROOM_BYTES: Final = 500 << 20  # the data and some 200 runs


def check_up(out: str | Path = RUNS, *, data_dir: str | Path | None = None, listener: Listener = ignore) -> Checkup:
    """Check everything that a training needs. Loads TensorFlow and takes about five seconds.

    `out`: the folder of the runs. `data_dir`: as in `load_data`.
    """
    matrix = np.random.RandomState(42).random_sample((MATRIX, MATRIX)).astype(np.float32)
    listener(Working("checking"))
    packages = _packages()
    announce_import(listener)
    device = _device()
    listener(Working("checking"))
    findings = [
        *packages,
        device,
        Finding("NumPy", "good", _speed(lambda: np.matmul(matrix, matrix))),
        *_data(expanded(data_dir) if data_dir is not None else None),
        _folder(_("run folder"), expanded(out), fatal=True),
        _folder(_("Keras' cache"), fashion_mnist.keras_cache(), fatal=False),  # garments need no cache
        _reference_models(),
        *(_extra(name, present=present) for name, present in extras().items()),
    ]
    return Checkup(tuple(findings), healthy=not any(finding.fatal for finding in findings))


def _packages() -> list[Finding]:
    found = versions()
    text = ", ".join(f"{name} {number}" for name, number in found.items())
    missing = [
        Finding(name, "fault", _("is not installed"), "pip install kerasnn", fatal=name != "kerasnn")
        for name, number in found.items()
        if number == "not installed"
    ]
    return [Finding(_("versions"), "good", text), *missing]


def _device() -> Finding:
    """Return the device TensorFlow computes on, with the time of a matrix product there."""
    try:
        from kerasnn.networks.runtime import device, tf, threads
    except (EnvironmentFault, OSError, RuntimeError) as error:
        remedy = _("install kerasnn again in a new virtual environment")
        return Finding("TensorFlow", "fault", _("does not start: {error}", error=error), remedy, fatal=True)
    matrix = tf.random.stateless_uniform((MATRIX, MATRIX), seed=(4, 2))
    speed = _speed(lambda: tf.linalg.matmul(matrix, matrix).numpy())  # numpy() waits for a GPU to finish
    return Finding(
        "TensorFlow",
        "good",
        _("{device}, threads: {threads}; {speed}", device=device(), threads=threads(), speed=speed),
    )


def _speed(product: Callable[[], object]) -> str:
    seconds = min(repeat(product, number=1, repeat=REPEATS))  # the slower ones waited for other processes
    size = f"{MATRIX:,} x {MATRIX:,}"
    return _(
        "a product of two {size} matrices in {time:.1f} ms ({speed:.0f} GFLOP/s)",
        size=size,
        time=seconds * 1000,
        speed=2 * MATRIX**3 / seconds / 1e9,  # each term is a multiplication and an addition
    )


def _data(data_dir: Path | None) -> list[Finding]:
    named = fashion_mnist.named_folder(data_dir)  # a folder that was named has no stand-in
    if named is not None:
        return [_data_folder(_("Fashion-MNIST, the chosen folder"), named)]
    finding = _data_folder(_("Fashion-MNIST, Keras' cache"), fashion_mnist.keras_cache())
    stand_in = Finding("garments", "good", _("drawn by kerasnn if Fashion-MNIST is not available"))
    return [finding] if finding.state == "good" else [finding, stand_in]


def _data_folder(subject: str, folder: Path) -> Finding:
    check = fashion_mnist.check(folder)
    if check.good:
        return Finding(subject, "good", _("{folder}: all four files as published", folder=folder))
    bad = ", ".join(f"{file.name} {_(file.state)}" for file in check.files if file.state != "good")
    corrupt = any(file.state == "corrupt" for file in check.files)
    return Finding(subject, "fault" if corrupt else "note", f"{folder}: {bad}", "kerasnn data get")


def _folder(subject: str, folder: Path, *, fatal: bool) -> Finding:
    """Check that a file can be written in `folder`, or where it would be made, and that there is space."""
    try:
        # the folder may not exist yet, and a check must not make it
        place = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
        with tempfile.NamedTemporaryFile(dir=place, prefix=".kerasnn-"):
            room = shutil.disk_usage(place).free
    except OSError as error:
        remedy = _("choose another folder with --runs") if fatal else _("set KERAS_HOME to a folder you may write to")
        return Finding(
            subject,
            "fault",
            _("{folder} cannot be written: {strerror}", folder=folder, strerror=error.strerror),
            remedy,
            fatal,
        )
    detail = _("{folder} can be written, {room:.1f} GB free", folder=folder.absolute(), room=room / 1e9)
    if room < ROOM_BYTES:
        return Finding(subject, "note", detail, _("free some space: a run takes about 2 MB, the data 31 MB"))
    return Finding(subject, "good", detail)


def _reference_models() -> Finding:
    try:
        paths = [reference.model_path(stage.name) for stage in STAGES]
    except KerasnnError as error:
        return Finding(_("reference models"), "fault", error.message, error.hint)
    size = sum(path.stat().st_size for path in paths) / 1e6
    return Finding(
        _("reference models"),
        "good",
        _("{count} in {folder}, {size:.1f} MB", count=len(paths), folder=paths[0].parent, size=size),
    )


def _extra(name: str, *, present: bool) -> Finding:
    subject = _("extra '{name}'", name=name)
    if present:
        return Finding(subject, "good", _("installed"))
    return Finding(subject, "note", _("not installed"), _("if you need it: pip install 'kerasnn[{name}]'", name=name))
