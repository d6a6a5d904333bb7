"""The exported page: its weights are those of the network, and it can ask nobody for anything."""

import json
import os
import re
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.errors import CheckFailed, ModelFileError, UsageError
from kerasnn.exports import page_file
from kerasnn.exports.page_script import FOLDER, bundled
from kerasnn.exports.page_texts import texts
from kerasnn.language import speaking
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.runtime import keras
from kerasnn.views.palette import SIGNED
from tests.conftest import stripes
from tests.exports.test_python import designed, saved

IMAGES = stripes(40, seed=7).images
NEEDED = {"http://www.w3.org/2000/svg"}  # the name of SVG, which no browser asks for
MEGABYTE = 1_000_000


class Elements(HTMLParser):
    """Collects the elements of a page, as `(name, attributes)`, and the texts of scripts and styles by their id."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.text = Path(path).read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.found[-1] if self.found else ("", {})
        if tag in ("script", "style") and data.strip():
            self.texts.setdefault(attributes.get("id") or tag, data)

    @property
    def about(self) -> Any:
        return json.loads(self.texts["about"])

    @property
    def weights(self) -> Any:
        return np.frombuffer(b64decode(json.loads(self.texts["weights"])), "<f4")


@pytest.fixture
def page(npz: Path) -> Elements:
    saved(designed(hidden=[7], batch_norm=True, activation="tanh"))
    return Elements(kerasnn.export("model.keras", to="page", dataset=npz).path)


def test_every_weight_is_in_it_exactly(page: Elements) -> None:
    arrays = keras.saving.load_model("model.keras", compile=False).get_weights()
    assert page.weights.tolist() == np.concatenate([each.ravel() for each in arrays]).tolist()
    sizes = [size for layer in page.about["network"]["layers"] for size in layer["sizes"]]
    assert sizes == [each.size for each in arrays]


def test_it_lets_no_other_script_run_and_asks_nobody(page: Elements) -> None:
    (policy,) = [each["content"] or "" for _tag, each in page.found if "http-equiv" in each]
    hashes = {
        name: f"'sha256-{b64encode(sha256(page.texts[name].encode()).digest()).decode()}'"
        for name in ("script", "style")
    }
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src {hashes['script']}",
        f"style-src {hashes['style']}",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert [tag for tag, _each in page.found].index("meta") < [tag for tag, _each in page.found].index("script")
    attributes = [(name, value or "") for _tag, each in page.found for name, value in each.items()]
    assert not [name for name, _value in attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith("data:") for name, value in attributes if name in ("src", "href"))
    assert set(re.findall(r"\bhttps?:[^\s'\"`)>]*", page.text)) == NEEDED
    asking = r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|eval|localStorage)\b|\bimport\b *[({]"
    assert not re.findall(asking, page.texts["script"])


def test_names_that_look_like_elements_stay_names(npz: Path) -> None:
    saved(designed(hidden=[4]))
    names = ['</script><img src="http://x/" onerror="alert(1)">', "<!--<script>", "</ScRiPt\\u003c"]
    Path("classes.txt").write_text("\n".join(names), encoding="utf-8")
    page = Elements(kerasnn.export("model.keras", to="page", dataset=npz, file="<b>&.html").path)
    assert page.about["classes"] == page.about["languages"]["ko"]["classes"] == names
    tags = [tag for tag, _each in page.found]
    assert (tags.count("script"), tags.count("img"), tags.count("b")) == (3, 0, 0)
    assert page.about["model"] == "<b>&"


def test_it_speaks_both_languages(page: Elements) -> None:
    spoken = page.about["languages"]
    assert spoken["en"]["texts"].keys() == spoken["ko"]["texts"].keys()
    assert all(spoken["en"]["texts"][key] != spoken["ko"]["texts"][key] for key in spoken["en"]["texts"])
    garments = Elements(kerasnn.export("softmax", to="page", dataset="garments").path).about["languages"]
    assert (garments["en"]["classes"][8], garments["ko"]["classes"][8]) == ("Bag", "가방")


def test_every_word_that_its_scripts_name_is_there() -> None:
    script = bundled("exported.js") + FOLDER.joinpath("exported.html").read_text(encoding="utf-8")
    named = set(re.findall(r'\btext\("([^"]+)"|data-text(?:=|": )"([^"]+)"|note\("([^"]+)"', script))
    with speaking("en"):
        known = texts()
    assert {next(filter(None, each)) for each in named} <= known.keys()
    assert "prepared" in known


def test_its_colours_are_those_of_the_figures() -> None:
    assert json.dumps([*SIGNED]) in FOLDER.joinpath("exported.js").read_text(encoding="utf-8")


def test_its_modules_are_short() -> None:
    lengths = {each.name: len(each.read_text(encoding="utf-8").splitlines()) for each in FOLDER.iterdir()}
    assert max(lengths.values()) < 200, lengths


@pytest.mark.parametrize("stage", ["dropout", *(pytest.param(each.name, marks=pytest.mark.full) for each in STAGES)])
def test_the_lectures_networks_fit_into_a_megabyte(stage: str) -> None:
    made = kerasnn.export(stage, to="html", dataset="garments")
    assert made.bytes == Path(f"{stage}.html").stat().st_size < MEGABYTE
    assert made.largest_difference < 2e-5
    assert made.files == (f"{stage}.html",)


def test_the_same_network_is_the_same_file_and_replaces_only_itself(npz: Path) -> None:
    saved(designed(hidden=[4]))
    first = Path(kerasnn.export("model.keras", to="page", dataset=npz).path).read_bytes()
    assert Path(kerasnn.export("model.keras", to="page", dataset=npz).path).read_bytes() == first
    with pytest.raises(UsageError, match=r"kerasnn export model\.keras --to page"):
        kerasnn.export("softmax", to="page", dataset="garments", file="model.html")
    Path("model.html").write_text("<!doctype html> mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not overwritten"):
        kerasnn.export("model.keras", to="page", dataset=npz)
    kerasnn.export("model.keras", to="page", dataset=npz, force=True)
    assert Path("model.html").read_bytes() == first


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_is_no_text_is_no_fault(npz: Path) -> None:
    made = kerasnn.export("softmax", to="page", file=os.fsdecode(b"\xff.html"), dataset="garments")
    assert "\ufffd" not in made.path
    assert Path(made.path).is_file()


def test_what_it_cannot_be_is_refused(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="divides the pixels"):
        kerasnn.export("softmax", to="page", scaling="outside", dataset="garments")
    layers = [keras.layers.Reshape((6, 6, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    saved(keras.Sequential([keras.Input((6, 6)), *layers, keras.layers.Dense(3, activation="softmax")]), "c.keras")
    with pytest.raises(ModelFileError, match="page"):
        kerasnn.export("c.keras", to="page", dataset=npz, trust=True)
    monkeypatch.setattr(page_file, "MOST_PARAMETERS", 7849)
    with pytest.raises(UsageError, match="7,850 parameters, too many") as refused:
        kerasnn.export("softmax", to="page", dataset="garments")
    assert refused.value.expected == "at most 7,849"
    assert not list(Path().glob("*.html"))


def test_a_page_with_other_weights_is_not_written(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(designed(hidden=[4]))

    def spoiled(content: bytes) -> bytes:
        values = np.frombuffer(content, "<f4").copy() if len(content) > 100 else None
        return b64encode(content if values is None else (values * np.float32(1.05)).tobytes())

    monkeypatch.setattr("kerasnn.exports.page_file.b64encode", spoiled)
    with pytest.raises(CheckFailed, match="other probabilities"):
        kerasnn.export("model.keras", to="page", dataset=npz)
    assert not list(Path().glob("*.html"))
