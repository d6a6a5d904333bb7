"""The pages in docs/: their links lead somewhere, and no picture lies there unseen."""

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def links(page: Path) -> set[Path]:
    found = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in found}


def test_links_lead_somewhere() -> None:
    assert len(PAGES) > 5
    for page in PAGES:
        assert [target for target in links(page) if not target.is_file()] == [], page


def test_every_picture_is_shown() -> None:
    shown = set().union(*map(links, [*PAGES, DOCS.parent / "README.md"]))
    inputs = {DOCS / "pictures" / "shirt.png"}
    assert set((DOCS / "pictures").iterdir()) - inputs <= shown


def test_svgs_are_well_formed_named_and_fetch_nothing() -> None:
    for path in (DOCS / "pictures").glob("*.svg"):
        root = Xml.parse(path).getroot()
        assert root.get("role") == "img"
        assert root.findtext("{http://www.w3.org/2000/svg}title")
        references = [value for element in root.iter() for key, value in element.items() if key.endswith("href")]
        assert all(value.startswith(("#", "data:")) for value in references)
