"""The lecture's notebook: complete, in both languages, and every cell runs in a real kernel."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerasnn.lecture import classes
from kerasnn.lecture.stages import STAGES
from kerasnn.lecture.topics import TOPICS
from kerasnn.scripts.lecture_notebook import lecture_text
from tests.conftest import first, garments_to_split

nbformat: Any = pytest.importorskip("nbformat")
FEW = 200  # images to learn from


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_has_every_stage_and_idea_and_is_the_same_each_time(language: str) -> None:
    text = lecture_text(language)
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            compile(cell.source, "cell", "exec")
    assert [stage.name for stage in STAGES if f'kerasnn.train("{stage.name}"' not in code] == []
    assert [topic.name for topic in TOPICS if f'kerasnn.explain("{topic.name}"' not in code] == []
    assert lecture_text(language) == text


def test_the_korean_one_is_in_korean() -> None:
    notebook = nbformat.reads(lecture_text("ko"), as_version=4)
    markdown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [text for text in markdown if not any("가" <= letter <= "힣" for letter in text)] == []


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_cell_runs(surroundings: Path, language: str) -> None:
    nbclient = pytest.importorskip("nbclient", reason="wants nbclient and ipykernel")
    pytest.importorskip("ipykernel", reason="wants nbclient and ipykernel")
    source = garments_to_split()
    learning, test = first(source.learning, FEW), first(source.test, FEW)
    np.savez("few.npz", x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    Path("classes.txt").write_text("\n".join(classes.ENGLISH) + "\n", encoding="utf-8")
    Image.fromarray(255 - test.images[0]).resize((280, 280)).save("own <b>&.png")
    notebook = nbformat.reads(lecture_text(language).replace('DATA = \\"auto\\"', 'DATA = \\"few.npz\\"'), as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(surroundings)}}).execute()
    shown = [_html(cell) for cell in notebook.cells if cell.cell_type == "code"]
    # all but the imports show a record
    assert [place for place, each in enumerate(shown) if not each] == [0]
    assert all(
        f'<div class="kerasnn mathjax_ignore tex2jax_ignore" lang="{language}">' in each for each in shown if each
    )
    assert "own &lt;b&gt;&amp;.png" in shown[-1]
    for stage in STAGES:
        if stage.library == "keras" and stage.settings.patience is None:  # early stopping may end sooner
            cell = next(each for each in notebook.cells if f'= kerasnn.train("{stage.name}"' in each.source)
            assert len(_progress(cell)) >= stage.settings.epochs, stage.name


def _progress(cell: Any) -> list[str]:
    """The lines that a cell shows while it works; its last value is an `execute_result`."""
    shown = [output.data["text/plain"] for output in cell.outputs if output.output_type == "display_data"]
    return [line for text in shown for line in text.splitlines()]


def _html(cell: Any) -> str:
    found = [output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})]
    return str(found[-1]) if found else ""
