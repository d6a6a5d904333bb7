"""`kerasnn explain` and `kerasnn tour`: a worked explanation, step by step, and a stop in a few sentences."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Cell, Check, Explanation, Grid, Run, Section, Step, TopicRow, TourStop
from kerasnn.records.reading import told_by_curves
from kerasnn.records.serialize import Json, plain_object
from kerasnn.views.curves import Curves
from kerasnn.views.drawings import drawing_view
from kerasnn.views.format import format_duration, format_range
from kerasnn.views.run import run_document
from kerasnn.views.table import table

LARGE: Final = 1e9  # from here on the power of ten is easier to read than the digits


def topics_view(rows: Sequence[TopicRow]) -> RenderableType:
    """Return the topics in lecture order with the statements of their slides."""
    grid = Table.grid(Column(style="bold", no_wrap=True), Column(overflow="fold"), padding=(0, 2))
    for row in rows:
        grid.add_row(row.topic, Text.assemble((row.title, "bold"), "\n", row.statement))
    return grid


def explanation_view(explanation: Explanation, *, answer: bool, proofs: bool = True) -> RenderableType:
    """Return statement, sections and question; with `answer`, also the answer. `proofs`: as in `screens`."""
    return Group(*screens(explanation, answer=answer, proofs=proofs))


def screens(explanation: Explanation, *, answer: bool, proofs: bool) -> list[RenderableType]:
    """Return the explanation in parts that belong together: the statement, each section, and the question.

    `proofs`: every checked identity, instead of their number and those that do not hold.
    """
    on = worked_on(explanation)
    title = Text.assemble((explanation.title, "bold"), f"   {on}" if on else "", "\n")
    title.append_text(Text.assemble((_("The slide") + ": ", "bold"), explanation.statement))
    parts: list[RenderableType] = [title]
    for number, section in enumerate(explanation.sections, start=1):
        heading = Text(f"\n{number}. {section.title}", style="bold cyan")
        parts.append(Group(heading, *_section(section, proofs=proofs)))
    last: list[RenderableType] = [] if proofs else _number_of_checks(explanation)
    last += [Text(), Text.assemble((_("Question") + "  ", "bold magenta"), explanation.question)]
    if answer:
        last.append(Text.assemble((_("Answer") + "  ", "bold green"), explanation.answer))
    else:
        last.append(Text(_("Guess first; --answer shows the answer."), "dim"))
    last += [Text(note, style="yellow") for note in explanation.notes]
    return [*parts, Group(*last)]


def _number_of_checks(explanation: Explanation) -> list[RenderableType]:
    checks = [check for section in explanation.sections for check in section.checks]
    held = sum(check.holds for check in checks)
    told = _("{held} of {checks} identities hold; -v shows each.", held=held, checks=len(checks))
    return [Text("\n" + told, "dim")] if checks else []


def worked_on(explanation: Explanation) -> str:
    """Return the model and the image of the explanation in one line; empty if there is neither."""
    on = [_("model {name}", name=explanation.model)] if explanation.model is not None else []
    image = explanation.image
    if image is not None:
        on.append(_("{dataset} test image {index}: {label} {name}", **vars(image)))
    return ", ".join(on)


def _section(section: Section, *, proofs: bool) -> Iterator[RenderableType]:
    yield from (Text(sentence) for sentence in section.sentences)
    yield from (grid_view(grid) for grid in section.grids)
    yield from (check_view(check) for check in section.checks if proofs or not check.holds)
    for picture in section.pictures:
        yield Padding(drawing_view(picture), (1, 0, 0, 0))
    yield from (Text(remark) for remark in section.remarks)


def grid_view(grid: Grid) -> RenderableType:
    """Return a table with its title and note; columns of numbers are right-aligned."""
    shown = table()
    for place, column in enumerate(grid.columns):
        cells = [row[place] for row in grid.rows]
        numbers = all(cell is None or isinstance(cell, (int, float)) for cell in cells)
        shown.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in grid.rows:
        shown.add_row(*(cell_text(cell, grid.digits) for cell in row))
    # title and note may be longer than the table is wide
    note = [Text(grid.note, "dim")] if grid.note else []
    return Group(Text("\n" + grid.title, "bold"), shown, *note)


def cell_text(cell: Cell, digits: int) -> str:
    """Return a cell as text: integers with thousands separators, real numbers with `digits`, None empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and abs(cell) >= LARGE:
        return f"{cell:.{digits}e}"
    # + 0.0 turns -0.0 into 0.0
    return f"{cell:,}" if isinstance(cell, int) else f"{round(cell, digits) + 0.0:,.{digits}f}"


