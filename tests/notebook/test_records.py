"""Records in Python and in a notebook: a short repr, HTML that is well formed and escaped, numbers that are true."""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, get_args

import html5lib
import numpy as np
import pytest

import kerasnn
import kerasnn.records
from kerasnn.records import Estimate, Evaluation, Run, Several, TourStop
from kerasnn.records.shown import Shown
from kerasnn.views.notebook.parts import PARTS
from kerasnn.views.notebook.text import TEXTS
from tests.conftest import EVEN, prefer_keras, save_npz, working_in

XHTML = "{http://www.w3.org/1999/xhtml}"
NAMES = ("<b>bold</b>", 'a & "b"', "<script>alert(1)</script>")
TOPIC = "dropout"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Run, Run]]:
    """The user's data, with class names that want escaping, and two runs on it."""
    with working_in(tmp_path_factory.mktemp("<i>&notebook")) as folder, pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        data = save_npz(folder / "stripes.npz", count=EVEN)
        (folder / "classes.txt").write_text("\n".join(NAMES) + "\n", encoding="utf-8")
        runs = [kerasnn.train("dropout", dataset=data, hidden=[8], epochs=epochs) for epochs in (4, 2)]
        yield data, runs[0], runs[1]


@pytest.fixture(scope="module")
def evaluation(trained: tuple[Path, Run, Run]) -> Evaluation:
    data, run, _other = trained
    return kerasnn.evaluate(run.run, dataset=data)


@pytest.fixture(scope="module")
def shown(trained: tuple[Path, Run, Run], evaluation: Evaluation) -> dict[str, Any]:
    """One of each record that a student meets first."""
    data, run, other = trained
    return {
        "run": run,
        "evaluation": evaluation,
        "predictions": kerasnn.predict(run.run, indices=[0, 1, 2], dataset=data),
        "comparison": kerasnn.compare_runs([run.run, other.run]),
        "summary": kerasnn.summary(model=run.run),
        "explanation": kerasnn.explain(TOPIC, model=run.run, dataset=data),
        "weights": kerasnn.weights(run.run),
        "diagram": kerasnn.draw(run.run),
        "overview": kerasnn.data_overview(data),
        "report": kerasnn.report(run.run, dataset=data),
        "runs": kerasnn.list_runs(),
        "stages": kerasnn.stages(),
        "topics": kerasnn.topics(),
        "claims": kerasnn.claims(),
        "script": kerasnn.code(run.run),
    }


def parsed(html: str) -> Any:
    """The tree of a fragment, by a parser that takes no fault."""
    return html5lib.HTMLParser(strict=True).parseFragment(html)


def elements(tree: Any, name: str) -> list[Any]:
    return list(tree.iter(f"{XHTML}{name}"))


def text_of(tree: Any) -> str:
    return " ".join("".join(tree.itertext()).split())


def table(html: str, caption: str) -> list[list[str]]:
    """The cells of the table with that caption, row by row, without its head."""
    (found,) = [each for each in elements(parsed(html), "table") if each.find(f"{XHTML}caption").text == caption]
    return [[text_of(cell) for cell in row] for row in found.find(f"{XHTML}tbody")]


def test_the_html_is_well_formed_escaped_and_needs_nothing_else(shown: dict[str, Any]) -> None:
    for name, record in shown.items():
        tree = parsed(record._repr_html_())
        assert not elements(tree, "script"), name
        assert not elements(tree, "b"), name
        assert not elements(tree, "i"), name
        assert all(image.get("src").startswith("data:image/svg+xml,") for image in elements(tree, "img")), name
        assert all(len(image.get("alt")) > 5 for image in elements(tree, "img")), name
        assert all(text_of(heading) for level in ("h3", "h4", "h5") for heading in elements(tree, level)), name
        # a notebook has many outputs, and an id may occur only once
        assert not [element for element in tree.iter() if element.get("id")], name
    assert all(name in text_of(parsed(shown["evaluation"]._repr_html_())) for name in NAMES)


def test_what_is_drawn(shown: dict[str, Any]) -> None:
    pictures = {name: len(elements(parsed(record._repr_html_()), "img")) for name, record in shown.items()}
    least = {"run": 1, "predictions": 3, "comparison": 1, "weights": 1, "diagram": 1, "overview": 1, "evaluation": 1}
    assert {name: pictures[name] for name in least if pictures[name] < least[name]} == {}


def test_its_style_stays_inside(shown: dict[str, Any]) -> None:
    (style,) = elements(parsed(shown["summary"]._repr_html_()), "style")
    rules = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", style.text))
    assert len(rules) > 10
    assert [each for rule in rules for each in rule.split(",") if ".kerasnn" not in each] == []


