"""What `verify` judges: a stage trained now, or a run that was kept."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.evaluation import score
from kerasnn.language import _
from kerasnn.lecture.stages import Settings
from kerasnn.networks.storage import open_classifier
from kerasnn.records import DatasetInfo, Epoch, Listener, Scores, Verification, ignore
from kerasnn.runs.find import FoundModel, find_model
from kerasnn.settings import find_stage, resolve
from kerasnn.study.bands import Measured
from kerasnn.study.job import weights_of
from kerasnn.study.repeat import Traced, compare, trace
from kerasnn.study.verify import Subject, band_for, refuse_changed, verify
from kerasnn.training.train import choose_engine


def verify_stage(
    name: str, dataset: Dataset, *, seed: int, repeat: bool = False, listener: Listener = ignore
) -> Verification:
    """Train the stage `name` now, once or twice, and judge it.

    Raises: UsageError where nobody knows what it comes to on `dataset`.
    """
    band_for(name, dataset.info)  # before anything is trained
    stage = find_stage(name)
    settings, _changed = resolve(stage, {"seed": seed})
    engine = choose_engine(stage, None)
    first, trained = trace(stage, settings, dataset, engine=engine, listener=listener)
    training, classifier = trained.training, trained.classifier
    parts = [score(classifier, part) for part in (dataset.train, dataset.validation, dataset.test)]
    subject = Subject(
        name,
        name,
        seed,
        engine,
        dataset.info,
        Measured(training.history, *parts),
        training.best_epoch,
        training.stopped_epoch,
        training.kept_epoch,
    )
    found = verify(subject)
    if not repeat:
        return found
    second, _card = trace(stage, settings, dataset, engine=engine, listener=listener)
    return replace(found, repetition=compare(first, second))


def verify_run(
    name: str,
    out: Path,
    load: Callable[[str], Dataset],
    *,
    repeat: bool = False,
    listener: Listener = ignore,
) -> Verification:
    """Judge a run in `out` by what its run.json says; `repeat` trains it once more. `load`: a data set by its name.

    Raises: ModelFileError where there is no such run; UsageError where no band is meant for it.
    """
    found = find_model(name, out)
    card = found.card
    if "history" not in card or "status" not in card:
        raise ModelFileError(
            _("{path} is a model without a record of its training", path=found.path),
            expected=_("a run: latest, its id, its folder; or a stage, which is trained now"),
            hint=_("kerasnn evaluate measures a model"),
        )
    refuse_changed(card["overrides"], card["stage"])
    if card["status"] != "done":
        raise UsageError(
            _("run {name} is not done: its status is '{status}'", name=card["run"], status=card["status"]),
            expected=_("a finished run"),
        )
    result = verify(_subject(card), notes=_notes(card))
    return replace(result, repetition=_again(found, load, listener)) if repeat else result


def _notes(card: dict[str, Any]) -> tuple[str, ...]:
    if card["engine"] != "keras":
        return ()
    return (_("the bands are those of the engine fused; keras takes the images in one order in every epoch"),)


def _subject(card: dict[str, Any]) -> Subject:
    data = {field.name: card["dataset"][field.name] for field in fields(DatasetInfo) if field.name in card["dataset"]}
    measured = Measured(
        tuple(Epoch(**epoch) for epoch in card["history"]),
        *(Scores(**card[part]) for part in ("training", "validation", "test")),
    )
    return Subject(
        name=card["run"],
        stage=card["stage"],
        seed=card["seed"],
        engine=card["engine"],
        dataset=DatasetInfo(**data),
        measured=measured,
        best_epoch=card["best_epoch"],
        stopped_epoch=card["stopped_epoch"],
        kept_epoch=card["kept_epoch"],
    )


def _again(found: FoundModel, load: Callable[[str], Dataset], listener: Listener) -> Any:
    """The run's kept weights and history against those of the same training done now."""
    card = found.card
    stage = find_stage(card["stage"])
    settings: Settings = resolve(stage, {"seed": card["seed"]})[0]
    dataset = load(found.dataset or "auto")
    if dataset.info.sha256 != card["dataset"]["sha256"]:
        raise UsageError(_("the data of this run are not here any more"), expected=_("the data set it learnt from"))
    kept = Traced(tuple(Epoch(**epoch) for epoch in card["history"]), weights_of(open_classifier(found.path)))
    again, _card = trace(stage, settings, dataset, engine=card["engine"], listener=listener)
    return compare(kept, again)
