"""Golden renders at width 80, and every view at any width and on any terminal."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.stages import PublishedRange
from kerasnn.records import Checkup, DataCheck, DataFile, Finding, Run, RunComparison
from kerasnn.views.comparison import code_view
from kerasnn.views.data import check_view, checkup_view, overview_view
from kerasnn.views.evaluation import evaluation_view, predictions_view
from kerasnn.views.format import format_duration, join_items
from kerasnn.views.run import run_view
from kerasnn.views.runs import run_comparison_view
from kerasnn.views.stages import stages_view, summary_view
from kerasnn.views.table import STAND_IN


def rendered(view: object, width: int = 80, *, colour: bool = False, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")  # as main sets stdout
    system: Any = "truecolor" if colour else None
    console = Console(file=stream, width=width, color_system=system, force_terminal=colour, highlight=False)
    console.print(view)
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(encoding)


@pytest.fixture(scope="module")
def run(even: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return kerasnn.train(
        "early-stopping", dataset=even, epochs=4, hidden=[6], engine="keras", out=tmp_path_factory.mktemp("runs")
    )


@pytest.fixture(scope="module")
def views(run: Run, even: Dataset) -> list[object]:
    """A view of each kind."""
    model = run.model or ""
    check = DataCheck("here", False, (DataFile("a.gz", "/a.gz", "corrupt", "sha256 differs"),))
    checkup = Checkup((Finding("disk", "fault", "full", "make room", fatal=True),), healthy=False)
    return [
        run_view(run),
        evaluation_view(kerasnn.evaluate(model, dataset=even)),
        predictions_view(kerasnn.predict(model, indices=range(2), dataset=even)),
        predictions_view(kerasnn.predict(model, indices=range(5), dataset=even)),
        stages_view(kerasnn.stages()),
        code_view(),
        check_view(check),
        checkup_view(checkup),
        overview_view(kerasnn.data_overview(even)),
    ]


def test_the_summary_at_width_80() -> None:
    assert [line.rstrip() for line in rendered(summary_view(kerasnn.summary("hidden"))).splitlines()] == [
        "hidden learns 79,510 numbers, in 2 layers.",
        "hidden: input (None, 784)",
        "",
        " layer (type)    output shape  parameters  how they are counted",
        " ──────────────────────────────────────────────────────────────────",
        " hidden (Dense)  (None, 100)       78,500  784 x 100 + 100 = 78,500",
        " output (Dense)  (None, 10)         1,010  100 x 10 + 10 = 1,010",
        "",
        "total 79,510   trainable 79,510   non-trainable 0",
        "None is the batch dimension: any number of images.",
        "",
    ]


def test_the_table_of_a_run_shows_every_figure(run: Run) -> None:
    text = rendered(run_view(run), 100)
    assert run.test is not None
    assert text.startswith(f"early-stopping (changed) recognises {run.test.accuracy:.1%} of the")
    for scores in (run.training, run.validation, run.test):
        assert scores is not None
        assert f"{scores.loss:.4f}" in text
        assert f"{scores.accuracy:.4f}" in text
    if run.best_epoch == run.stopped_epoch:
        assert f"best, last: epoch {run.best_epoch}" in text
    else:
        assert f"best: epoch {run.best_epoch}" in text
        assert f"last: epoch {run.stopped_epoch}" in text
    assert "One hidden layer of 6 ReLU units, Adam, 4 epochs, dropout 0.3, patience 2" in text
    flowing = " ".join(text.split())  # a line may break after any space
    assert "hidden units 6 instead of 100, epochs 4 instead of 20." in flowing
    assert run.command not in flowing
    assert run.command in rendered(run_view(run, verbose=True), 200)


def test_the_published_range_stands_beside_the_figure(run: Run) -> None:
    published = kerasnn.stages()[6].published
    text = rendered(run_view(replace(run, overrides={}, published=published)), 100)
    assert "0.8768 to" in text
    assert "0.8859" in text


def test_the_published_range_is_compared_with_its_epoch(run: Run) -> None:
    assert run.validation is not None
    own = round(run.validation.accuracy, 4)
    for low, high, where in ((own, own, "within"), (own + 1e-4, 1.0, "below"), (0.0, own - 1e-4, "above")):
        text = rendered(run_view(replace(run, published=PublishedRange(low, high, "x", "kept"))), 200)
        assert f"compare it with epoch {run.kept_epoch}, whose validation accuracy of {own:.4f} lies {where}" in text
    assert "compare it" not in rendered(run_view(replace(run, published=PublishedRange(0, 1, "x", None))), 200)
    best = replace(run, best_epoch=2, kept_epoch=4, published=PublishedRange(0, 1, "x", "best"))
    expected = f"epoch 2, whose validation accuracy of {run.history[1].val_accuracy:.4f} lies within"
    assert expected in rendered(run_view(best), 200)


def test_it_is_said_why_the_best_epoch_is_not_the_saved_one(run: Run) -> None:
    says = "without patience the last epoch is saved"
    without = replace(run, best_epoch=2, kept_epoch=4, settings=replace(run.settings, patience=None))
    assert says in rendered(run_view(without), 200)
    assert says not in rendered(run_view(replace(without, best_epoch=4)), 200)
    assert says not in rendered(run_view(replace(without, settings=run.settings)), 200)


def test_a_comparison_ends_with_an_answer(run: Run) -> None:
    assert run.validation is not None
    assert run.test is not None
    better = replace(
        run,
        validation=replace(run.validation, loss=run.validation.loss - 0.25),
        test=replace(run.test, accuracy=run.test.accuracy - 0.01),
    )
    compared = RunComparison((run, better), (), ())

    def last(comparison: RunComparison, by_seed: tuple[str, float] | None = None) -> str:
        return rendered(run_comparison_view(comparison, by_seed=by_seed), 300).strip().splitlines()[-1]

    assert last(compared) == "B has the lowest validation loss, 0.2500 below that of A."
    says = "Their test accuracies differ by 0.0100. Two seeds of the lecture's adam differ by up to 0.0141"
    assert last(compared, ("adam", 0.0141)).startswith(says)
    assert last(compared, ("adam", 0.009)) == last(compared)  # a seed alone does not explain it
    assert last(RunComparison((run, run), (), ())) == "A and B have the same validation loss."
    other = replace(better, dataset=replace(run.dataset, sha256="0" * 64))
    assert "validation loss." not in last(RunComparison((run, other), (), ()))


def test_what_garments_made_says_so(run: Run) -> None:
    stand_in = replace(run, dataset=replace(run.dataset, stand_in=True))
    assert STAND_IN in rendered(run_view(stand_in), 200)


@pytest.mark.parametrize("width", [20, 60, 80, 100, 120, 400])
@pytest.mark.parametrize(
    ("colour", "encoding"), [(True, "utf-8"), (False, "utf-8"), (False, "ascii"), (False, "cp949")]
)
def test_no_width_and_no_terminal_breaks_a_view(views: list[object], width: int, colour: bool, encoding: str) -> None:
    for view in views:
        text = rendered(view, width, colour=colour, encoding=encoding)
        assert text.strip()
        if not colour and encoding != "cp949":  # Python's len is not the width of a Korean terminal
            assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (119, "119 s"), (120, "2 min 0 s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(("items", "text"), [([], ""), ([1], "1"), ([1, 2], "1 and 2"), ([1, 2, 3], "1, 2 and 3")])
def test_listings(items: list[int], text: str) -> None:
    assert join_items(items) == text


def test_a_long_name_leaves_room_for_its_probability(run: Run, even: Dataset) -> None:
    (prediction,) = kerasnn.predict(run.model or "", indices=[0], dataset=even)
    long = replace(prediction, names=("a very long name of a class that goes on and on " * 3, "바지", "신발"))
    for width in (80, 60):
        shown = rendered(predictions_view([long]), width)
        assert all(f"{value:.4f}" in shown for value in prediction.probabilities)