def test_the_numbers_of_an_evaluation_are_those_of_keras(
    trained: tuple[Path, Run, Run], evaluation: Evaluation
) -> None:
    import keras

    data, run, _other = trained
    model = keras.models.load_model(str(data.parent / str(run.model)), compile=False)
    with np.load(data) as arrays:
        images, labels = arrays["x_test"] / np.float32(255), arrays["y_test"]
    answers = np.asarray(model(images)).argmax(axis=1)
    html = evaluation._repr_html_()
    facts = elements(parsed(html), "dl")[0]
    values = {text_of(each[0]): text_of(each[1]) for each in facts}
    assert values["test accuracy"] == f"{np.mean(answers == labels):.4f}"
    rows = table(html, "Each class on the test images")
    recalls = [np.mean(answers[labels == label] == label) for label in range(3)]
    assert [row[2] for row in rows] == [f"{recall:.3f}" for recall in recalls]
    assert [int(row[4]) for row in rows] == np.bincount(labels).tolist()


def test_the_epochs_of_a_run_are_those_of_its_file(trained: tuple[Path, Run, Run]) -> None:
    data, run, _other = trained
    saved = np.genfromtxt(data.parent / "runs" / run.run / "history.csv", delimiter=",", names=True)
    rows = np.array(table(run._repr_html_(), "Every epoch"), float)
    assert rows[:, 0].tolist() == [1, 2, 3, 4]
    for place, name in enumerate(("loss", "accuracy", "val_loss", "val_accuracy"), start=1):
        assert rows[:, place] == pytest.approx(saved[name], abs=5.1e-5)


def test_a_run_that_failed_or_has_no_epochs_still_shows(trained: tuple[Path, Run, Run]) -> None:
    _data, run, _other = trained
    bare = replace(run, status="failed", history=(), reading=None, validation=None, test=None, training=None)
    assert run.run in text_of(parsed(replace(bare, fault="<u>no</u>")._repr_html_()))
    assert repr(bare).startswith("Run(run=")


def test_the_repr_is_one_short_line(shown: dict[str, Any]) -> None:
    for name, record in shown.items():
        for each in record if isinstance(record, tuple) else [record]:
            assert len(repr(each)) < 240, name
            assert "\n" not in repr(each), name
    assert f"test.accuracy={shown['run'].test.accuracy:.4f}" in repr(shown["run"])
    # those inside a record are no longer
    assert max(len(repr(each)) for each in shown["explanation"].sections) < 240


def test_every_brief_names_fields() -> None:
    for module in pkgutil.iter_modules(kerasnn.records.__path__):
        importlib.import_module(f"kerasnn.records.{module.name}")
    kinds: list[Any] = [kind for kind in Shown.__subclasses__() if is_dataclass(kind)]
    assert len(kinds) > 40
    for kind in kinds:
        names = {field.name for field in fields(kind)}
        assert kind.brief, kind
        assert [path for path in kind.brief if path.partition(".")[0] not in names] == [], kind


def test_every_record_that_a_function_returns_has_a_view() -> None:
    returned = [
        inspect.signature(each).return_annotation
        for each in attrgetter(*kerasnn.__all__)(kerasnn)
        if inspect.isfunction(each)
    ]
    kinds = {kind for each in returned for kind in (each, *get_args(each)) if inspect.isclass(kind)}
    records = {kind for kind in kinds if kind.__module__.startswith("kerasnn.records") and is_dataclass(kind)}
    assert len(records) > 20
    assert records - set(PARTS) - set(TEXTS) == {TourStop}  # shown as its run or its explanation


def test_what_has_no_view_is_left_to_its_repr() -> None:
    estimate = Estimate("a", "b", (0.1,), 0.1, None, None, None, None, "holds")
    assert estimate._repr_html_() is None
    assert Several(()) == ()
    assert Several[Estimate]((estimate,))._repr_html_() is None
    assert Several[Estimate](())._repr_html_() is None


def test_ipython_shows_records(shown: dict[str, Any]) -> None:
    formatters = pytest.importorskip("IPython.core.formatters", reason="wants IPython, which comes with ipykernel")
    formatter = formatters.DisplayFormatter()
    formatter.active_types = ["text/plain", "text/html"]
    for name, record in shown.items():
        data, _metadata = formatter.format(record)
        assert data["text/html"] == record._repr_html_(), name
        if not isinstance(record, tuple):
            assert data["text/plain"] == repr(record), name


def test_a_history_as_a_data_frame(trained: tuple[Path, Run, Run]) -> None:
    pytest.importorskip("pandas", reason="wants pandas")
    data, run, _other = trained
    frame = run.history_frame()
    saved = np.genfromtxt(data.parent / "runs" / run.run / "history.csv", delimiter=",", names=True)
    assert frame.index.name == "epoch"
    assert frame.index.tolist() == saved["epoch"].tolist()
    assert list(frame.columns) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    for name in frame.columns:
        assert frame[name].to_numpy() == pytest.approx(saved[name], rel=1e-6)


def test_without_pandas_it_says_what_to_install(
    trained: tuple[Path, Run, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kerasnn.KerasnnError, match="pandas") as caught:
        trained[1].history_frame()
    assert caught.value.hint == "pip install pandas"
