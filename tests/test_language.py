"""The Korean catalogue is complete, up to date and compiled, with its placeholders; and how the language is chosen."""

import io
import json
import re
import string
from collections.abc import Iterator, Sequence
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import kerasnn
from kerasnn.cli.app import main
from kerasnn.language import LANGUAGES, _, language, language_of_environment, ngettext, set_language, speaking
from kerasnn.lecture import classes
from tests.messages import messages as messages_of_the_program

PACKAGE = Path(kerasnn.__file__).parent
CATALOGUE = PACKAGE / "locale" / "ko" / "LC_MESSAGES" / "kerasnn.po"


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ko")


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(texts: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message's one text, or its singular and plural."""
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def test_no_message_is_missing_and_none_is_stale(catalogue: Catalog) -> None:
    """'make messages' brings the catalogue up to date."""
    used = {forms(message)[0] for message in messages_of_the_program()}
    kept = {forms(message.id)[0] for message in messages(catalogue)}
    assert used - kept == set()
    assert kept - used == set()
    assert not catalogue.obsolete


def test_every_message_is_translated_and_none_in_doubt(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        strings = forms(message.string)
        assert all(strings), message.id
        assert not message.fuzzy, message.id


def fields(text: str) -> set[str]:
    return {f"{name}:{form}" for _text, name, form, _conversion in string.Formatter().parse(text) if name is not None}


def test_placeholders_and_ends_of_lines_are_the_same(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        originals = forms(message.id)
        strings = forms(message.string)
        for text in strings:
            assert fields(text) == fields(originals[-1]), message.id
            assert text.count("\n") == originals[-1].count("\n"), message.id
            assert "" not in {field.split(":")[0] for field in fields(text)}, message.id  # named, never {}


def test_sentences_are_korean_and_of_one_style(catalogue: Catalog) -> None:
    hangul = re.compile("[\uac00-\ud7a3]")
    for message in messages(catalogue):
        original = forms(message.id)[0]
        text = forms(message.string)[0]
        if len(original) > 40 and original.endswith((".", "?")):
            assert hangul.search(text), original
            assert not re.search(r"(한다|이다|했다|해요|예요)[.?]", text), text


def test_the_compiled_catalogue_is_the_one_that_is_read(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        shipped = GNUTranslations(file)
    fresh = GNUTranslations(compiled)
    kept, made = ({**vars(each)["_catalog"], "": None} for each in (shipped, fresh))  # the head names Babel's version
    assert kept == made


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "KERASNN_LANG": "ko"}, "ko"),
        ({"LC_ALL": "ko_KR.UTF-8", "KERASNN_LANG": "en"}, "en"),
    ],
)
def test_the_surroundings_choose(variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KERASNN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_of_environment() == language() == spoken


def test_a_language_is_chosen_and_given_back() -> None:
    assert _("Question") == "Question"
    with speaking("ko"):
        assert (_("Question"), language()) == ("질문", "ko")
        with speaking(None):
            assert language() == "ko"
    assert _("Question") == "Question"
    set_language("ko")
    assert _("model {name}", name="가방") == "모델 가방"
    set_language(None)
    with pytest.raises(ValueError, match="does not speak 'fr'"):
        set_language("fr")
    assert set(LANGUAGES) == {"en", "ko"}


def test_numbers_choose_their_form() -> None:
    assert ngettext("{count} file", "{count} files", 1) == "1 file"
    assert ngettext("{count} file", "{count} files", 3) == "3 files"


def test_lang_on_the_command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["explain", "linear", "--dataset", "garments", "--lang", "ko"]) == 0
    korean = capsys.readouterr().out
    assert "클래스의 선형 방정식" in korean
    assert classes.KOREAN[1] in korean
    assert main(["explain", "linear", "--dataset", "garments"]) == 0
    assert "The linear equation of a class" in capsys.readouterr().out
    monkeypatch.setenv("KERASNN_LANG", "ko")
    assert main(["explain"]) == 0
    assert "픽셀 정규화" in capsys.readouterr().out
    assert main(["explain", "--lang=en"]) == 0
    assert "Normalising the pixels" in capsys.readouterr().out
    assert main(["explain", "--lang", "fr"]) == 2
    assert "fr" in capsys.readouterr().err


def test_json_keeps_its_keys_and_figures_in_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for lang in LANGUAGES:
        assert main(["explain", "argmax", "--dataset", "garments", "--json", "--lang", lang]) == 0
        found.append(json.loads(capsys.readouterr().out))
    english, korean = found
    assert english.keys() == korean.keys()
    assert english["title"] != korean["title"]
    checks = [[check for section in record["sections"] for check in section["checks"]] for record in found]
    assert [check["name"] for check in checks[0]] == [check["name"] for check in checks[1]]
    assert [check["difference"] for check in checks[0]] == [check["difference"] for check in checks[1]]
