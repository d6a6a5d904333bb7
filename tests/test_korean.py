"""The Korean of the catalogue: particles agree with the word before, and there is one term for each thing."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from kerasnn.language import agreeing, speaking
from kerasnn.records import Note
from kerasnn.records.note import difference, sentence
from tests.readme import ROOT
from tests.test_language import CATALOGUE, forms

MARK = re.compile(r"\[(은/는|이/가|을/를|과/와|으로/로)\]")


def texts() -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        yield from (text for message in read_po(file, locale="ko") if message.id for text in forms(message.string))


@pytest.mark.parametrize(
    ("word", "particles"),
    [
        *((word, "은 이 을 과 으로") for word in ("가방", "손실값", "0", "3", "6", "10", "0.10", "16,000")),
        *(
            (word, "은 이 을 과 으로")
            for word in ("adam", "Adam", "hidden", "dropout", "overfit", "rmsprop", "kerasnn")
        ),
        *((word, "은 이 을 과 으로") for word in ("early-stopping", "engine", "run.json", "PNG.zip", "M")),
        *((word, "은 이 을 과 로") for word in ("샌들", "1", "7", "8", "0.01", "file", "HTML", "model", "R")),
        *((word, "는 가 를 와 로") for word in ("코트", "2", "4", "5", "9", "0.05", "90%", "1.5%p", "1e-05")),
        *(
            (word, "는 가 를 와 로")
            for word in ("softmax", "sigmoid", "relu", "sgd", "SGD", "adagrad", "GPU", "latest")
        ),
        *(
            (word, "는 가 를 와 로")
            for word in ("model.keras", "a.npz", "a.png", "a.h5", "batch-size", "layer", "x_test")
        ),
    ],
)
def test_a_particle_follows_the_sound_before_it(word: str, particles: str) -> None:
    marked = "{0}[은/는] {0}[이/가] {0}[을/를] {0}[과/와] {0}[으로/로]".format
    for shown in (word, f"'{word}'", f"({word})"):
        assert agreeing(marked(shown)) == " ".join(shown + particle for particle in particles.split())


@pytest.mark.parametrize("text", ["[bold]x[/]", "x[/bold]", "a[0/1]", "목록 [예/"])
def test_other_brackets_stay(text: str) -> None:
    assert agreeing(text) == text


def test_notes_agree_as_well() -> None:
    values = {"name": "optimizer", "before": "sgd", "now": "adam"}
    with speaking("ko"):
        assert sentence(Note("resumed-despite", values)).startswith("optimizer가 sgd에서 adam으로 바뀌었는데도")
        assert difference(Note("resumed-despite", values)) == "optimizer가 sgd에서 adam으로 바뀜"


def test_no_message_leaves_the_choice_to_the_reader() -> None:
    for text in texts():
        assert not re.search(r"[은이을와과]\([는가를]\)|[는가를와과]\([은이을와과]\)|\(으\)로|\(이\)", text), text


def test_a_particle_behind_a_value_is_marked() -> None:
    """And a mark is behind a value: a message without any is shown as it is."""
    for text in texts():
        assert not re.search(r"\}['\"]?(은|는|이|가|을|를|과|와|으로|로)(?![가-힣])", text), text
        assert len(re.findall(r"\[[가-힣]+/", text)) == len(re.findall(rf"\}}['\"]?{MARK.pattern}", text)), text


def refused() -> list[str]:
    """The last column of the table of terms."""
    table = (ROOT / "docs/internals/korean.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|(?:[^|]*\|){2} ([^|]+) \|$", table, re.MULTILINE)
    return [word for row in rows[1:] for word in row.split(", ")]


@pytest.mark.parametrize("word", refused())
def test_there_is_one_term_for_each_thing(word: str) -> None:
    pages = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.ko.md", "docs/tutorial.ko.md")]
    assert [text for text in (*texts(), *pages) if word in text] == []


def test_the_table_of_terms_refuses_some() -> None:
    assert {"걸음", "인내", "가운데 값"} <= set(refused())
