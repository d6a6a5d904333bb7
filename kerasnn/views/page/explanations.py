"""Worked explanations as parts of a page."""

from pathlib import Path

from kerasnn.language import _
from kerasnn.records import Drawing, Explanation, Grid, Section
from kerasnn.views.explanation import cell_text, check_view, worked_on
from kerasnn.views.figures.explanation import save_drawing
from kerasnn.views.page.blocks import Block, Paragraph, Part, Picture, Question, Table, picture


def explanation_part(explanation: Explanation) -> Part:
    """Return an explanation: the slide's statement, each section, the question with its answer hidden."""
    steps = tuple(
        Part(f"explain-{explanation.topic}-{number}", f"{number}. {section.title}", tuple(_blocks(section)))
        for number, section in enumerate(explanation.sections, start=1)
    )
    notes = (Paragraph(note, "note") for note in explanation.notes)
    asked: tuple[Block, ...] = (Question(explanation.question, explanation.answer), *notes)
    question = Part(f"explain-{explanation.topic}-question", _("Question"), asked)
    lead = Paragraph(_("The slide: {statement}", statement=explanation.statement), "lead")
    return Part(f"explain-{explanation.topic}", explanation.title, (lead, *_worked_on(explanation)), (*steps, question))


def _worked_on(explanation: Explanation) -> tuple[Block, ...]:
    what = worked_on(explanation)
    return (Paragraph(_("Worked out on: {what}.", what=what), "note"),) if what else ()


def _blocks(section: Section) -> list[Block]:
    blocks: list[Block] = [Paragraph(sentence) for sentence in section.sentences]
    blocks += map(_table, section.grids)
    blocks += [Paragraph(check_view(check).plain, "good" if check.holds else "bad") for check in section.checks]
    blocks += map(_picture, section.pictures)
    blocks += [Paragraph(remark, "note") for remark in section.remarks]
    return blocks


def _table(grid: Grid) -> Table:
    places = range(len(grid.columns))
    numbers = {place for place in places if all(not isinstance(row[place], str) for row in grid.rows)}
    rows = tuple(tuple(cell_text(cell, grid.digits) for cell in row) for row in grid.rows)
    return Table(grid.title, grid.columns, rows, frozenset(numbers), grid.note or "")


def _picture(drawing: Drawing) -> Picture:
    def draw(path: Path) -> None:
        save_drawing(drawing, path.with_suffix(""), suffixes=(path.suffix,))  # it adds the suffixes itself

    return picture(draw, drawing.title, wide=False)
