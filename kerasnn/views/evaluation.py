"""`kerasnn evaluate` and `kerasnn predict`: the metrics of a model, and its answers for single images."""

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Evaluation, Prediction
from kerasnn.records.note import sentence
from kerasnn.views.drawings import Picture
from kerasnn.views.format import (
    class_name,
    describe_confusion,
    describe_dataset,
    format_metric,
    format_probability,
    image_name,
)
from kerasnn.views.run import guessing_note
from kerasnn.views.table import FirstThatFits, FittingTable, in_rows, note_lines, right, stand_in_notice, table

WIDEST_MATRIX = 12  # classes: 80 columns hold no more
PICTURED_MISTAKES = 3
PICTURE_WIDTH = 24
ORIGINAL_WIDTH = 20  # with what the network sees beside it without colours, 79 columns
MOST_BARS = 10
BAR_WIDTH = 24
GAP = 3


def evaluation_view(evaluation: Evaluation) -> RenderableType:
    """Return scores, a table of the classes, the confusion matrix, the most frequent and the worst mistakes."""
    begin = _(
        "{name} recognises {share:.1%} of the {count:,} test images.",
        name=evaluation.model,
        share=evaluation.test.accuracy,
        count=evaluation.dataset.test,
    )
    heading = Text.assemble((begin, "bold"), f"\n{evaluation.path}\n{describe_dataset(evaluation.dataset)}")
    parts: list[RenderableType] = [heading, _scores(evaluation), _classes(evaluation), _confusion(evaluation)]
    if evaluation.confused:
        parts.append(Text(_("Confused most often"), style="bold"))
        parts += [Text(f"  {describe_confusion(pair)}") for pair in evaluation.confused]
    if evaluation.mistakes:
        parts += [Text("\n" + _("The worst mistakes"), style="bold"), _mistakes(evaluation)]
    parts += note_lines(evaluation.notes)
    parts += stand_in_notice(evaluation.dataset)
    return Group(*parts)


def _mistakes(evaluation: Evaluation) -> RenderableType:
    worst = evaluation.mistakes[:PICTURED_MISTAKES]
    sheet = Table.grid(padding=(0, 2))
    sheet.add_row(*(Picture(mistake.pixels, width=PICTURE_WIDTH) for mistake in worst))
    sheet.add_row(
        *(
            _(
                "{truth}, taken\nfor {answer} {probability:.2f}\n(test image {index})",
                truth=class_name(mistake.truth),
                answer=class_name(mistake.answer),
                probability=mistake.probability,
                index=mistake.index,
            )
            for mistake in worst
        )
    )
    return sheet


def _scores(evaluation: Evaluation) -> RenderableType:
    grid = table(None, "", *right(_("loss"), _("accuracy"), _("images")))
    info = evaluation.dataset
    for name, scores, count in (
        (_("validation"), evaluation.validation, info.validation),
        (_("test"), evaluation.test, info.test),
    ):
        grid.add_row(name, format_metric(scores.loss), format_metric(scores.accuracy), f"{count:,}")
    largest = max(row.support for row in evaluation.classes) / info.test
    return Group(grid, Text(guessing_note(len(evaluation.classes), largest), "dim"))


def _classes(evaluation: Evaluation) -> RenderableType:
    title, counts = _("Each class on the test images"), {row.support for row in evaluation.classes}
    if one_count := len(counts) == 1:  # not ten times the same number
        title = _("Each class on its {count:,} test images", count=counts.pop())
    grid = table(title, _("class"), *right(_("precision"), _("recall"), "F1", *([] if one_count else [_("images")])))
    for row in evaluation.classes:
        scores = [f"{value:.3f}" for value in (row.precision, row.recall, row.f1)]
        grid.add_row(class_name(row.name), *scores, *([] if one_count else [f"{row.support:,}"]))
    return grid


def _confusion(evaluation: Evaluation) -> RenderableType:
    names = evaluation.dataset.classes
    if len(names) > WIDEST_MATRIX:
        return Text(
            _("The confusion matrix of {count} classes is too wide for a terminal; --plots draws it.", count=len(names))
            + "\n",
            "dim",
        )
    title = _("Confusion matrix: a row is the truth, a column the answer")
    shown = [f"{label} {class_name(name)}" for label, name in enumerate(names)]
    numbers = list(map(str, range(len(names))))
    return FirstThatFits(
        _matrix(evaluation, title, shown), _matrix(evaluation, title, numbers, caption="\n".join(shown))
    )


