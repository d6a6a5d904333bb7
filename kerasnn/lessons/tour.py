"""A tour through the lecture: ideas worked out and stages trained, one after the other, its place kept in a file."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.data.source import AUTO
from kerasnn.errors import Interrupted, KerasnnError, ModelFileError
from kerasnn.files.atomic import check_writable, write_text
from kerasnn.files.locks import file_lock
from kerasnn.files.paths import RUNS
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.lecture.topics import TOPIC_BY_NAME
from kerasnn.lecture.tour import TOUR, Stop
from kerasnn.lessons.topics import explain
from kerasnn.records import Listener, Run, Scores, Step, TourStop, ignore
from kerasnn.records.deserialize import restore
from kerasnn.runs.execute import train
from kerasnn.runs.folder import read_record

PLACE: Final = "tour.json"
LOCK: Final = ".tour.lock"
LARGEST_PLACE: Final = 1 << 16
FAST_EPOCHS: Final = 2


@dataclass
class Place:
    """How far a tour has come: stops passed, and the runs of the stages trained. `images`: digest of the data set."""

    images: str
    fast: bool
    passed: int = 0
    runs: dict[str, str] = field(default_factory=dict)


def tour(
    *,
    fast: bool = False,
    restart: bool = False,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
) -> Iterator[TourStop]:
    """Iterate over the stops of the lecture, each worked out or trained when asked for; an earlier tour continues.

    `fast`: at most two epochs per stage. `restart`: from the first stop. `dataset`, `data_dir`: as in `load_data`.
    `out`: the folder of the tour's runs and of its place. Raises: UsageError, DataError, Interrupted.
    """
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    lecture = Tour(data, Path(out), fast, listener)
    return lecture.stops(lecture.begin(restart=restart))


@dataclass
class Tour:
    """`out`: the folder of its runs and of its place. `fast`: at most two epochs a stage."""

    dataset: Dataset
    out: Path
    fast: bool = False
    listener: Listener = ignore

    def begin(self, *, restart: bool = False) -> Place:
        """The place where this tour was left, or its beginning; another data set or pace begins anew."""
        fresh = Place(self.dataset.info.sha256, self.fast)
        kept = None if restart else self._read()
        if kept is None or (kept.images, kept.fast) != (fresh.images, fresh.fast) or kept.passed >= len(TOUR):
            return fresh
        return kept

    def stops(self, place: Place) -> Iterator[TourStop]:
        """The stops from `place` on; each is passed once the next one is asked for.

        Raises: Interrupted where the user breaks off, the place is kept; EnvironmentFault where another process is
        on a tour with the same place.
        """
        check_writable(self.out, hint=_("name another folder with --out"))
        with file_lock(self.out / LOCK, _("the tour in {out}", out=self.out)):
            while place.passed < len(TOUR):
                stop = TOUR[place.passed]
                try:
                    made = self._stage(stop, place) if stop.kind == "stage" else self._idea(stop, place)
                    yield replace(made, number=place.passed + 1)
                except (KeyboardInterrupt, Interrupted):
                    self._keep(place)
                    raise self._broken_off(place) from None
                place.passed += 1
                self._keep(place)

    def _broken_off(self, place: Place) -> KerasnnError:
        return Interrupted(
            _("the tour was left at stop {passed} of {count}", passed=place.passed + 1, count=len(TOUR)),
            hint=_("kerasnn tour goes on there; --restart begins anew"),
        )

    def _stage(self, stop: Stop, place: Place) -> TourStop:
        stage = STAGE_BY_NAME[stop.name]
        epochs: Overrides = {"epochs": min(stage.settings.epochs, FAST_EPOCHS)} if self.fast else {}
        run = train(stop.name, dataset=self.dataset, out=self.out, listener=self.listener, **epochs)
        before = self._run(stop.before, place) if stop.before is not None else None
        place.runs[stop.name] = run.run
        return TourStop(0, len(TOUR), stop.name, _(stage.title), _(stage.step), run, _step(before, run), None)

    def _idea(self, stop: Stop, place: Place) -> TourStop:
        """The idea, on the run of the stage that suits it where the tour has trained one, else on its reference."""
        topic = TOPIC_BY_NAME[stop.name]
        own = self._run(topic.model, place) if topic.model is not None else None
        model = own.run if own is not None and own.stage == topic.model and own.status == "done" else None
        found = explain(stop.name, model=model, dataset=self.dataset, out=self.out, listener=self.listener)
        return TourStop(0, len(TOUR), stop.name, found.title, found.statement, None, None, found)

    def _run(self, stage: str, place: Place) -> Run | None:
        """The run of a stage that the tour has trained; None where its folder is gone."""
        try:
            return restore(Run, read_record(self.out / place.runs[stage]))
        except (KeyError, ValueError, ModelFileError):
            return None

    def _read(self) -> Place | None:
        try:
            place = restore(Place, parse_json(read_regular(self.out / PLACE, limit=LARGEST_PLACE)))
        except (OSError, ValueError):
            return None  # no place, or a damaged one: the tour begins anew
        named = all(isinstance(run, str) and Path(run).name == run for run in place.runs.values())
        return replace(place, runs=dict(place.runs)) if place.passed >= 0 and named else None

    def _keep(self, place: Place) -> None:
        write_text(self.out / PLACE, json.dumps(asdict(place), indent=2) + "\n")


def _step(before: Run | None, now: Run) -> Step | None:
    if before is None or before.validation is None or now.validation is None:
        return None
    was, found = before.validation, now.validation
    return Step(
        before=before.stage,
        before_validation=Scores(was.loss, was.accuracy),
        before_parameters=before.parameters,
        accuracy_gain=found.accuracy - was.accuracy,
        loss_change=found.loss - was.loss,
    )
