"""Mutated inputs of every kind: no traceback, no hang, no file changed. Inputs that fail are shrunk and kept."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from unittest import mock

from tests.conftest import CLOSED_PORT
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.fuzzing import GOOD_ENDS, KINDS, Kind, lay_out, shrunk, survives

KEPT = Path(__file__).resolve().parent.parent / "kept"
COMMANDS = (
    *(("stages",), ("summary",), ("train",), ("evaluate",), ("predict",), ("compare-sklearn",), ("data", "show")),
    *(("data", "verify"), ("verify",), ("race",), ("tune",), ("tour",), ("report",), ("draw",), ("weights",)),
    *(("runs", "list"), ("runs", "show"), ("runs", "compare"), ("runs", "remove"), ("explain",), ("code",)),
    *(("reproduce",), ("claims",), ("claims", "--judge"), ("train", "--resume"), ("runs",), ("data",), ("nothing",)),
    ("doctor", "--data-dir"),
)
WORDS = (
    *("stages", "summary", "train", "evaluate", "predict", "compare-sklearn", "data", "show", "verify", "nothing"),
    *("run-1", "list", "compare", "remove", "linear", "neuron", "keras", "pytorch", "--framework", "--resume", "--try"),
    *("--seeds", "--workers", "--rate", "--more-epochs", "--force", "--weights", "--unit", "--sort", "--lang", "ko"),
    *("--lang=ko", "--model", "--runs", "--notebook", "--dialect", "--restart", "--fast", "--repeat", "--cv"),
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
# given a data set that is not there, they end before they begin
TRAINERS = {"train", "compare-sklearn", "race", "tune", "tour", "reproduce", "claims", "verify"}
# what they are asked for may be a file: it goes where files may be made
WRITERS = {
    "doctor": "",
    "report": "report.html",
    "code": "code.py",
    "tour": "",
    "reproduce": "",
    "claims": "",
    "tune": "",
}
MADE = "made"
ENDS_OF_ODD = GOOD_ENDS | {4, 130}  # doctor on a faulty machine; runs remove, which asks, and nobody answers
KOREAN = 4  # of so many mutated inputs one is met in Korean


@case("mutated inputs", goal="no traceback, no hang, no file touched", full=18_000, quick=96, slow=True)
def mutated_inputs(plan: Plan) -> Iterator[Trial]:
    with _laid_out(plan.folder) as folder:
        for number in range(plan.count):
            kind = KINDS[number % len(KINDS)]
            seed = plan.seed * 1_000_003 + number
            lang = "ko" if number // len(KINDS) % KOREAN == number % KOREAN else "en"
            yield Trial(f"{kind.name}, seed {seed}, {lang}", partial(_mutated, folder, kind, seed, lang))


@contextlib.contextmanager
def _laid_out(place: Path) -> Iterator[Path]:
    """The working folder with all good inputs; Keras' home is elsewhere, and the mirror answers nobody."""
    folder = place / "inputs"
    lay_out(folder)
    nobody = {"KERASNN_MIRROR": CLOSED_PORT, "KERAS_HOME": str(place / "home")}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, nobody):
        os.environ.pop("KERASNN_DATA_DIR", None)
        yield folder


def _mutated(folder: Path, kind: Kind, seed: int, lang: str) -> None:
    kind.prepare(folder)
    content = kind.mutator((folder / kind.file).read_bytes(), Random(seed))
    try:
        given(folder, kind, content, lang)
    except Lost as loss:
        KEPT.mkdir(exist_ok=True)
        late = isinstance(loss.__cause__, TimeoutError)  # to shrink would take the same time a thousand times
        short = content if late else shrunk(content, partial(_fails, folder, kind, lang))
        kept = KEPT / f"{kind.slug}-{sha256(short).hexdigest()[:12]}"
        kept.write_bytes(short)
        raise Lost(f"{loss}; kept as {kept.name}") from loss


def given(folder: Path, kind: Kind, content: bytes, lang: str = "en") -> None:
    """The command of `kind` in `lang`, with `content` in the place of its good file for the while."""
    kind.prepare(folder)
    place = folder / kind.file
    good = place.read_bytes()
    place.write_bytes(content)
    try:
        with mock.patch.dict(os.environ, {"KERASNN_LANG": lang}):
            survives(kind.words, folder, ends=kind.ends, keeps=kind.keeps)
    finally:
        place.write_bytes(good)
        if kind.keeps is not None:  # made anew for the next one
            shutil.rmtree(folder / kind.keeps)


def _fails(folder: Path, kind: Kind, lang: str, content: bytes) -> bool:
    try:
        given(folder, kind, content, lang)
    except Lost:
        return True
    return False


@case("odd command lines", goal="no traceback, no hang, no file touched", full=2_000, quick=30)
def odd_command_lines(plan: Plan) -> Iterator[Trial]:
    random = Random(plan.seed)
    with _laid_out(plan.folder) as folder:
        for _ in range(plan.count):
            words = [*random.choice(COMMANDS), *random.choices(WORDS, k=random.randrange(7))]
            yield Trial(repr(words), partial(_odd, tuple(words), folder, lang=random.choice(("en", "en", "en", "ko"))))


def _odd(words: tuple[str, ...], folder: Path, *, lang: str) -> None:
    """A command line, with what ends a training before it begins, and sends a file to be written where it may be."""
    command = words[0]
    if TRAINERS.intersection(words):
        words += ("--dataset", "nothing")
    if command in WRITERS:
        words += ("--out", str(Path(MADE) / WRITERS[command]))
    try:
        with mock.patch.dict(os.environ, {"KERASNN_LANG": lang}):
            survives(words, folder, ends=ENDS_OF_ODD, keeps=MADE)
    finally:
        shutil.rmtree(folder / MADE, ignore_errors=True)
