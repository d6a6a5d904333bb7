"""`kerasnn report`: everything known about a training as one HTML file that loads nothing, its parts in order."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from rich.text import Text

from kerasnn.files.owned import command_for, write_owned
from kerasnn.files.paths import expanded
from kerasnn.files.seal import BLANK_COMMENT, sealed
from kerasnn.language import _, ngettext, speaking
from kerasnn.records import Drawing, Explanation, Grid, Report, ReportedClaim, ReportedRun, Section
from kerasnn.views.explanation import cell_text, check_view, worked_on
from kerasnn.views.figures.explanation import save_drawing
from kerasnn.views.format import describe_dataset, join_items
from kerasnn.views.network.svg import fill_template
from kerasnn.views.page.blocks import Block, Paragraph, Part, Picture, Question, Table, picture
from kerasnn.views.page.comparison import compared_part
from kerasnn.views.page.run import run_parts

_PACKAGE: Final = "kerasnn.views.page"


def report_view(report: Report) -> Text:
    """Return one line with the names of the runs and the numbers of explanations and claims."""
    parts = [join_items([run.name for run in report.runs])]
    if report.explanations:
        parts.append(ngettext("{count} idea worked out", "{count} ideas worked out", len(report.explanations)))
    if report.claims:
        parts.append(ngettext("{count} claim", "{count} claims", len(report.claims)))
    return Text(_("The page reports on {content}.", content="; ".join(parts)))


def save_report(report: Report, file: str | Path, *, force: bool = False) -> Path:
    """Write `report` to `file` as one HTML page, atomically, in the report's own language.

    `force`: also replace a file that is not a report on the same runs.

    Raises: UsageError, EnvironmentFault.
    """
    path = expanded(file)
    with speaking(report.language):
        write_owned(path, page_text(report), command=_command(report), owner=_names(report)[0], force=force)
    return path


def _names(report: Report) -> list[str]:
    return ["lecture"] if report.kind == "lecture" else [reported.name for reported in report.runs]


def _command(report: Report) -> str:
    return command_for("report", _names(report))


def page_text(report: Report) -> str:
    """Return `report` as HTML, in the current language."""
    style = files(_PACKAGE).joinpath("style.css").read_text(encoding="utf-8")
    title, subtitle, what = _heading(report)
    page = {
        "language": report.language,
        "title": report.title or title,
        "author": report.author,
        "subtitle": f"{title}. {subtitle}" if report.title else subtitle,
        "what": what,
        "command": _command(report),
        "parts": report_parts(report),
        "contents": _("Contents"),
        "footer": _("Made by kerasnn {version} on {made}.", **vars(report)),
    }
    # the content security policy allows only the style with this digest
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    text = fill_template(_PACKAGE, "page.html", page=page, style=style, digest=digest)
    return sealed(f"{text}{BLANK_COMMENT}".encode(), _command(report)).decode()


def report_parts(report: Report) -> list[Part]:
    """Return the parts of the page, in its order."""
    parts: list[Part] = []
    if report.notes:
        parts.append(Part("notes", _("Notes"), tuple(Paragraph(note, "note") for note in report.notes)))
    if report.kind == "run":
        every = run_parts(report.runs[0])
        parts += every if report.explanations else [part for part in every if part.anchor != "weights"]
    else:
        parts.append(compared_part(report))
        parts += [_one_of_several(reported) for reported in report.runs]
    if report.explanations:
        lead = Paragraph(_("What the slides state, worked out on trained networks; each identity is checked."), "lead")
        parts.append(
            Part("explained", _("The ideas, worked out"), (lead,), tuple(map(explanation_part, report.explanations)))
        )
    if report.claims:
        parts.append(Part("claims", _("What the lecture claims"), (_verdicts(report.claims),)))
    trains = ngettext("This repeats the training:", "These repeat the trainings:", len(report.commands))
    commands = ((trains, "\n".join(report.commands)), (_("This writes the page again:"), report.again))
    blocks = [block for says, code in commands for block in (Paragraph(says, "lead"), Paragraph(code, "code"))]
    parts.append(Part("again", _("Reproduce"), tuple(blocks)))
    return parts


def _heading(report: Report) -> tuple[str, str, str]:
    """Return the title, the subtitle, and a line on the training shown."""
    if report.kind == "lecture":
        about = _("Every stage on its reference model, every idea worked out.")
        return _("The lecture on neural networks"), about, ""
    if report.kind == "comparison":
        names = join_items([reported.name for reported in report.runs])
        return _("{count} trainings compared", count=len(report.runs)), names, ""
    reported = report.runs[0]
    name = _("The reference model that comes with kerasnn.")
    if reported.name != reported.run.stage:
        name = _("Run {name}.", name=reported.name)
    return reported.title, reported.step, f"{name} {describe_dataset(reported.run.dataset)}."


def _one_of_several(reported: ReportedRun) -> Part:
    """Return a run on a page with several: its results, curves and classes only."""
    shown = ("results", "curves", "classes")  # the rest would repeat itself for every run
    prefix = f"{reported.name}-"  # an id may occur only once on a page
    parts = tuple(part for part in run_parts(reported, prefix) if part.anchor.removeprefix(prefix) in shown)
    title = f"{reported.title} ({reported.name})"
    return Part(f"run-{reported.name}", title, (Paragraph(reported.step, "lead"),), parts)


def _verdicts(claims: tuple[ReportedClaim, ...]) -> Table:
    rows = tuple((_(claim.states), _(claim.verdict), "; ".join(claim.evidence), _(claim.slide)) for claim in claims)
    columns = (_("the lecture states"), _("verdict"), _("evidence"), _("slide"))
    return Table(_("Claims and verdicts"), columns, rows)


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


def lesson_html(explanation: Explanation) -> str:
    """Return the steps of an explanation as HTML without a style, for a page that asks the question itself."""
    steps = explanation_part(explanation).parts[:-1]
    return fill_template(_PACKAGE, "lesson.html", steps=steps, worked_on=_worked_on(explanation))


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

    return picture(draw, drawing.title)
