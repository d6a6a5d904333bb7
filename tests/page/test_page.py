"""A page without a browser: it loads nothing, is well formed, describes its pictures in words, and is small."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.errors import DataError, UsageError
from kerasnn.lecture.settings import find_stage

XHTML = "{http://www.w3.org/1999/xhtml}"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@pytest.fixture(params=["run_page", "comparison_page"])
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def parsed(path: Path) -> Any:
    """The tree of a page, by a parser that takes no fault."""
    return html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


def elements(tree: Any, name: str) -> list[Any]:
    return list(tree.iter(f"{XHTML}{name}"))


def test_it_loads_nothing(page: Path) -> None:
    tree = parsed(page)
    for element in tree.iter():
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            address = element.get(name)
            assert address is None or address.startswith(("data:", "#")), address
    assert not elements(tree, "script")
    (style,) = elements(tree, "style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    (policy,) = [meta for meta in elements(tree, "meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy.get("content").startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert not any(element.get("style") for element in tree.iter())


def test_every_picture_is_told_in_words_and_every_table_has_heads(page: Path) -> None:
    tree = parsed(page)
    assert len(elements(tree, "img")) >= 2
    assert all(len(image.get("alt", "")) > 5 for image in elements(tree, "img"))
    for table in elements(tree, "table"):
        assert table.find(f"{XHTML}caption").text
        assert all(head.get("scope") in ("col", "row") for head in table.iter(f"{XHTML}th"))
        widths = {len(list(row)) for row in table.iter(f"{XHTML}tr")}
        assert len(widths) == 1


def test_headings_are_in_order_and_links_lead_somewhere(page: Path) -> None:
    tree = parsed(page)
    levels = [int(element.tag[-1]) for element in tree.iter() if element.tag in {XHTML + name for name in HEADINGS}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    anchors = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(anchors) == len(set(anchors))
    links = [link.get("href") for link in elements(tree, "a")]
    assert links
    assert all(link.removeprefix("#") in anchors for link in links)


def test_it_is_small(page: Path) -> None:
    assert page.stat().st_size < 3_000_000


def test_what_a_run_page_shows(run_page: Path) -> None:
    text = run_page.read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    for heading in (
        "Results",
        "Learning curves",
        "The network",
        "Settings",
        "Class by class",
        "Reproduce",
        "The weights as images",
        "The ideas, worked out",
    ):
        assert f"<h2>{heading}</h2>" in text
    assert "kerasnn train early-stopping --hidden 8 --epochs 4" in text
    assert "<h1>One hidden layer of 8 ReLU units, Adam, 4 epochs, dropout 0.3, patience 2</h1>" in text
    assert "hidden units 8 instead of 100, epochs 4 instead of 20." in text
    assert find_stage("early-stopping").step not in text  # what the slide says of its own settings
    assert "0.8768" not in text  # published
    assert "stripe 1" in text
    assert "<script>alert" not in text
    assert "x &lt; y &amp; &lt;script&gt;" in text
    assert "95 percent interval -0.0200 to -0.0050" in text
    assert "784 weights" not in text or "does not hold" not in re.sub("<[^>]*>", "", text)


def test_a_page_to_hand_in(npz: Path) -> None:
    run = kerasnn.train("softmax", dataset=npz, engine="keras", epochs=2)
    found = kerasnn.report(run.run, title="My <first> network", author="Kim & Lee")
    text = kerasnn.save_report(found, "report.html").read_text(encoding="utf-8")
    assert "<h1>My &lt;first&gt; network</h1>" in text
    assert '<p class="lead">Kim &amp; Lee</p>' in text
    assert "<h2>The ideas, worked out</h2>" not in text
    assert "<h2>The weights as images</h2>" not in text
    assert "Next:" not in re.sub("<[^>]*>", "", text)
    assert found.again == f"kerasnn report {run.run} '--title=My <first> network' '--author=Kim & Lee'"
    assert run.command in text


def test_ideas_are_of_one_run() -> None:
    with pytest.raises(UsageError, match="one run"):
        kerasnn.report("sgd", "softmax", ideas=True)


def test_a_comparison_in_korean(comparison_page: Path) -> None:
    text = comparison_page.read_text(encoding="utf-8")
    assert '<html lang="ko">' in text
    assert "<h2>비교</h2>" in text
    assert "7,850" in text


@pytest.mark.full
def test_the_command(capsys: pytest.CaptureFixture[str], npz: Path) -> None:
    assert main(["train", "--stage", "softmax", "--epochs", "1", "--engine", "keras", "--dataset", str(npz), "-q"]) == 0
    capsys.readouterr()
    assert main(["report", "--ideas", "--out", "latest.html"]) == 0
    captured = capsys.readouterr()
    assert "ideas worked out" in captured.out
    assert "written: latest.html" in captured.err
    assert parsed(Path("latest.html")) is not None
    assert main(["report", "nothing"]) == 5
    assert main(["report", "sgd", "--lecture"]) == 2
    assert not Path("report.html").exists()


def test_claims_that_are_none(npz: Path) -> None:
    npz.with_name("claims.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="does not contain judged claims"):
        kerasnn.report("sgd", dataset="garments", claims=npz.with_name("claims.json"))


def test_a_reference_model_without_its_images_is_not_measured() -> None:
    found = kerasnn.report("sgd", "softmax")
    assert [reported.evaluation for reported in found.runs] == [None, None]
    assert "were not evaluated" in found.notes[0]


def test_the_lecture(real_data: Path, tmp_path: Path) -> None:
    found = kerasnn.report(lecture=True, data_dir=real_data)
    assert len(found.runs) == 8
    assert len(found.explanations) == 17
    assert all(explanation.holds for explanation in found.explanations)
    page = kerasnn.save_report(found, tmp_path / "lecture.html")
    assert page.stat().st_size < 3_000_000
    assert parsed(page) is not None
