"""Whole screens: every command run to its end on a pseudo-terminal, in both languages, beside a copy kept here.

python -m tests.screens [COMMAND...]    writes the copies anew, to be read before they are committed
"""

import re
import shlex
import shutil
import time
from pathlib import Path
from typing import Final

import numpy as np

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.dataset import Part
from kerasnn.data.load import garments
from tests.conftest import first, stripes
from tests.terminal import CTRL_C, on_terminal

COPIES: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "ko")
COLUMNS: Final = 80
ON_STRIPES: Final = "--dataset stripes.npz"
SMALL: Final = f"--hidden 8 --engine keras {ON_STRIPES}"
# by command; `latest` is a run of `dropout` on stripes, made beforehand, RUN one of `softmax`
SCREENS: Final = {
    "stages": "stages",
    "train": f"train early-stopping --patience 1 {SMALL}",
    "tour": "tour --dataset garments.npz",
    "explain": "explain linear --dataset garments",
    "code": "code dropout",
    "compare-sklearn": f"compare-sklearn {ON_STRIPES}",
    "summary": "summary dropout",
    "draw": "draw latest",
    "evaluate": "evaluate latest",
    "predict": "predict dropout shirt.png",
    "weights": "weights latest --unit 1",
    "export": f"export latest --to keras --out exported.keras {ON_STRIPES}",
    "runs list": "runs list",
    "runs show": "runs show latest",
    "runs compare": "runs compare latest RUN",
    "runs export": "runs export latest",
    "runs import": "runs import run.kerasnn.zip --runs received",
    "runs remove": "runs remove latest --yes",
    "report": "report latest",
    "reproduce": f"reproduce softmax --seeds 2 {ON_STRIPES}",
    "verify": "verify latest",
    "claims": "claims",
    "race": f"race adam sgd {ON_STRIPES}",
    "tune": f"tune softmax --workers 1 {ON_STRIPES}",  # two would finish in any order
    "data get": "data get",
    "data convert": "data convert garments garments.npz --force",
    "data verify": "data verify",
    "data show": f"data show {ON_STRIPES}",
    "doctor": "doctor",
    "lab": f"lab --port 0 --no-browser {ON_STRIPES}",
}
URL: Final = re.compile(r"http://127\.0\.0\.1:\d+/\?token=\S+")  # of the lab
ENTER: Final = "Enter"  # in both languages, in what asks for it
CHECKED: Final = re.compile(r" \S+ {2,}(\S.*?) {2,}\S")  # the second column of three
MASKS: Final = (
    (re.compile(r"\d+(\.\d+)?(?= ?(s\b|초|MB|ms))"), "0.0"),
    (re.compile(r"(?<=\d)(을|를)"), "를"),  # a particle goes by the digit before it
    (re.compile(r"(?<=\d)(으로|로)"), "로"),
    (re.compile(r"\d"), "0"),
)


def masked(line: str) -> str:
    """Return the line with every digit as 0: what a training comes to, and how long it takes, differs by machine."""
    for pattern, instead in MASKS:
        line = pattern.sub(instead, line)
    return line.rstrip()


def prepare(folder: Path) -> None:
    """Make `folder` the working folder: images, a picture, runs of `softmax` and `dropout`, the latter packed too."""
    learning, test = stripes(200), stripes(31, seed=1)
    save(folder / "stripes.npz", learning, test)
    drawn = garments()
    save(folder / "garments.npz", first(drawn.learning, 400), first(drawn.test, 100))  # the lessons' models take these
    shutil.copy(COPIES.parent.parent / "docs" / "pictures" / "shirt.png", folder)
    for stage in ("softmax", "dropout"):
        small = SMALL if stage == "dropout" else SMALL.removeprefix("--hidden 8 ")
        assert main(["train", stage, "--epochs", "3", "--quiet", *shlex.split(small)]) == 0
        time.sleep(1)  # runs of the same second would be listed by their stage
    kerasnn.export_run("latest", "run.kerasnn.zip", author="Kim Minji")


def save(path: Path, learning: Part, test: Part) -> None:
    arrays = {"x_train": learning.images, "y_train": learning.labels, "x_test": test.images, "y_test": test.labels}
    np.savez(path, **arrays)  # type: ignore[arg-type]


def screen(command: str, lang: str) -> str:
    """Run `command` in the working folder, press Enter whenever it asks for it, and return its last screen."""
    words = SCREENS[command].replace("RUN", run_of("softmax")).split()
    ends = {"Ctrl-C": CTRL_C} if command == "lab" else None  # it serves until then
    session = on_terminal(*words, "--lang", lang, columns=COLUMNS, press=ends, press_always=(ENTER, b"\n"), seconds=300)
    lines = [masked(URL.sub("http://127.0.0.1/", line)) for line in session.screen]
    if command == "doctor":  # what it finds differs by machine; what it looks for does not
        lines = [found[1] for line in lines if (found := CHECKED.match(line))]
    return f"$ kerasnn {SCREENS[command]} --lang {lang}\n" + "\n".join(lines).rstrip() + f"\nexit code {session.code}\n"


def run_of(stage: str) -> str:
    return next(folder.name for folder in Path("runs").iterdir() if f"-{stage}-" in folder.name)


def copy_of(command: str, lang: str) -> Path:
    return COPIES / lang / f"{command.replace(' ', '-')}.txt"
