"""A reproduction as Markdown and as CSV."""

import csv
import io
from typing import Final

from kerasnn.language import _
from kerasnn.records import Reproduction, Spread, StageResult
from kerasnn.views.claims import claims_markdown
from kerasnn.views.format import describe_dataset, describe_seeds, format_range
from kerasnn.views.reproduction import answer_of, sentences

COLUMNS: Final = (  # names for programs, so never translated
    "stage",
    "seed",
    "parameters",
    "training_loss",
    "training_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "best_epoch",
    "stopped_epoch",
    "kept_epoch",
    "seconds",
    "weights",
)


def reproduction_csv(found: Reproduction) -> str:
    """Return CSV with one line per training and numbers in full precision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")  # csv's own default is \r\n
    writer.writerow(COLUMNS)
    for each in found.outcomes:
        scores = [
            figure for part in (each.training, each.validation, each.test) for figure in (part.loss, part.accuracy)
        ]
        epochs = [each.best_epoch, each.stopped_epoch, each.kept_epoch]
        writer.writerow(
            [each.job.stage, each.job.seed, each.parameters, *scores, *epochs, each.seconds.train, each.weights]
        )
    return text.getvalue()


def reproduction_markdown(found: Reproduction, figure: str = "reproduction.png") -> str:
    """Return the tables of `kerasnn reproduce` as Markdown, with all intervals; `figure`: address of the picture."""
    return "\n".join(
        [
            *_introduction(found),
            *map(_row, found.stages),
            "",
            *(f"- {sentence}" for sentence in sentences(found)),
            *claims_markdown(found.claims),
            "",
            "![" + _("Every seed") + f"]({figure})",
            "",
        ]
    )


def _introduction(found: Reproduction) -> list[str]:
    """Return the lines above the first row of the table."""
    return [
        "# " + _("The stages of the lecture, {seeds}", seeds=describe_seeds(found.seeds)),
        "",
        f"{describe_dataset(found.dataset)} (sha256 {found.dataset.sha256[:16]}).",
        _("Made with `{command}`.", command=found.command),
        "",
        _(
            "Mean, standard deviation between seeds, and in brackets the {share} interval of the mean (Student's t).",
            share="95%",
        ),
        "",
        _(
            "| stage | validation loss | validation accuracy | test loss | test accuracy | best epoch | last epoch "
            "| seconds | published | agrees |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]


def _row(stage: StageResult) -> str:
    figures = [stage.validation_loss, stage.validation_accuracy, stage.test_loss, stage.test_accuracy]
    agreement = stage.agreement
    published, agrees = "-", "-"
    if agreement is not None:
        published = f"{format_range(agreement.published)} +- {agreement.margin:.4f}"
        agrees = answer_of(agreement).replace("\n", " ") + f" ({_full(agreement.compared)})"
    epochs = [f"{value.mean:.1f}" if value else "-" for value in (stage.best_epoch, stage.stopped_epoch)]
    cells = [stage.stage, *map(_full, figures), *epochs, f"{stage.seconds.mean:.1f}", published, agrees]
    return f"| {' | '.join(cells)} |"


def _full(value: Spread) -> str:
    if value.deviation is None:
        return f"{value.mean:.4f}"
    return f"{value.mean:.4f}, {value.deviation:.4f} [{value.low:.4f}, {value.high:.4f}]"
