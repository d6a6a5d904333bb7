"""Everything that a report shows, collected: models, explanations, judged claims."""

import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import source_of
from kerasnn.errors import DataError, ModelFileError, UsageError
from kerasnn.files.paths import RUNS, expanded
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _, language, speaking
from kerasnn.lecture.stages import STAGES
from kerasnn.lecture.topics import TOPICS
from kerasnn.lessons.context import Context
from kerasnn.lessons.reported_run import Images, reported_run
from kerasnn.lessons.topics import work_out
from kerasnn.records import Explanation, Listener, Notice, Report, ReportedClaim, Working, ignore, show_in_notebook
from kerasnn.runs.find_model import find_model
from kerasnn.runs.latest import LATEST
from kerasnn.runs.record import now

LARGEST_CLAIMS: Final = 1 << 24  # bytes


def report(
    *models: str | Path,
    lecture: bool = False,
    ideas: bool = False,
    title: str | None = None,
    author: str | None = None,
    claims: str | Path | None = None,
    index: int = 0,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    trust: bool = False,
    lang: str | None = None,
    listener: Listener = show_in_notebook,
) -> Report:
    """Collect everything known about `models`, each named as in `evaluate`; none means `latest`.

    One model is shown with its results, curves, settings, classes and mistakes; several are compared. `ideas`: also the
    weights, and the lecture's ideas explained on the one model and on test image `index`. `lecture`: the reference
    models of all stages, and every idea. `title`, `author`: to write at the head of the page. `claims`: a file with the
    JSON of `kerasnn claims --judge`. `dataset`, `data_dir`: as in `load_data`; without a `dataset`, the images that
    each model was trained on. `trust`: as in `evaluate`.
    `save_report` writes the page.

    Raises: UsageError, ModelFileError, DataError.
    """
    images = Images(source_of(dataset, data_dir), listener, trust)
    names = [stage.name for stage in STAGES] if lecture else list(map(str, models)) or [LATEST]
    if ideas and (lecture or len(names) > 1):
        raise UsageError(_("--ideas is for a report on one run"), expected=_("one run, or --lecture for every idea"))
    with speaking(lang):
        found = _collect(names, lecture, expanded(out), expanded(claims) if claims is not None else None, images)
        if lecture or ideas:
            found = replace(found, explanations=_explained(None if lecture else names[0], expanded(out), images, index))
        return replace(found, title=title, author=author, again=_again(found, ideas, title, author))


def _again(report: Report, ideas: bool, title: str | None, author: str | None) -> str:
    """Return the command of this report."""
    names = ["--lecture"] if report.kind == "lecture" else [reported.name for reported in report.runs]
    named = [f"--{flag}={text}" for flag, text in (("title", title), ("author", author)) if text is not None]
    return shlex.join(["kerasnn", "report", *names, *(["--ideas"] if ideas else []), *named])


def _collect(names: list[str], lecture: bool, out: Path, claims: Path | None, images: Images) -> Report:
    runs = tuple(reported_run(find_model(name, out), images) for name in names)
    missing = _("The images that the models were trained on are not here, so the models were not evaluated.")
    return Report(
        kind="lecture" if lecture else "run" if len(runs) == 1 else "comparison",
        language=language(),
        runs=runs,
        explanations=(),
        claims=_judged_claims(claims) if claims is not None else (),
        commands=tuple(dict.fromkeys(reported.run.command for reported in runs)),
        notes=(missing,) if any(run.evaluation is None for run in runs) else (),
        made=now().isoformat(),
        version=_version(),
    )


def _explained(model: str | None, out: Path, images: Images, index: int) -> tuple[Explanation, ...]:
    """Explain every topic; with a `model`, those that need a model and suit this one."""
    found: list[Explanation] = []
    for place, topic in enumerate(TOPICS):
        if model is not None and topic.model is None:
            continue  # it says nothing about this model
        images.listener(Notice(_("Explaining {name}", name=topic.name)))
        images.listener(Working("explaining", place, len(TOPICS)))
        refused = (UsageError, ModelFileError) if model is not None else ()
        with suppress(*refused):  # skips a topic that does not suit the model
            found.append(work_out(Context(topic, model, out, images.source, index, ignore)))
    return tuple(found)


def _judged_claims(path: Path) -> tuple[ReportedClaim, ...]:
    """Read the claims that `kerasnn claims --judge --json` wrote to `path`.

    Raises: DataError if it is not such a file.
    """
    try:
        claims = parse_json(read_regular(path, limit=LARGEST_CLAIMS))["claims"]
        return tuple(
            ReportedClaim(
                **{key: str(claim[key]) for key in ("name", "slide", "states", "verdict")},
                evidence=tuple(map(_evidence, claim.get("estimates", ()))),
            )
            for claim in claims
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            _("{path} does not contain judged claims: {error}", path=path, error=error),
            expected=_("the output of 'kerasnn claims --judge --json'"),
        ) from None


def _evidence(estimate: Mapping[str, Any]) -> str:
    mean, low, high = estimate["mean"], estimate.get("low"), estimate.get("high")
    interval = (
        _(", 95 percent interval {low:+.4f} to {high:+.4f}", low=low, high=high) if None not in (low, high) else ""
    )
    return _(str(estimate["says"])) + f": {mean:+.4f}{interval}"


def _version() -> str:
    try:
        return version("kerasnn")
    except PackageNotFoundError:
        return ""  # run from a folder that was never installed
