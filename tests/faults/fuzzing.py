"""The kinds of input to mutate: for each, good inputs and the command that reads them."""

import atexit
import contextlib
import gzip
import io
import json
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from types import FrameType
from typing import Any, Final
from unicodedata import category
from unittest import mock

import numpy as np
from PIL import Image

from kerasnn.cli.app import main
from kerasnn.data.idx import FOUR_FILES
from kerasnn.records import Run
from kerasnn.records.serialize import restore
from kerasnn.runs import reference
from kerasnn.runs.folder import LOCK, write_record
from kerasnn.runs.history import write_history
from tests.conftest import save_npz
from tests.faults import hostile_models
from tests.faults.cases.data import save_idx
from tests.faults.frame import Lost
from tests.faults.mutate import mutate
from tests.faults.mutate_json import mutate_json

Mutator = Callable[[bytes, Random], bytes]
MOST_SECONDS: Final = 10.0
LONGEST_WAIT: Final = 120.0
LONGEST_SHRINKING: Final = 20.0
GOOD_ENDS: Final = frozenset({0, 2, 3, 5, 6})
SMALL: Final = "small.keras"
ERROR: Final = ("Error", "오류")


@dataclass(frozen=True)
class Kind:
    """`file`: the name, in a folder that `lay_out` made, of what is mutated. `words`: the command that reads it.

    `prepare`: puts the good file there where `lay_out` does not. `ends`: the codes that are fine. `keeps`: where the
    command may write, where it does not fail.
    """

    name: str
    file: str
    words: tuple[str, ...]
    mutator: Mutator = mutate
    prepare: Callable[[Path], None] = lambda folder: None
    ends: frozenset[int] = GOOD_ENDS
    keeps: str | None = None

    @property
    def slug(self) -> str:
        return self.name.replace(",", "").replace(" ", "_")


def small_model() -> bytes:
    """A model of 36 inputs and 3 classes, made without Keras from the parts of a reference model."""
    parts = hostile_models.members()
    config = json.loads(parts[hostile_models.CONFIG])
    layers = config["config"]["layers"]
    layers[0]["config"]["batch_shape"] = [None, 6, 6]
    for number, units, inputs in ((2, 5, 36), (4, 3, 5)):
        layers[number]["config"]["units"] = units
        layers[number]["build_config"]["input_shape"] = [None, inputs]
    layers[1]["build_config"]["input_shape"] = [None, 6, 6]
    random = np.random.RandomState(0)
    arrays = {"layers/dense/vars/0": (36, 5), "layers/dense/vars/1": (5,)}
    arrays |= {"layers/dense_1/vars/0": (5, 3), "layers/dense_1/vars/1": (3,)}
    weights = hostile_models.hdf5({place: random.rand(*shape).astype("f4") for place, shape in arrays.items()})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(hostile_models.METADATA, parts[hostile_models.METADATA])
        archive.writestr(hostile_models.CONFIG, json.dumps(config))
        archive.writestr(hostile_models.WEIGHTS, weights)
    return content.getvalue()


