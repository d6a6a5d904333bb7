"""A tour through the lecture: ideas explained and stages trained in turn. A file saves how far the user has come."""

import json
import shlex
from collections.abc import Generator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import Interrupted, ModelFileError
from kerasnn.files.atomic import check_writable, write_text
from kerasnn.files.locks import file_lock
from kerasnn.files.paths import RUNS, expanded
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.lecture.stops import TOUR, Stop
from kerasnn.lecture.titles import setting_changes
from kerasnn.lecture.topics import TOPIC_BY_NAME
from kerasnn.lessons.topics import explain
from kerasnn.records import Listener, Run, Scores, Step, TourStop, ignore, show_in_notebook
from kerasnn.records.serialize import restore
from kerasnn.runs.execute import train
from kerasnn.runs.folder import read_record
from kerasnn.runs.labels import TOUR as TOUR_TAG
from kerasnn.runs.reading import restore_with_reading

PLACE: Final = "tour.json"
LOCK: Final = ".tour.lock"
LARGEST_PLACE: Final = 1 << 16  # bytes
FAST_EPOCHS: Final = 2


@dataclass
class Place:
    """How far a tour has come. `images`: digest of the data set; `passed`: number of stops; `runs`: by stage."""

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
    listener: Listener = show_in_notebook,
) -> Generator[TourStop, None, None]:
    """Iterate over the stops of the lecture; each is explained or trained when the iterator reaches it.

    An unfinished tour in `out` continues where it was left.

    `fast`: at most two epochs per stage. `restart`: start again from the first stop. `dataset`, `data_dir`: as in
    `load_data`. `out`: the folder of the tour's runs and of its saved place.

    Raises: UsageError, DataError, Interrupted.
    """
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    lecture = Tour(data, expanded(out), fast, listener)
    return lecture.stops(lecture.begin(restart=restart))


@dataclass
class Tour:
    """A tour on one data set.

    `out`: the folder of its runs and of its saved place. `fast`: at most two epochs per stage.
    """

    dataset: Dataset
    out: Path
    fast: bool = False
    listener: Listener = ignore

    def begin(self, *, restart: bool = False) -> Place:
        """Return the place where this tour was left.

        That is the start if it was finished, or if it was on other images or at another pace.
        """
        fresh = Place(self.dataset.info.sha256, self.fast)
        saved = None if restart else self._read()
        if saved is None or (saved.images, saved.fast) != (fresh.images, fresh.fast) or saved.passed >= len(TOUR):
            return fresh  # results on other images cannot be compared
        return saved

    def stops(self, place: Place) -> Generator[TourStop, None, None]:
        """Yield the stops from `place` on; each counts as passed once the next is requested.

        Raises: Interrupted if the user stops, after saving the place; EnvironmentFault if another process is on the
        same tour.
        """
        check_writable(self.out, hint=_("choose another folder with --runs"))
        with file_lock(self.out / LOCK, _("the tour in {out}", out=self.out)):
            while place.passed < len(TOUR):
                stop = TOUR[place.passed]
                try:
                    made = self._stage(stop, place) if stop.kind == "stage" else self._idea(stop, place)
                    yield replace(made, number=place.passed + 1)  # counted from 1; the caller may stop here for good
                except (KeyboardInterrupt, Interrupted):
                    self.save(place)
                    raise Interrupted(
                        _(
                            "the tour was left at stop {passed} of {count}; its trainings are saved in {out}",
                            passed=place.passed + 1,
                            count=len(TOUR),
                            out=self.out,
                        ),
                        hint=_(
                            "{command} continues there; --restart starts again from the first stop",
                            command=self._command(),
                        ),
                    ) from None
                place.passed += 1
                self.save(place)

    def _command(self) -> str:
        """Return the command that goes on with this tour: on the same images, at the same pace, in the same folder."""
        words = ["kerasnn", "tour", *(["--fast"] if self.fast else [])]
        if not self.dataset.info.is_fashion_mnist:
            words += ["--dataset", self.dataset.info.argument]
        return shlex.join(words if self.out == RUNS else [*words, "--out", str(self.out)])

    def _stage(self, stop: Stop, place: Place) -> TourStop:
        stage = STAGE_BY_NAME[stop.name]
        epochs: Overrides = {"epochs": min(stage.settings.epochs, FAST_EPOCHS)} if self.fast else {}
        run = train(stop.name, dataset=self.dataset, out=self.out, listener=self.listener, tags=(TOUR_TAG,), **epochs)
        before = self._run(stop.compared_with, place) if stop.compared_with is not None else None
        place.runs[stop.name] = run.run  # later stages are compared with it
        changes, says = setting_changes(stage, run.settings), _(stage.step)
        if changes:
            says += " " + _("Here: {changes}.", changes=changes)
        return TourStop(0, len(TOUR), stop.name, _(stage.title), says, run, _step(before, run), None)

    def _idea(self, stop: Stop, place: Place) -> TourStop:
        """Explain the idea on the tour's own run of the stage that suits it; without one, on the reference model."""
        topic = TOPIC_BY_NAME[stop.name]
        own = self._run(topic.model, place) if topic.model is not None else None
        model = own.run if own is not None and own.stage == topic.model and own.status == "done" else None
        found = explain(stop.name, model=model, dataset=self.dataset, out=self.out, listener=self.listener)
        return TourStop(0, len(TOUR), stop.name, found.title, found.statement, None, None, found)

    def _run(self, stage: str, place: Place) -> Run | None:
        """Return the tour's run of a stage, or None if it has none or its folder is gone."""
        try:
            return restore_with_reading(read_record(self.out / place.runs[stage]))
        except (KeyError, ValueError, ModelFileError):
            return None

    def _read(self) -> Place | None:
        try:
            place = restore(Place, parse_json(read_regular(self.out / PLACE, limit=LARGEST_PLACE)))
        except (OSError, ValueError):
            return None  # missing or damaged: the tour starts again
        # a run is a name, so that a changed file does not lead out of the folder
        named = all(isinstance(run, str) and Path(run).name == run for run in place.runs.values())
        return replace(place, runs=dict(place.runs)) if place.passed >= 0 and named else None

    def save(self, place: Place) -> None:
        write_text(self.out / PLACE, json.dumps(asdict(place), indent=2) + "\n")


def _step(before: Run | None, now: Run) -> Step | None:
    if before is None or before.validation is None or now.validation is None:
        return None
    old, new = before.validation, now.validation
    scores = Scores(old.loss, old.accuracy)  # without what a model's card adds
    return Step(before.stage, scores, before.parameters, new.accuracy - old.accuracy, new.loss - old.loss)
