"""One way to say things: the first argument, names in any spelling, and what a mistake is answered with."""

import shlex
from pathlib import Path

import pytest

from kerasnn.cli.app import main
from kerasnn.errors import folded
from kerasnn.lecture.hyperparameters import HIDDEN_ACTIVATIONS, SETTABLE
from kerasnn.lecture.optimizers import CONTENDERS
from kerasnn.lecture.settings import find_setting, find_stage, parse_setting, resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.lecture.topics import TOPICS
from tests.conftest import printed_json


def answer(capsys: pytest.CaptureFixture[str], words: str, code: int = 2) -> list[str]:
    """The lines of the error: what was wrong, what was expected, what to type."""
    capsys.readouterr()
    assert main(shlex.split(words)) == code
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("spelling", ["Adam", "ADAM", "adam"])
def test_a_stage_is_the_first_argument_or_a_flag_in_any_spelling(spelling: str, npz: Path) -> None:
    said = [printed_json("summary", *words) for words in ((spelling,), ("--stage", spelling), ("--stage", "adam"))]
    assert said[0] == said[1] == said[2]
    words = ("--hidden", "6,4", "--epochs", "1", "--dataset", str(npz))
    run = printed_json("train", spelling, *words, "--runs", "mine")
    assert (run["stage"], run["settings"]["hidden"]) == ("adam", [6, 4])
    assert (Path("mine") / run["run"] / "run.json").is_file()
    assert [row["run"] for row in printed_json("runs", "list", spelling, "--out", "mine")] == [run["run"]]
    assert printed_json("summary", "latest", "--runs", "mine")["parameters"]["total"] == run["parameters"]
    assert printed_json("summary", "--model", "latest", "--out", "mine")["parameters"]["total"] == run["parameters"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("train adam --stage dropout", "'adam' and --stage 'dropout' are both given"),
        ("tune adam --stage dropout", "'adam' and --stage 'dropout' are both given"),
        ("summary adam --stage dropout", "'adam' and --stage 'dropout' are both given"),
        ("summary adam --model dropout", "'adam' and --model 'dropout' are both given"),
        ("explain relu adam --model dropout", "'adam' and --model 'dropout' are both given"),
        ("runs list adam --stage dropout", "'adam' and --stage 'dropout' are both given"),
        ("reproduce adam relu --stages dropout", "'adam relu' and --stages 'dropout' are both given"),
    ],
)
def test_two_names_are_refused_with_both(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, words)[0] == f"Error: {said}"


def test_the_same_name_twice_is_no_contradiction() -> None:
    assert printed_json("summary", "dropout", "--stage", "Dropout") == printed_json("summary", "dropout")


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("드롭아웃", "dropout"),
        ("Dropout", "dropout"),
        ("정규화", "normalize"),
        ("원-핫 인코딩", "one-hot"),
        ("One-hot encoding", "one-hot"),
        ("sigmoid_softmax", "sigmoid-softmax"),
    ],
)
def test_topics_by_their_korean_names_and_titles(name: str, topic: str) -> None:
    assert printed_json("explain", name)["topic"] == topic


def test_names_of_settings_and_their_values() -> None:
    for name in ("learning_rate", "learning-rate", "learningRate", "--learning-rate", "lr", "LR"):
        assert find_setting(name).name == "learning_rate"
    assert parse_setting("Hidden", "64,32") == ("hidden", (64, 32))
    for hidden in ("64,32", ("64", 32), [64, 32]):
        assert resolve(STAGE_BY_NAME["adam"], {"hidden": hidden})[0].hidden == (64, 32)
    changed = resolve(STAGE_BY_NAME["relu"], {"lr": 0.01, "optimizer": "SGD", "activation": "LeakyReLU"})[1]
    assert changed == {"learning_rate": 0.01, "optimizer": "sgd", "activation": "leaky_relu"}
    assert find_stage("EarlyStopping") is find_stage("early_stopping") is find_stage("early-stopping")


@pytest.mark.parametrize(
    "names", [list(STAGE_BY_NAME), [t.name for t in TOPICS], list(CONTENDERS), HIDDEN_ACTIVATIONS, list(SETTABLE)]
)
def test_no_two_names_are_spellings_of_one(names: list[str]) -> None:
    assert len({folded(name) for name in names}) == len(names)


def test_aliases_of_topics_name_one_topic_each() -> None:
    own = {folded(topic.name) for topic in TOPICS}
    aliases = [folded(alias) for topic in TOPICS for alias in topic.aliases]
    assert len(set(aliases)) == len(aliases)
    assert own.isdisjoint(aliases)
    assert len(STAGES) == len(STAGE_BY_NAME)


@pytest.mark.parametrize(
    ("words", "corrected", "code"),
    [
        ("train dropout --lr 0,01", "train dropout --lr 0.01", 2),
        ("train droput", "train dropout", 2),
        ("train dropout --epoch 3", "train dropout --epochs 3", 2),
        ("train dropout --epochs ten", "train dropout --epochs 5", 2),
        ("train dropout --lr", "train dropout --lr 0.001", 2),
        ("train dropout --hidden abc", "train dropout --hidden 100", 2),
        ("train dropout --optimizer=amda", "train dropout --optimizer=adam", 2),
        ("train dropout relu", "train dropout", 2),
        ("train dropout -epochs 3", "train dropout --epochs 3", 2),
        ("train dropout -epochs=3", "train dropout --epochs=3", 2),
        ("train drop out", "train dropout", 2),
        ("train early stopping --epochs 3", "train early-stopping --epochs 3", 2),
        ("train drop dead --epochs 3", "train dropout --epochs 3", 2),
        ("train drop dead", "train dropout", 2),
        ("dropout", "train dropout", 2),
        ("linear", "explain linear", 2),
        ("run list", "runs list", 2),
        ("data shwo", "data show", 2),
        ("predict shoe.png bag.jpg", "predict dropout shoe.png bag.jpg", 2),
        ("explain dropuot", "explain dropout", 2),
        ("explain relu drpout", "explain relu dropout", 5),
        ("evaluate lates", "evaluate latest", 5),
        ("verify droput", "verify dropout", 5),
        ("tune adam --try 'hiden 50 100'", "tune adam --try 'hidden 50 100'", 2),
        ("race adm sgd", "race adam sgd", 2),
        ("draw dropout --style drak", "draw dropout --style dark", 2),
        ("runs list --sort los", "runs list --sort loss", 2),
        ("train dropout --backend tourch", "train dropout --backend torch", 2),
        ("train dropout --dataset garmnets", "train dropout --dataset garments", 3),
    ],
)
def test_a_mistake_is_answered_with_the_command_to_type(
    words: str, corrected: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, expected, command = answer(capsys, words, code)
    assert command.endswith(f"kerasnn {corrected}")
    assert "expected: " in expected
    korean = answer(capsys, f"--lang ko {words}", code)
    assert korean[0] != wrong
    assert len(korean) == 3
    assert "--help" not in command


def test_flags_and_commands_with_underscores_and_capitals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["Draw", "relu", "--Batch_Norm", "--hidden", "4", "-q"]) == 0
    assert "relu" in capsys.readouterr().out


def test_a_flag_of_another_command_is_said_to_be_that(capsys: pytest.CaptureFixture[str]) -> None:
    assert "train" in answer(capsys, "predict dropout --epochs 3")[2]
