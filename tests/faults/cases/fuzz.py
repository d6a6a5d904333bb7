"""Mutated inputs of every kind: no traceback, no hang, no file touched. What fails is shrunk and kept."""

import contextlib
import os
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from unittest import mock

from tests.conftest import NOBODY_LISTENS
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.fuzzing import KINDS, Kind, lay_out, shrunk, survives

KEPT = Path(__file__).resolve().parent.parent / "kept"
WORDS = (
    *("stages", "summary", "train", "evaluate", "predict", "compare-sklearn", "data", "show", "verify", "nothing"),
    *("dropout", "sgd", "latest", "small.keras", "linear.npz", "picture.png", "idx", "stripes.npz", "runs", "..", "/"),
    *(
        "--stage",
        "--model",
        "--dataset",
        "--data-dir",
        "--hidden",
        "--epochs",
        "--index",
        "--seed",
        "--dropout",
        "--json",
    ),
    *(
        "--learning-rate",
        "--optimizer",
        "--momentum",
        "--batch-size",
        "--out",
        "-q",
        "--help",
        "--version",
        "--no-color",
    ),
    *(
        "0",
        "-1",
        "1e309",
        "nan",
        "99999999999999999999",
        "0.5",
        "adam",
        "",
        " ",
        "--",
        "-",
        "\0",
        "한글",
        "\ud800",
        "[red]",
    ),
)
WRITERS = {"train", "compare-sklearn"}  # given a data set that is not there, they end before they begin


@case("mutated inputs", goal="no traceback, no hang, no file touched", full=18_000, quick=150)
def mutated_inputs(plan: Plan) -> Iterator[Trial]:
    with _laid_out(plan.folder) as folder:
        for number in range(plan.count):
            kind = KINDS[number % len(KINDS)]
            seed = plan.seed * 1_000_003 + number
            yield Trial(f"{kind.name}, seed {seed}", partial(_mutated, folder, kind, seed))


@contextlib.contextmanager
def _laid_out(place: Path) -> Iterator[Path]:
    """The working folder with all good inputs; Keras' home is elsewhere, and the mirror answers nobody."""
    folder = place / "inputs"
    lay_out(folder)
    nobody = {"KERASNN_MIRROR": NOBODY_LISTENS, "KERAS_HOME": str(place / "home")}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, nobody):
        os.environ.pop("KERASNN_DATA_DIR", None)
        yield folder


def _mutated(folder: Path, kind: Kind, seed: int) -> None:
    content = kind.mutator((folder / kind.file).read_bytes(), Random(seed))
    try:
        given(folder, kind, content)
    except Lost as loss:
        KEPT.mkdir(exist_ok=True)
        short = shrunk(content, partial(_fails, folder, kind))
        kept = KEPT / f"{kind.slug}-{sha256(short).hexdigest()[:12]}"
        kept.write_bytes(short)
        raise Lost(f"{loss}; kept as {kept.name}") from loss


def given(folder: Path, kind: Kind, content: bytes) -> None:
    """The command of `kind`, with `content` in the place of its good file for the while."""
    place = folder / kind.file
    good = place.read_bytes()
    place.write_bytes(content)
    try:
        survives(kind.words, folder)
    finally:
        place.write_bytes(good)


def _fails(folder: Path, kind: Kind, content: bytes) -> bool:
    try:
        given(folder, kind, content)
    except Lost:
        return True
    return False


@case("odd command lines", goal="no traceback, no hang, no file touched", full=2_000, quick=60)
def odd_command_lines(plan: Plan) -> Iterator[Trial]:
    random = Random(plan.seed)
    with _laid_out(plan.folder) as folder:
        for _ in range(plan.count):
            words = [random.choice(WORDS[:9]), *random.choices(WORDS, k=random.randrange(7))]
            if WRITERS.intersection(words):
                words += ["--dataset", "nothing"]
            yield Trial(repr(words), partial(survives, tuple(words), folder))
