"""One model of a report: the record of its training, its scores, its weights, its diagram."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import Source, load
from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.lecture.stages import published_range
from kerasnn.lecture.titles import training_introduction, training_title
from kerasnn.networks.architecture import design
from kerasnn.networks.diagram import model_diagram, weight_maps
from kerasnn.networks.files.open import open_classifier
from kerasnn.records import Listener, Notice, ReportedRun, Run, Working
from kerasnn.records.data import FASHION_MNIST
from kerasnn.runs.find_model import FoundModel, class_names, damaged, image_shape
from kerasnn.runs.reading import restore_with_reading
from kerasnn.runs.record_check import checked_evaluation

# fields of Run that the card of a reference model lacks
_UNKNOWN: Final[Mapping[str, Any]] = {
    "status": "done",
    "overrides": {},
    "stopped_early": False,
    "keras_stopped_epoch": None,
    "reading": None,
    "published": None,
    "seconds": None,
    "started": "",
    "ended": None,
    "notes": [],
}


@dataclass
class Images:
    """The data sets that the models of a report were trained on, each loaded once. `trust`: as in `evaluate`."""

    source: Source | Dataset
    listener: Listener
    trust: bool
    loaded: dict[str, Dataset] = field(default_factory=dict)

    def of(self, found: FoundModel) -> Dataset | None:
        """Return the data set that the user named, else the one `found` was trained on; None if it is not here."""
        if isinstance(self.source, Dataset):
            return self.source
        recorded = found.dataset
        real = self.source.name is None and recorded in (None, FASHION_MNIST)
        source = self.source if real or self.source.name is not None else Source(recorded, recorded=True)
        source = source.for_model(recorded, found.image_shape)
        name = f"{source.name} {source.size}"
        if name not in self.loaded:  # several models usually share one
            self.loaded[name] = load(source, self.listener)
        data = self.loaded[name]
        # scores on the stand-in would say nothing about a model trained on the real images
        return None if real and data.info.stand_in else data


def reported_run(found: FoundModel, images: Images) -> ReportedRun:
    """Evaluate `found` on its images, if they are here, and collect what else a report shows of it.

    Raises: ModelFileError if the model or its record cannot be read; DataError.
    """
    run = run_of(found)
    architecture = design(run.settings, image_shape=run.dataset.shape, classes=len(run.dataset.classes))
    images.listener(Notice(_("Evaluating {name}", name=found.name)))
    model = open_classifier(found.path, trust=images.trust)
    data = images.of(found)
    names = class_names(found, model.classes, model.input_size)[0]
    images.listener(Working("measuring"))
    evaluation = checked_evaluation(found, model, data, named=False) if data is not None else None
    notes = evaluation.notes if evaluation is not None else found.problems
    path = str(found.path)
    return ReportedRun(
        name=found.name,
        title=training_title(run.stage, run.settings),
        step=training_introduction(run.stage, run.settings),
        run=replace(run, notes=(*run.notes, *notes)),
        summary=architecture.summary(run.stage),
        evaluation=evaluation,
        weights=weight_maps(model, image_shape(found, model.input_shape), names, title=found.name, path=path),
        diagram=model_diagram(model, found.name, names),
    )


def run_of(found: FoundModel) -> Run:
    """Return the record of the model's training, from its run or from the card of a reference model.

    Raises: ModelFileError if there is none.
    """
    card = found.card
    if not card:
        raise ModelFileError(
            _("it is not known how {path} was trained", path=found.path),
            expected=_("a stage's name, or a run with its run.json beside the model"),
        )
    try:
        values = {
            **_UNKNOWN,
            "run": found.name,
            "model": str(found.path),
            "stopped_epoch": len(card.get("history", ())),
            **card,
            "dataset": {"location": "", **card.get("dataset", {})},
        }
        run = restore_with_reading(values)
    except (TypeError, ValueError) as error:
        raise damaged(found, error) from None
    # a reference model's card has no status; a run of one's own says itself whether published numbers apply
    return run if "status" in card else replace(run, published=published_range(run.stage))
