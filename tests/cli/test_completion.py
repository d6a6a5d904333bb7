"""Tab completion, through the process that a shell starts and through bash with the script that is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerasnn.cli.completion import offers
from kerasnn.cli.registry import NAMES
from kerasnn.data.load import KNOWN
from kerasnn.lecture.claims import CLAIMS
from kerasnn.lecture.hyperparameters import HIDDEN_ACTIVATIONS
from kerasnn.lecture.optimizers import CONTENDERS, OPTIMIZERS
from kerasnn.lecture.stages import STAGES
from kerasnn.lecture.topics import TOPICS
from tests.completion_table import text

FILE = Path(__file__).resolve().parents[2] / "kerasnn" / "cli" / "completion.json"
ALL_STAGES = {stage.name for stage in STAGES}
RUN = "20261124-101500-adam-s42"


def python(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LANGUAGE": "en", "KERASNN_LANG": "en", **variables}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)


def in_bash(line: str) -> list[str]:
    """What is offered at the end of `line`, with the variables that Typer's script for bash sets."""
    words = line.split(" ")
    place = str(len(words) - 1)
    told = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": place, "_KERASNN_COMPLETE": "complete_bash"}
    done = python("-m", "kerasnn", **told)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.fixture
def folder(surroundings: Path) -> Path:
    """A working folder with a run, and one beside it that is none, a model and another folder of runs."""
    for run in (f"runs/{RUN}", "elsewhere/20261125-090000-relu-s7"):
        (surroundings / run).mkdir(parents=True)
        (surroundings / run / "run.json").write_text("{}", encoding="utf-8")
    (surroundings / "runs" / "notes").mkdir()
    (surroundings / "mine.keras").touch()
    return surroundings


def test_the_table_is_that_of_the_commands() -> None:
    """Where it is not: make help-pages."""
    assert FILE.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kerasnn ", set(NAMES)),
        ("kerasnn train ", ALL_STAGES),
        ("kerasnn train --lr 0.01 ", ALL_STAGES),
        ("kerasnn --lang ko tune a", {"adam"}),
        ("kerasnn train dropout --optimizer ", {each.name for each in OPTIMIZERS}),
        ("kerasnn train dropout --activation ", set(HIDDEN_ACTIVATIONS)),
        ("kerasnn train --dataset ", set(KNOWN)),
        ("kerasnn data show ", set(KNOWN)),
        ("kerasnn race sgd ", set(CONTENDERS) - {"sgd"}),
        ("kerasnn explain ", {topic.name for topic in TOPICS}),
        ("kerasnn explain relu ", {*ALL_STAGES, "latest", RUN, "mine.keras"}),
        ("kerasnn evaluate ", {*ALL_STAGES, "latest", RUN, "mine.keras"}),
        ("kerasnn evaluate --runs elsewhere 2", {"20261125-090000-relu-s7"}),
        ("kerasnn claims ", {claim.name for claim in CLAIMS}),
        ("kerasnn runs ", {"list", "show", "compare", "export", "import", "remove"}),
        ("kerasnn runs show ", {"latest", RUN}),
        ("kerasnn train --stage = dr", {"dropout"}),  # the three words that bash makes of --stage=dr
        ("kerasnn predict dropout ", set()),  # nothing: the shell offers files
        ("kerasnn evaluate models/", set()),
        ("kerasnn draw dropout --style ", {"auto", "light", "dark"}),
        ("kerasnn train --epoc", {"--epochs"}),
    ],
)
def test_what_is_offered(line: str, offered: set[str], folder: Path) -> None:
    assert set(in_bash(line)) == offered


def test_zsh_and_fish_are_shown_what_flags_do(folder: Path) -> None:
    zsh = python("-m", "kerasnn", _KERASNN_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="kerasnn train --epoc")
    assert zsh.stdout == """_arguments '*: :(("--epochs":"Passes over the training images."))'"""
    told = {"_KERASNN_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "kerasnn train --epoc"}
    fish = python("-m", "kerasnn", _TYPER_COMPLETE_FISH_ACTION="get-args", **told)
    assert fish.stdout == "--epochs\tPasses over the training images.\n"
    assert python("-m", "kerasnn", _TYPER_COMPLETE_FISH_ACTION="is-args", **told).returncode == 0
    files = {**told, "_TYPER_COMPLETE_ARGS": "kerasnn predict dropout "}
    assert python("-m", "kerasnn", _TYPER_COMPLETE_FISH_ACTION="is-args", **files).returncode == 1
    files = {"_KERASNN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "kerasnn predict dropout "}
    assert python("-m", "kerasnn", **files).stdout == "_files"


def test_bash_completes_with_the_script_that_is_shown(folder: Path) -> None:
    script = python("-m", "kerasnn", "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "complete -o default -F" in script.stdout
    (folder / "kerasnn").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kerasnn "$@"\n', encoding="utf-8")
    (folder / "kerasnn").chmod(0o755)
    function = next(line.split("(")[0] for line in script.stdout.splitlines() if "()" in line)
    asked = (
        f'{script.stdout}\nCOMP_WORDS=(kerasnn train dr); COMP_CWORD=2; {function} kerasnn; echo "${{COMPREPLY[@]}}"'
    )
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", asked], capture_output=True, text=True, env={**os.environ, "PATH": path}, check=False
    )
    assert done.stdout.strip() == "dropout"


def test_no_library_is_loaded_for_it() -> None:
    told = {"COMP_WORDS": "kerasnn train ", "COMP_CWORD": "2", "_KERASNN_COMPLETE": "complete_bash"}
    done = python("-X", "importtime", "-m", "kerasnn", **told)
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "dropout" in done.stdout.split()
    assert loaded.isdisjoint({"typer", "pydantic", "rich", "numpy", "keras", "gettext"})


def test_an_open_quotation_mark_and_an_unknown_flag_are_no_errors(folder: Path) -> None:
    assert in_bash("kerasnn train 'dr") == ["dropout"]
    assert list(offers(["train", "--nothing"], "so")) == [("softmax", "")]