def check_view(check: Check) -> Text:
    """Return the verdict on an identity, its two sides, and the difference between them."""
    sides = [
        f"{name} ({value:.6g})" if value is not None and f"{value:.6g}" != name else name
        for name, value in ((check.left, check.left_value), (check.right, check.right_value))
    ]
    verdict = (_("holds"), "bold green") if check.holds else (_("does not hold"), "bold red")
    # arrays are compared element by element
    numbers = "" if check.compared == 1 else _(" over {count:,} numbers", count=check.compared)
    far = _("largest difference {difference:.1e}{numbers}, allowed {tolerance:.0e}", numbers=numbers, **vars(check))
    return Text.assemble(verdict, f"  {sides[0]} = {sides[1]}", (f"  ({far})", "dim"))


def stop_view(stop: TourStop) -> RenderableType:
    """Return the position in the tour, what the slide says, and the result of the training or explanation."""
    place = _("{number} of {stops}", number=stop.number, stops=stop.stops)
    parts: list[RenderableType] = [Rule(f"{place}  {stop.title}", align="left", style="cyan"), Text(stop.says)]
    if stop.run is not None:
        parts += _stage(stop.run, stop.step)
    if stop.explanation is not None:
        parts += _idea(stop.explanation)
    return Group(*parts, Text())


def stop_document(stop: TourStop) -> dict[str, Json]:
    """Return the stop as JSON values; its run as `train` prints it."""
    document = plain_object(stop)
    if stop.run is not None:
        document["run"] = run_document(stop.run)
    return document


def _stage(run: Run, step: Step | None) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if run.validation is not None and run.test is not None and run.seconds is not None:
        trained = _(
            "Trained in {seconds}: {parameters:,} parameters, validation loss {loss:.4f}, accuracy {accuracy:.4f}; "
            "test accuracy {test:.4f}.",
            seconds=format_duration(run.seconds.compile + run.seconds.train),
            parameters=run.parameters,
            loss=run.validation.loss,
            accuracy=run.validation.accuracy,
            test=run.test.accuracy,
        )
        parts.append(Text(trained, style="bold"))
    if step is not None:
        parts.append(Text(_compared(run, step), style="green" if step.accuracy_gain > 0 else "yellow"))
    if run.published is not None:
        parts.append(Text(_("The textbook's notebooks: {range}.", range=format_range(run.published)), "dim"))
    if run.reading is not None:
        parts.append(Curves(run.history, run.best_epoch, dropout=run.settings.dropout > 0))
        parts += map(Text, told_by_curves(run.reading))
    return parts


def _compared(run: Run, step: Step) -> str:
    more = run.parameters - step.before_parameters
    sentence = _(
        "Against {before}: accuracy {gain:+.2f} points, loss {change:+.4f}.",
        before=step.before,
        gain=step.accuracy_gain * 100,
        change=step.loss_change,
    )
    return sentence + " " + _("{more:+,} parameters.", more=more) if more else sentence


def _idea(explanation: Explanation) -> list[RenderableType]:
    """Return the first section with its picture, the number of checks that hold, and the command for the rest."""
    parts: list[RenderableType] = []
    if explanation.sections:
        first = explanation.sections[0]
        parts += map(Text, first.sentences)
        parts += map(check_view, first.checks)
        parts += map(drawing_view, first.pictures[:1])
    # of all sections, though only the first is shown
    checks = sum(len(section.checks) for section in explanation.sections)
    held = sum(check.holds for section in explanation.sections for check in section.checks)
    model = f" {explanation.model}" if explanation.model else ""
    command = f"kerasnn explain {explanation.topic}{model}"
    told = _("{held} of {checks} identities hold. All of it: {command}", held=held, checks=checks, command=command)
    return [*parts, Text(told, "dim")]
