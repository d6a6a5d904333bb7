"""The README and the pages in docs/: their links lead somewhere, and every picture is shown."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np

from kerasnn.data.dataset import Part
from kerasnn.data.load import load_data
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.runs.reference import model_path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = [*DOCS.parent.glob("README*.md"), *sorted(DOCS.rglob("*.md"))]


def links(page: Path) -> set[Path]:
    found = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in found}


def test_links_lead_somewhere() -> None:
    assert len(PAGES) > 5
    for page in PAGES:
        assert [target for target in links(page) if not target.is_file()] == [], page


def test_every_picture_is_shown() -> None:
    shown = set().union(*map(links, PAGES))
    inputs = {DOCS / "pictures" / "shirt.png"}
    assert set((DOCS / "pictures").iterdir()) - inputs <= shown


def test_svgs_are_well_formed_named_and_fetch_nothing() -> None:
    for path in (DOCS / "pictures").glob("*.svg"):
        root = Xml.parse(path).getroot()
        assert root.get("role") == "img"
        assert root.findtext("{http://www.w3.org/2000/svg}title")
        references = [value for element in root.iter() for key, value in element.items() if key.endswith("href")]
        assert all(value.startswith(("#", "data:")) for value in references)


def test_the_dead_units_of_the_dropout_stage(real_data: Path) -> None:
    """What pictures.md says: fifteen answer none of the 48,000 training images, and only four others, faintly."""
    data, network = load_data("fashion-mnist", data_dir=real_data), open_classifier(model_path("dropout"))
    assert isinstance(network, Network)
    first = network.weights[0]

    def outputs(part: Part) -> Any:
        return np.maximum(unrolled(part.images) @ first.kernel + first.bias, 0)

    dead = ~outputs(data.train).any(axis=0)
    awake = outputs(data.validation)[:, dead]
    assert (len(data.train), int(dead.sum()), int(awake.any(axis=1).sum())) == (48_000, 15, 4)
    assert awake.max() < 0.2
