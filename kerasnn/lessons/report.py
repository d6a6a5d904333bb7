"""Everything that a report shows, gathered: records, measurements, weights, explanations, claims."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load
from kerasnn.data.source import Source, source_of
from kerasnn.errors import DataError, ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _, language, speaking
from kerasnn.lecture.published import published_range
from kerasnn.lecture.stages import STAGE_BY_NAME, STAGES
from kerasnn.lecture.topics import TOPICS
from kerasnn.lessons.context import Context
from kerasnn.lessons.topics import work_out
from kerasnn.networks.architecture import design
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.diagram import model_diagram
from kerasnn.networks.evaluation import evaluate
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.weight_maps import weight_maps
from kerasnn.records import (
    Evaluation,
    Explanation,
    Listener,
    ModelSummary,
    Notice,
    Report,
    ReportedClaim,
    ReportedRun,
    Run,
    WeightMaps,
    ignore,
)
from kerasnn.records.data import FASHION_MNIST
from kerasnn.runs.find_model import FoundModel, class_names, find_model, image_shape, read_card
from kerasnn.runs.folder import LATEST
from kerasnn.training.reading import read_curves

LARGEST_CLAIMS: Final = 1 << 24
# of a reference model's card, which is no whole record of a run
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
    """The data sets that models learnt from, each opened once. `trust`: as in `evaluate`."""

    source: Source | Dataset
    listener: Listener
    trust: bool
    opened: dict[str, Dataset] = field(default_factory=dict)

    def of(self, found: FoundModel) -> Dataset | None:
        """The data set that a model learnt from, or the one that was named; None where it is not here."""
        if isinstance(self.source, Dataset):
            return self.source
        recorded = found.dataset
        real = self.source.name is None and recorded in (None, FASHION_MNIST)
        source = self.source.for_model(recorded) if real or self.source.name is not None else Source(recorded)
        name = str(source.name)
        if name not in self.opened:
            self.opened[name] = load(source, self.listener)
        data = self.opened[name]
        return None if real and data.info.stand_in else data


def report(
    *models: str | Path,
    lecture: bool = False,
    claims: str | Path | None = None,
    index: int = 0,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    lang: str | None = None,
    listener: Listener = ignore,
) -> Report:
    """Gather everything known about `models`, each named as in `evaluate`; none means `latest`.

    One model: with the lecture's ideas worked out on it and on test image `index`. Several: compared. `lecture`: the
    reference models of all stages, and every idea. `claims`: the JSON of `kerasnn claims --judge`. `dataset`,
    `data_dir`: as in `load_data`; without a `dataset`, what each model learnt from. `trust`: as in `evaluate`.
    `save_report` writes the page.

    Raises: UsageError, ModelFileError, DataError.
    """
    images = Images(source_of(dataset, data_dir), listener, trust)
    called = [stage.name for stage in STAGES] if lecture else list(map(str, models)) or [LATEST]
    with speaking(lang):
        return _gathered(called, lecture, Path(out), Path(claims) if claims is not None else None, index, images)


def _gathered(called: list[str], lecture: bool, out: Path, claims: Path | None, index: int, images: Images) -> Report:
    listener = images.listener
    runs = tuple(_reported(find_model(name, out), images, listener) for name in called)
    explanations: tuple[Explanation, ...] = ()
    if lecture or len(runs) == 1:
        model = None if lecture else called[0]
        explanations = _explained(model, out, images, index, listener)
    lacking = any(run.evaluation is None for run in runs)
    return Report(
        kind="lecture" if lecture else "run" if len(runs) == 1 else "comparison",
        language=language(),
        runs=runs,
        explanations=explanations,
        claims=_judged(claims) if claims is not None else (),
        commands=tuple(dict.fromkeys(reported.run.command for reported in runs)),
        notes=(_("The images that the models learnt from are not here, so they were not measured."),)
        if lacking
        else (),
        made=datetime.now().astimezone().replace(microsecond=0).isoformat(),
        version=_version(),
    )


def _reported(found: FoundModel, images: Images, listener: Listener) -> ReportedRun:
    run = _run_of(found)
    stage = STAGE_BY_NAME.get(run.stage)
    listener(Notice(_("Measuring {name}", name=found.name)))
    classifier = open_classifier(found.path, trust=images.trust)
    data = images.of(found)
    return ReportedRun(
        name=found.name,
        title=_(stage.title) if stage else run.stage,
        step=_(stage.step) if stage else "",
        run=run,
        summary=_summary(run),
        evaluation=_measured(found, classifier, data),
        weights=_weights(found, classifier),
        diagram=model_diagram(classifier, found.name, _names(found, classifier)),
    )


def _measured(found: FoundModel, classifier: Classifier, data: Dataset | None) -> Evaluation | None:
    return evaluate(classifier, data, model=found.name, path=str(found.path)) if data is not None else None


def _weights(found: FoundModel, classifier: Classifier) -> WeightMaps | None:
    shape = image_shape(found, classifier.input_size)
    return weight_maps(classifier, shape, _names(found, classifier), title=found.name, path=str(found.path))


def _names(found: FoundModel, classifier: Classifier) -> tuple[str, ...]:
    return class_names(found, classifier.classes, classifier.input_size)[0]


def _summary(run: Run) -> ModelSummary:
    architecture = design(run.settings, image_shape=run.dataset.shape, classes=len(run.dataset.classes))
    return architecture.summary(run.stage)


def _run_of(found: FoundModel) -> Run:
    """The record of the model's training, of a run or from the card of a reference model.

    Raises: ModelFileError where nothing is known of it.
    """
    card = found.card
    if not card:
        raise ModelFileError(
            _("nothing tells how {path} was trained", path=found.path),
            expected=_("a stage's name, or a run whose run.json lies beside the model"),
        )
    known = {
        **_UNKNOWN,
        "run": found.name,
        "model": str(found.path),
        "stopped_epoch": len(card.get("history", ())),
        **card,
    }
    known["dataset"] = {"location": "", **card.get("dataset", {})}
    run = read_card(found, Run, known)
    changes: dict[str, Any] = {}
    if run.reading is None:
        changes["reading"] = read_curves(run.history)
    if "status" not in card:
        changes["published"] = published_range(run.stage)
    return replace(run, **changes)


def _explained(model: str | None, out: Path, images: Images, index: int, listener: Listener) -> tuple[Explanation, ...]:
    """Every topic that suits; with a `model`, those that are worked out on one."""
    found: list[Explanation] = []
    for topic in TOPICS:
        if model is not None and topic.model is None:
            continue
        listener(Notice(_("Explaining {name}", name=topic.name)))
        refused = (UsageError, ModelFileError) if model is not None else ()
        with suppress(*refused):  # a topic that does not suit the model
            found.append(work_out(Context(topic, model, out, images.source, index, ignore)))
    return tuple(found)


def _judged(path: Path) -> tuple[ReportedClaim, ...]:
    """The claims in `path`, which `kerasnn claims --judge --json` printed.

    Raises: DataError where it is not such a file.
    """
    try:
        claims = parse_json(read_regular(path, limit=LARGEST_CLAIMS))["claims"]
        return tuple(
            ReportedClaim(
                name=str(claim["name"]),
                slide=str(claim["slide"]),
                states=str(claim["states"]),
                verdict=str(claim["verdict"]),
                evidence=tuple(map(_evidence, claim.get("estimates", ()))),
            )
            for claim in claims
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            _("{path} holds no judged claims: {error}", path=path, error=error),
            expected=_("what 'kerasnn claims --judge --json' prints"),
        ) from None


def _evidence(estimate: Mapping[str, Any]) -> str:
    mean, low, high = estimate["mean"], estimate.get("low"), estimate.get("high")
    between = (
        _(", 95 percent interval {low:+.4f} to {high:+.4f}", low=low, high=high) if None not in (low, high) else ""
    )
    return _(str(estimate["says"])) + f": {mean:+.4f}{between}"


def _version() -> str:
    try:
        return version("kerasnn")
    except PackageNotFoundError:
        return ""