def within(member: str, mutator: Mutator) -> Mutator:
    """Mutate one member of a zip, and write the zip anew, with checksums that agree."""

    def change(content: bytes, random: Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[member] = mutator(parts[member], random)
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return result.getvalue()

    return change


def of_array(mutator: Mutator) -> Mutator:
    """Mutate the text that an array of bytes holds, and write the array anew."""

    def change(content: bytes, random: Random) -> bytes:
        result = io.BytesIO()
        np.save(result, np.frombuffer(mutator(np.load(io.BytesIO(content)).tobytes(), random), np.uint8))
        return result.getvalue()

    return change


def repacked(content: bytes, random: Random) -> bytes:
    """Mutate what a gzip holds, and pack it anew."""
    return gzip.compress(mutate(gzip.decompress(content), random), mtime=0)


PREDICT: Final = ("predict", SMALL, "picture.png", "--json")
SHOW_FOLDER: Final = ("data", "show", "--dataset", "idx")
SHOW_PLAIN: Final = ("data", "show", "--dataset", "plain")
SHOW_NPZ: Final = ("data", "show", "--dataset", "stripes.npz")
OF_RUN: Final = ("predict", "run-1", "picture.png", "--out", "runs")
VERIFY_RUN: Final = ("verify", "run-1", "--out", "runs")
EXPLAIN: Final = ("explain", "--model", "run-1", "--out", "runs")
CODE: Final = ("code", "run-1", "--runs", "runs", "--framework")
SHOW_RUN: Final = ("runs", "show", "run-1", "--out", "runs")

RESUMABLE: Final = "kept"
RESUME: Final = ("train", "--resume", RESUMABLE, "--more-epochs", "1", "--out", "resumable", "-q")
OF_STATE: Final = f"resumable/{RESUMABLE}/state.npz"
FOREIGN: Final = "foreign.keras"
LEGACY: Final = "foreign.h5"
OF_FOREIGN: Final = ("predict", FOREIGN, "picture.png", "--json")


@cache
def _trained_run() -> Path:
    """A small run that is done, trained once for this process in a folder that goes with it."""
    import kerasnn

    folder = Path(mkdtemp(prefix="kerasnn-resumable-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = save_npz(folder / "stripes.npz", count=40)
    run = kerasnn.train("dropout", dataset=data, out=folder / "runs", engine="keras", hidden=[4], epochs=1)
    return Path(run.model or "").parent


def lay_out_resumable(folder: Path) -> None:
    """A run that is done, whose state is beside its model. One more epoch of it takes no time."""
    if not (folder / "resumable").exists():
        shutil.copytree(_trained_run(), folder / "resumable" / RESUMABLE)


@cache
def _foreign_model(name: str) -> bytes:
    """A small network of layers that kerasnn's own models do not have, in a model within a model, as Keras saves it."""
    from kerasnn.networks.runtime import keras

    layers = keras.layers
    parts = [layers.Flatten(), layers.Dense(5), layers.BatchNormalization(), layers.LeakyReLU(), layers.Dense(3)]
    inner = keras.Sequential([keras.Input((6, 6, 1)), *parts], name="inner")
    outer = [layers.Rescaling(1 / 255), layers.Reshape((6, 6, 1)), inner, layers.Softmax()]
    model = keras.Sequential([keras.Input((6, 6)), *outer], name="foreign")
    with TemporaryDirectory() as place:
        path = Path(place) / name
        model.save(path)
        return path.read_bytes()


def lay_out_foreign(folder: Path) -> None:
    for name in (FOREIGN, LEGACY):
        if not (folder / name).exists():
            (folder / name).write_bytes(_foreign_model(name))


STATE_KIND: Final[Mapping[str, Any]] = {
    "file": OF_STATE,
    "words": RESUME,
    "prepare": lay_out_resumable,
    "ends": frozenset({0, 5, 7}),  # what it holds may be numbers that training cannot go on from
    "keeps": "resumable",
}
FOREIGN_KIND: Final[Mapping[str, Any]] = {"file": FOREIGN, "words": OF_FOREIGN, "prepare": lay_out_foreign}

KINDS: Final = (
    Kind("model", SMALL, PREDICT),
    Kind("configuration", SMALL, PREDICT, within("config.json", mutate)),
    Kind("configuration, by value", SMALL, PREDICT, within("config.json", mutate_json)),
    Kind("weights", SMALL, PREDICT, within("model.weights.h5", mutate)),
    Kind("linear model", "linear.npz", ("predict", "linear.npz", "picture.png")),
    Kind(
        "array of a linear model",
        "linear.npz",
        ("predict", "linear.npz", "picture.png"),
        within("coefficients.npy", mutate),
    ),
    Kind("idx", f"plain/{FOUR_FILES[0].name}", SHOW_PLAIN),
    Kind("packed idx", f"idx/{FOUR_FILES[0].name}.gz", SHOW_FOLDER),
    Kind("idx before packing", f"idx/{FOUR_FILES[1].name}.gz", SHOW_FOLDER, repacked),
    Kind("npz", "stripes.npz", SHOW_NPZ),
    Kind("array of an npz", "stripes.npz", SHOW_NPZ, within("x_train.npy", mutate)),
    Kind("class names", "idx/classes.txt", SHOW_FOLDER),
    *(
        Kind(ending, f"picture.{ending}", ("predict", SMALL, f"picture.{ending}"))
        for ending in ("png", "jpg", "gif", "bmp", "tif", "webp", "ppm")
    ),
    Kind("run.json", "runs/run-1/run.json", OF_RUN),
    Kind("run.json, by value", "runs/run-1/run.json", OF_RUN, mutate_json),
    Kind("run.json, shown", "runs/run-1/run.json", SHOW_RUN),
    Kind("run.json, shown, by value", "runs/run-1/run.json", SHOW_RUN, mutate_json),
    Kind("run.json, verified", "runs/run-1/run.json", VERIFY_RUN),
    Kind("run.json, verified, by value", "runs/run-1/run.json", VERIFY_RUN, mutate_json),
    *(
        Kind(f"run.json, explained by {topic}", "runs/run-1/run.json", (*EXPLAIN, topic), mutate_json)
        for topic in ("overfitting", "hyperparameters")
    ),
    *(
        Kind(f"run.json, as a script of {framework}", "runs/run-1/run.json", (*CODE, framework), mutate_json)
        for framework in ("keras", "pytorch", "sklearn")
    ),
    Kind("history.csv", "runs/run-1/history.csv", SHOW_RUN),
    Kind("card", "small.json", ("predict", SMALL, "picture.png")),
    Kind("card, by value", "small.json", ("predict", SMALL, "--index", "0"), mutate_json),
    Kind("latest", "runs/latest", ("predict", "latest", "picture.png", "--out", "runs")),
    Kind("state of a training", **STATE_KIND),
    Kind("header of a state", **STATE_KIND, mutator=within("header.npy", mutate)),
    Kind("header of a state, by value", **STATE_KIND, mutator=within("header.npy", of_array(mutate_json))),
    Kind("weights of a state", **STATE_KIND, mutator=within("weights_0.npy", mutate)),
    Kind("foreign model, by value", **FOREIGN_KIND, mutator=within("config.json", mutate_json)),
    Kind("weights of a foreign model", **FOREIGN_KIND, mutator=within("model.weights.h5", mutate)),
    Kind("foreign model in HDF5", LEGACY, ("predict", LEGACY, "picture.png"), prepare=lay_out_foreign),
)


def record_of_run(dataset: dict[str, Any]) -> Run:
    """The whole record of a run: what the card of a reference model tells, and of `dataset`.

    It claims the images of that model, so that there is a band for it to be verified by.
    """
    card = reference.card_of(reference.model_path("adam"))
    sizes = {"train": 162, "validation": 41, "test": 31, "sha256": card["dataset"]["sha256"], "stand_in": False}
    rest: dict[str, Any] = {
        **{
            "run": "run-1",
            "status": "done",
            "overrides": {},
            "dataset": {**dataset, **sizes},
            "model": f"run-1/{SMALL}",
        },
        **{"stopped_epoch": 5, "stopped_early": False, "keras_stopped_epoch": None, "reading": None, "published": None},
        **{"seconds": {"total": 3.0, "data": 0.1, "compile": 1.0, "train": 1.5}, "started": card["made"]},
        **{"ended": card["made"], "notes": [], "callbacks": [], "resumed_after": [], "fault": None},
    }
    names = {field.name for field in fields(Run)}
    return restore(Run, {name: value for name, value in {**card, **rest}.items() if name in names})


def lay_out(folder: Path) -> None:
    """Every good input, in `folder`."""
    save_idx(folder / "idx", packed=True)
    save_idx(folder / "plain", packed=False)
    save_npz(folder / "stripes.npz")
    (folder / SMALL).write_bytes(small_model())
    random = np.random.RandomState(0)
    np.savez(folder / "linear.npz", coefficients=random.rand(3, 36).astype("f4"), intercepts=np.zeros(3, "f4"))
    pixels = random.randint(0, 256, (12, 12)).astype(np.uint8)
    for ending in ("png", "jpg", "gif", "bmp", "tif", "webp", "ppm"):
        Image.fromarray(pixels).save(folder / f"picture.{ending}")
    run = folder / "runs" / "run-1"
    run.mkdir(parents=True)
    (run / "model.keras").write_bytes(small_model())
    dataset = {"name": "stripes", "location": str(folder / "stripes.npz"), "shape": [6, 6], "classes": ["a", "b", "c"]}
    record = {"run": "run-1", "stage": "adam", "status": "done", "dataset": dataset, "command": "kerasnn train"}
    whole = record_of_run(dataset)
    write_record(run, whole)
    write_history(run, whole.history)
    (folder / "small.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "runs" / "latest").write_text("run-1\n", encoding="utf-8")


def survives(
    words: tuple[str, ...], folder: Path, *, ends: frozenset[int] = GOOD_ENDS, keeps: str | None = None
) -> None:
    """Run a command in `folder`; Lost where it fails with anything but a sentence, takes long, or touches a file.

    `keeps`: the folder in it that the command may change where it does not fail; else its files end with what they
    held. Nothing is typed.
    """
    before, held, said = _state(folder, keeps), _held(folder, keeps), io.StringIO()
    try:
        with _in_time(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), _nothing_typed():
            code = main(list(words))
    except Exception as error:
        raise Lost(f"{type(error).__name__}: {str(error)[:200]}") from error
    if code not in ends or "Traceback" in said.getvalue():
        raise Lost(f"code {code}: {said.getvalue()[-200:]}")
    if code and not any(f"{word}: " in said.getvalue() for word in ERROR):
        raise Lost(f"code {code} without an error: {said.getvalue()[-200:]}")
    typed = {ascii(sign) for word in words for sign in word}
    if obeyed := [sign for sign in controls(said.getvalue()) if sign not in typed]:
        raise Lost(f"printed {obeyed}: {said.getvalue()!r:.200}")
    if _state(folder, keeps) != before or (code not in (0, 7) and _held(folder, keeps) != held):
        raise Lost("a file was touched")


def controls(text: str) -> list[str]:
    """The characters in `text` that a terminal would obey, in ASCII: controls, and what turns the direction of writing.

    Nothing but a terminal is sent colours, so kerasnn itself prints none of them here but ends of lines and tabs.
    """
    turning = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
    return sorted(
        {ascii(each) for each in text if each in turning or (category(each) == "Cc" and each not in "\n\t\r")}
    )


def _held(folder: Path, place: str | None) -> dict[str, bytes]:
    """What the files in `place` hold, but for the lock of a run."""
    paths = (folder / place).rglob("*") if place else ()
    return {str(path): path.read_bytes() for path in paths if path.is_file() and path.name != LOCK}


@contextlib.contextmanager
def _nothing_typed() -> Iterator[None]:
    with mock.patch.object(sys, "stdin", io.StringIO()):
        yield


def _state(folder: Path, but: str | None) -> list[tuple[str, int, int]]:
    """Every path in `folder` but those in `but`, with the time and the size of what is there."""
    paths = sorted(path for path in folder.rglob("*") if but is None or not path.is_relative_to(folder / but))
    return [(str(path), path.lstat().st_mtime_ns, path.lstat().st_size) for path in paths]


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """Interrupt what takes too long of the processor's time, or, where it waits for something, of the clock's."""

    def late(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not through within {MOST_SECONDS:.0f} s, or waiting for {LONGEST_WAIT:.0f} s")

    timers = {signal.ITIMER_PROF: (signal.SIGPROF, MOST_SECONDS), signal.ITIMER_REAL: (signal.SIGALRM, LONGEST_WAIT)}
    before = {number: signal.signal(number, late) for number, _ in timers.values()}
    for timer, (_, seconds) in timers.items():
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def shrunk(content: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A shorter `content` that still fails, found by leaving out halves, quarters and so on, while there is time."""
    size, until = len(content) // 2, time.monotonic() + LONGEST_SHRINKING
    while size >= 1 and len(content) < 1 << 20:
        place = 0
        while place < len(content):
            if time.monotonic() > until:
                return content
            shorter = content[:place] + content[place + size :]
            if fails(shorter):
                content = shorter
            else:
                place += size
        size //= 2
    return content