def _matrix(evaluation: Evaluation, title: str, names: Sequence[str], caption: str | None = None) -> FittingTable:
    numbers = right(*map(str, range(len(names))))
    grid = table(title, Column(_("truth"), no_wrap=True), *numbers, caption=caption)
    for label, (name, row) in enumerate(zip(names, evaluation.confusion, strict=True)):
        cells = [  # the diagonal bold, zeros faint
            Text(str(count), style="bold" if column == label else "" if count else "dim")
            for column, count in enumerate(row)
        ]
        grid.add_row(name, *cells)
    return grid


def predictions_view(predictions: Sequence[Prediction]) -> RenderableType:
    """Return a picture and bars for each of up to three images, or a table for more."""
    if len(predictions) > 3:
        return _lines(predictions)
    return Group(*(part for prediction in predictions for part in _one(prediction)))


def _one(prediction: Prediction) -> list[RenderableType]:
    answer = Text.assemble((image_name(prediction), "bold"), ": ", *_answer(prediction))
    if prediction.truth is not None:
        right_answer = prediction.truth == prediction.name
        truth = class_name(prediction.truth)
        verdict = (_("right"), "green") if right_answer else (_("wrong, truth: {truth}", truth=truth), "red")
        answer.append_text(Text.assemble(" (", verdict, ")"))
    notes = note_lines(prediction.notes)
    seen = Picture(prediction.pixels)
    if prediction.original is None:
        return [answer, _Beside(seen, _bars(prediction)), *notes, Text()]
    pictures = Picture(prediction.original, width=ORIGINAL_WIDTH), seen
    titled = in_rows([*pictures, _("the picture"), _("what the network sees")], 2, (0, GAP))
    return [answer, titled, _bars(prediction), *notes, Text()]


def _answer(prediction: Prediction) -> list[str | tuple[str, str]]:
    probability = format_probability(prediction.probability)
    if prediction.shows_nothing:
        named = {"name": class_name(prediction.name), "probability": probability}
        return [(_("nothing to recognise"), "bold yellow"), _(" ({name} has probability {probability})", **named)]
    count = len(prediction.names)
    words = _(", probability {probability}, the highest of {count}", probability=probability, count=count)
    return [(class_name(prediction.name), "bold green"), words]


class _Beside:
    """Two renderables side by side if they fit, else one below the other."""

    def __init__(self, left: RenderableType, right_side: RenderableType) -> None:
        self.sides = left, right_side

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [Measurement.get(console, options, side).maximum for side in self.sides]
        yield in_rows(self.sides, 2 if sum(widths) + GAP <= options.max_width else 1, (0, GAP))


def _bars(prediction: Prediction) -> RenderableType:
    ranked = sorted(range(len(prediction.names)), key=lambda label: -prediction.probabilities[label])
    shown = sorted(ranked[:MOST_BARS])  # the most probable ones, in the order of their labels
    # a long name takes a second line, before bars and numbers are cut
    grid = Table.grid(Column(), Column(no_wrap=True), *right(""), padding=(0, 1))
    for label in shown:
        best = label == prediction.label
        colour = "green" if best else "blue"
        grid.add_row(
            Text(f"{label} {class_name(prediction.names[label])}", style="bold" if best else ""),
            ProgressBar(1.0, prediction.probabilities[label], width=BAR_WIDTH, style="dim", complete_style=colour),
            format_probability(prediction.probabilities[label]),
        )
    if len(ranked) > MOST_BARS:
        grid.add_row(_("and {count} more", count=len(ranked) - MOST_BARS), "", "")
    return grid


def _lines(predictions: Sequence[Prediction]) -> RenderableType:
    common = [note for note in predictions[0].notes if all(note in each.notes for each in predictions)]
    answers = Column(_("answer"), style="bold"), *right(_("probability"))
    notes_column = [] if all(len(each.notes) == len(common) for each in predictions) else [_("notes")]
    grid = table(None, _("image"), *answers, _("truth"), *notes_column)
    for each in predictions:
        answer, probability = class_name(each.name), format_probability(each.probability)
        if each.shows_nothing:
            answer, probability = _("nothing to recognise"), ""
        truth = class_name(each.truth or "")
        own = "; ".join(sentence(note) for note in each.notes if note not in common)
        grid.add_row(image_name(each), answer, probability, truth, *([Text(own, "yellow")] if notes_column else []))
    return Group(grid, *note_lines(common))
