"""`kerasnn explain`: a worked explanation, step by step; the answer to its question only on request."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Cell, Check, Explanation, Grid, Section, TopicRow
from kerasnn.views.drawings import drawing_view
from kerasnn.views.table import table


def topics_view(rows: Sequence[TopicRow]) -> RenderableType:
    """Return the topics in lecture order with the statements of their slides."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(row.topic, Text.assemble((row.title, "bold"), "\n", row.statement))
    return Group(grid, Text("\n" + _("One of them: kerasnn explain linear"), "dim"))


def explanation_view(explanation: Explanation, *, answer: bool) -> RenderableType:
    """Return statement, sections and question; with `answer`, also the answer."""
    on = worked_on(explanation)
    title = Text.assemble((explanation.title, "bold"), f"   {on}" if on else "", "\n")
    title.append_text(Text.assemble((_("The slide") + ": ", "bold"), explanation.statement))
    parts: list[RenderableType] = [title]
    for number, section in enumerate(explanation.sections, start=1):
        parts += [Text(f"\n{number}. {section.title}", style="bold cyan"), *_section(section)]
    parts += [Text(), Text.assemble((_("Question") + "  ", "bold magenta"), explanation.question)]
    if answer:
        parts.append(Text.assemble((_("Answer") + "  ", "bold green"), explanation.answer))
    else:
        parts.append(Text(_("Guess first; --answer shows the answer."), "dim"))
    parts += [Text(note, style="yellow") for note in explanation.notes]
    return Group(*parts)


def worked_on(explanation: Explanation) -> str:
    """Return the model and the image of the explanation in one line; empty if there is neither."""
    on = [_("model {name}", name=explanation.model)] if explanation.model is not None else []
    image = explanation.image
    if image is not None:
        on.append(_("{dataset} test image {index}: {label} {name}", **vars(image)))
    return ", ".join(on)


def _section(section: Section) -> Iterator[RenderableType]:
    yield from (Text(sentence) for sentence in section.sentences)
    yield from (grid_view(grid) for grid in section.grids)
    yield from (check_view(check) for check in section.checks)
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
