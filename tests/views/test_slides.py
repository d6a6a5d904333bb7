"""Every figure is a slide, in English and in Korean: 16:9, letters of 14 points or more, no text on anything else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.language import speaking
from kerasnn.lecture.stages import PublishedRange
from kerasnn.lecture.topics import TOPICS
from kerasnn.lessons.reported_run import run_of
from kerasnn.records import (
    Agreement,
    Contender,
    Epoch,
    Evaluation,
    Job,
    Outcome,
    Prediction,
    Race,
    Reproduction,
    Scores,
    Seconds,
    Spread,
    StageResult,
    StepSize,
)
from kerasnn.runs.find_model import find_model
from kerasnn.views.figures import letters, style
from kerasnn.views.figures.answers import save_confusion, save_probabilities
from kerasnn.views.figures.curves import save_curves, save_runs
from kerasnn.views.figures.explanation import save_drawing
from kerasnn.views.figures.images import save_contact_sheet, save_mistakes, save_weight_maps
from kerasnn.views.figures.studies import save_race, save_reproduction
from kerasnn.views.palette import Style
from tests.views.slides import Slide, faults, hangul_font, watched

LONG = "the-name-of-a-run-that-goes-on-and-on"


@pytest.fixture(scope="module")
def hangul(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("fonts") / "squares.ttf"
    hangul_font("Squares", path)
    font_manager.fontManager.addfont(path)
    return "Squares"


@pytest.fixture(params=["en", "ko"])
def language(request: pytest.FixtureRequest, hangul: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for module in (letters, style):
        monkeypatch.setattr(module, "hangul_fonts", lambda: (hangul,))
    with speaking(request.param):
        yield request.param


def test_the_measure_finds_what_is_wrong(tmp_path: Path) -> None:
    with watched() as slides:
        drawing = Figure(figsize=(8, 4.5))
        area = drawing.subplots()
        area.plot([0, 1], [0, 1])
        area.text(0.5, 0.5, "on the line", fontsize=8)
        area.text(0.1, 0.8, "one")
        area.text(0.1, 0.8, "turned", rotation=30)
        area.text(0.9, 0.1, "this one is far too long for it")
        area.text(0.1, 0.5, "pale", color="#cccccc")
        drawing.savefig(tmp_path / "a.png", dpi=100)
    text = "; ".join(faults(slides[0]))
    for wrong in (
        "is [8.  4.5] inches",
        "letters of 8",
        "'pale' is #cccccc on #ffffff",
        "'on the line' stands on",
        "'one' on 'turned'",
        "leaves the",
    ):
        assert wrong in text


@pytest.fixture
def paper(language: str) -> Style:
    return "dark" if language == "ko" else "light"  # the layout does not depend on it


def check(slides: list[Slide], count: int) -> None:
    assert [faults(slide) for slide in slides] == [[]] * count


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return kerasnn.evaluate("dropout", dataset="garments")


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Prediction, ...]:
    path = tmp_path_factory.mktemp("images") / "a photograph of an old winter coat 2026.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 60), np.uint8)).save(path)
    (photograph,) = kerasnn.predict("dropout", [str(path)])
    answers = kerasnn.predict("dropout", indices=[3], dataset="garments")
    return photograph, *answers


def test_answers(paper: Style, evaluation: Evaluation, predictions: tuple[Prediction, ...], tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with watched() as slides:
        save_confusion(evaluation, path, paper)
        save_mistakes(evaluation, path, paper)
        for prediction in predictions:
            save_probabilities(prediction, path, paper)
    check(slides, 4)


@pytest.mark.parametrize("count", [3, 14, 30])
def test_other_numbers_of_classes(
    paper: Style, evaluation: Evaluation, predictions: tuple[Prediction, ...], count: int, tmp_path: Path
) -> None:
    names = tuple(f"a class with a long name {number}" for number in range(count))
    matrix = tuple(tuple(1000 + 9 * row + column for column in range(count)) for row in range(count))
    info = replace(evaluation.dataset, classes=names)
    mistakes = tuple(replace(each, truth=names[0], answer=names[1]) for each in evaluation.mistakes)
    share = tuple(np.full(count, 1 / count).tolist())
    prediction = replace(predictions[1], names=names, probabilities=share, label=0, truth=names[0])
    overview = replace(kerasnn.data_overview("garments"), dataset=info)
    overview = replace(overview, samples=(overview.samples * 4)[:count])
    with watched() as slides:
        save_confusion(replace(evaluation, confusion=matrix, dataset=info), tmp_path / "a.png", paper)
        save_mistakes(replace(evaluation, mistakes=mistakes, dataset=info), tmp_path / "a.png", paper)
        save_probabilities(prediction, tmp_path / "a.png", paper)
        save_contact_sheet(overview, tmp_path / "a.png", paper)
    check(slides, 4)


def test_curves(paper: Style, tmp_path: Path) -> None:
    runs = {name: run_of(find_model(name)) for name in ("softmax", "relu", "adam", "dropout", "overfit")}
    histories = [(name, run.history) for name, run in runs.items()]
    with watched() as slides:
        for run in runs.values():
            save_curves(run, tmp_path / "a.png", paper)
        save_runs(histories, tmp_path / "a.png", paper)
        save_runs([(f"{number}-{LONG}", HISTORY) for number in range(9)], tmp_path / "a.png", paper)
    check(slides, len(runs) + 2)


@pytest.mark.parametrize("units", [1, 10, 100, 400])
def test_weights(paper: Style, units: int, tmp_path: Path) -> None:
    maps = np.random.default_rng(0).normal(size=(units, 28, 28))
    with watched() as slides:
        save_weight_maps(maps, [str(unit) for unit in range(units)], tmp_path / "a.png", paper)
        save_weight_maps(maps[:20], [f"{unit} {LONG[:12]}" for unit in range(units)][:20], tmp_path / "a.png", paper)
    check(slides, 2)


def test_images_of_each_class(paper: Style, tmp_path: Path) -> None:
    with watched() as slides:
        save_contact_sheet(kerasnn.data_overview("garments"), tmp_path / "a.png", paper)
    check(slides, 1)


HISTORY = tuple(
    Epoch(number, 1 / number, 1 - 0.5 / number, 0.9 / number, 0.9 - 0.4 / number) for number in range(1, 21)
)


def race(dataset: Dataset) -> Race:
    paces = [
        tuple(StepSize(number, rate, rate / 2, rate * 3, rate / 9, 1.0) for number in range(1, 21))
        for rate in (0.01, 0.013, 0.05, 0.2, 1.4, 0.0007)
    ]
    contenders = tuple(
        Contender(name, "sgd", 0.01, 0.0, False, HISTORY, pace, 3, None, None, 1.0, "x", False)
        for name, pace in zip(("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"), paces, strict=True)
    )
    return Race(dataset.info, "dropout", 42, 20, 32, 0.35, contenders)


def reproduction(dataset: Dataset) -> Reproduction:
    stages, outcomes = [], []
    spread, published = Spread(0.87, 0.01, 0.86, 0.88), PublishedRange(0.86, 0.88, "x", "kept")
    for name in ("sgd", "softmax", "hidden", "relu", "adam", "dropout", "early-stopping", "overfit"):
        agreement = Agreement(published, spread, 2, 0.001, "agrees")
        found = (0, spread, spread, spread, spread, None, spread, spread, agreement, ())
        stages.append(StageResult(name, *found))
        for seed in range(3):
            scores = Scores(0.3 + 0.02 * seed, 0.86 + 0.01 * seed)
            outcomes.append(
                Outcome(Job(name, seed), 9, HISTORY, 3, 5, 5, scores, scores, scores, Seconds(1, 1, 1, 1), "x")
            )
    return Reproduction(dataset.info, (0, 1, 2), tuple(stages), tuple(outcomes), 24, 1.0, "x", "x")


def test_studies(language: str, even: Dataset, tmp_path: Path) -> None:
    with watched() as slides:
        save_race(race(even), tmp_path / "a.png")
        save_reproduction(reproduction(even), tmp_path / "a.png")
    check(slides, 2)


@pytest.mark.full
@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_explanations(language: str, topic: str, tmp_path: Path) -> None:
    pictures = [each for part in kerasnn.explain(topic, dataset="garments").sections for each in part.pictures]
    with watched() as slides:
        for picture in pictures:
            save_drawing(picture, tmp_path / "a", suffixes=(".png",))
    check(slides, len(pictures))
