"""`kerasnn tour`: every stop in order; it remembers its place, and pauses only on a terminal."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset, RawDataset, split
from kerasnn.errors import EnvironmentFault, Interrupted
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.lecture.stops import TOUR
from kerasnn.lecture.topics import TOPICS
from kerasnn.lessons.tour import Place, Tour
from kerasnn.records import TourStop

pytestmark = pytest.mark.usefixtures("quick_engine")


def test_the_tour_passes_every_stage_and_every_idea_once() -> None:
    stages = [stop.name for stop in TOUR if stop.kind == "stage"]
    assert sorted(stages) == sorted(stage.name for stage in STAGES)
    assert sorted(stop.name for stop in TOUR if stop.kind == "idea") == sorted(topic.name for topic in TOPICS)
    for stop in TOUR:
        if stop.compared_with is not None:
            assert stages.index(stop.compared_with) < stages.index(stop.name)
            assert stop.compared_with in STAGE_BY_NAME


@pytest.fixture
def small(few_garments: RawDataset) -> Dataset:
    """A few garments, as large as the lecture's images: the reference models take them."""
    return split(few_garments)


@pytest.mark.full
def test_a_tour_is_left_and_goes_on_there(small: Dataset, surroundings: Path) -> None:
    out = surroundings / "runs"
    stops = kerasnn.tour(fast=True, dataset=small, out=out)
    assert [next(stops).name for _ in range(3)] == ["normalize", "sgd", "glossary"]
    with pytest.raises(Interrupted, match="left at stop 3 of 25") as caught:
        stops.throw(KeyboardInterrupt)
    assert caught.value.hint is not None
    rest = list(kerasnn.tour(fast=True, dataset=small, out=out))
    assert [stop.number for stop in rest] == list(range(3, 26))
    trained = {stop.name: stop for stop in rest if stop.run is not None}
    step = trained["hidden"].step
    assert step is not None
    assert step.before == "softmax"
    before, now = trained["softmax"].run, trained["hidden"].run
    assert before is not None
    assert now is not None
    assert before.validation is not None
    assert now.validation is not None
    assert step.accuracy_gain == pytest.approx(now.validation.accuracy - before.validation.accuracy)
    assert now.parameters - step.before_parameters == 79_510 - 7_850
    ideas = {stop.name: stop.explanation for stop in rest if stop.explanation is not None}
    assert all(idea.holds for idea in ideas.values())
    assert ideas["linear"].model == before.run  # worked out on the tour's own training
    # a finished tour begins anew, and so does one on other images
    assert Tour(small, out, fast=True).begin().passed == 0
    assert json.loads((out / "tour.json").read_text(encoding="utf-8"))["passed"] == 25


def test_a_damaged_place_or_another_pace_begins_anew(small: Dataset, surroundings: Path) -> None:
    out = surroundings / "runs"
    next(kerasnn.tour(fast=True, dataset=small, out=out))
    place = Tour(small, out, fast=True).begin()
    place.passed = 7
    out.mkdir(exist_ok=True)
    Tour(small, out, fast=True).save(place)
    assert Tour(small, out, fast=True).begin().passed == 7
    assert Tour(small, out, fast=True).begin(restart=True).passed == 0
    assert Tour(small, out, fast=False).begin().passed == 0
    good = {"images": small.info.sha256, "fast": True, "passed": 7, "runs": {}}
    wrong = ({"passed": -1}, {"passed": 1.5}, {"passed": True}, {"runs": {"dropout": 5}}, {"runs": {"dropout": "../x"}})
    for text in ("{", "[" * 100_000, *(json.dumps({**good, **each}) for each in wrong)):
        (out / "tour.json").write_text(text, encoding="utf-8")
        assert Tour(small, out, fast=True).begin().passed == 0, text[:60]


def test_a_run_that_was_removed_leaves_the_tour_its_reference(small: Dataset, surroundings: Path) -> None:
    place = Place(small.info.sha256, True, 0, {"softmax": "20261124-101500-softmax-s42"})
    stop = next(stop for stop in TOUR if stop.name == "linear")
    assert Tour(small, surroundings / "runs", fast=True)._idea(stop, place).name == "linear"


def test_two_tours_with_one_place_take_turns(small: Dataset, surroundings: Path) -> None:
    first = kerasnn.tour(fast=True, dataset=small, out=surroundings)
    next(first)
    with pytest.raises(EnvironmentFault, match="in use by another process"):
        next(kerasnn.tour(fast=True, dataset=small, out=surroundings))
    first.close()
    assert next(kerasnn.tour(fast=True, dataset=small, out=surroundings)).number == 1


def test_an_interrupted_tour_prints_the_stops_it_had(
    small: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = kerasnn.tour(fast=True, dataset=small)

    def tour(**_: object) -> Iterator[TourStop]:
        yield from itertools.islice(stops, 1)
        raise Interrupted("left")

    monkeypatch.setattr("kerasnn.tour", tour)
    assert main(["tour", "--json"]) == 130
    printed = json.loads(capsys.readouterr().out)
    assert [stop["name"] for stop in printed["shown"]] == ["normalize"]
    assert printed["error"]["code"] == 130


@pytest.mark.full
@pytest.mark.usefixtures("few_garments")
def test_the_command_waits_for_nobody_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tour", "--fast", "--dataset", "garments", "--lang", "ko"]) == 0
    printed = capsys.readouterr().out
    assert "25곳 중 1번째  픽셀" in printed
    assert "hidden 단계와 비교" in printed
    assert "25곳 중 25번째" in printed
