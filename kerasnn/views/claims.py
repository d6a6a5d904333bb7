"""`kerasnn claims`: the lecture's claims, and the verdicts on them."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.cells import set_cell_size
from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import N_, _, ngettext
from kerasnn.lecture.claims import COMPUTED
from kerasnn.records import ClaimRow, Estimate, Exactness, JudgedClaim, Judgement
from kerasnn.views.format import describe_dataset, describe_seeds, format_duration, join_items
from kerasnn.views.table import stand_in_notice, table

_STYLE: Final = {  # marked for translation here, looked up by the verdict in a record
    N_("holds"): "green",
    N_("does not hold"): "red",
    N_("not separable"): "yellow",
    N_("not judged"): "dim",
}
_KIND: Final = {"exact": N_("exact"), "statistical": N_("statistical")}
_VERDICT_CELLS: Final = 13  # of a terminal

CLAIMS_HEADING: Final = N_("What the lecture claims about them")


def claims_view(rows: Sequence[ClaimRow]) -> RenderableType:
    """Return a table of the claims with their slides and kinds."""
    columns = Column(_("claim"), style="bold", no_wrap=True), Column(_("what the lecture states"), overflow="fold")
    grid = table(ngettext("The lecture makes {count} claim.", "The lecture makes {count} claims.", len(rows)), *columns)
    for row in rows:
        about = _("\nslide: {slide}; {kind}", slide=_(row.slide), kind=_(_KIND[row.kind]))
        grid.add_row(row.name, Text.assemble(_(row.states), (about, "dim")))
    return grid


def judgement_view(judgement: Judgement) -> RenderableType:
    """Return each claim with its verdict and the evidence, then the number of claims that hold."""
    seeds = judgement.seeds
    about = f"{describe_dataset(judgement.dataset)}\n{describe_seeds(seeds)}\n"
    parts: list[RenderableType] = [Text(_summary(judgement), style="bold"), Text(about)]
    for claim in judgement.claims:
        parts += [_heading(claim), _evidence(claim, len(seeds)), Text()]
    method = _(
        "Estimates are mean differences between trainings with the same seed, with their {share} "
        "intervals (Student's t). A claim holds if all its intervals meet their conditions. It does not hold if "
        "one lies wholly on the other side; where there are several, that one has to lie further away (Holm's "
        "correction). Either verdict is wrong in about {risk} of cases at most.",
        share="95%",
        risk="2.5%",
    )
    return Group(*parts, Text(method, style="dim"), *stand_in_notice(judgement.dataset))


def verdicts_view(claims: Sequence[JudgedClaim], seeds: int) -> RenderableType:
    """Return claims with verdicts and evidence alone, to be shown below other results."""
    return Group(*(part for claim in claims for part in (_heading(claim), _evidence(claim, seeds))))


def claims_markdown(claims: Sequence[JudgedClaim]) -> list[str]:
    """Return a Markdown section with one table row per comparison; empty without claims."""
    lines = [
        "",
        "## " + _(CLAIMS_HEADING),
        "",
        _("| claim | verdict | compared | mean | {share} interval | must be |", share="95%"),
    ]
    lines.append("|---|---|---|---|---|---|")  # Markdown knows a table by this line
    for claim in claims:
        for estimate in claim.estimates:
            cells = (_(claim.states), _(claim.verdict), _(estimate.says), *_numbers(estimate))
            lines.append(f"| {' | '.join(cells)} |")
    return lines if claims else []


def _heading(claim: JudgedClaim) -> Text:
    verdict = set_cell_size(_(claim.verdict), _VERDICT_CELLS)  # pads by cells, because a Hangul letter takes two
    return Text.assemble((verdict, f"bold {_STYLE[claim.verdict]}"), (f"  {claim.name}\n", "bold"), _(claim.states))


def _evidence(claim: JudgedClaim, seeds: int) -> RenderableType:
    # the first column indents the evidence below its claim; fixed widths let the columns of all claims line up
    numbers = (Column(justify="right", width=width) for width in (8, 18, 12))
    grid = Table.grid(Column(width=1), Column(ratio=1, overflow="fold"), *numbers, padding=(0, 1), expand=True)
    if claim.exact is not None:
        grid.add_row("", _(COMPUTED[claim.name], **claim.exact.found), *_exact(claim.exact))
    for estimate in claim.estimates:
        grid.add_row("", Text.assemble(_(estimate.says), (_remark(estimate, seeds), "yellow")), *_numbers(estimate))
    return grid


def _exact(exact: Exactness) -> tuple[str, str, str]:
    return (f"{exact.difference:.1e}" if exact.difference else "0", _("largest difference"), f"<= {exact.tolerance:g}")


def _numbers(estimate: Estimate) -> tuple[str, str, str]:
    between = ""
    if estimate.low is not None and estimate.high is not None:
        between = _("{low} to {high}", low=_signed(estimate.low), high=_signed(estimate.high))
    return _signed(estimate.mean), between, _bounds(estimate.above, estimate.below)


def _bounds(above: float | None, below: float | None) -> str:
    if above is not None and below is not None:
        if above == -below:  # a claim of equality, such as 'the same accuracy'
            return _("within {bound}", bound=f"{below:g}")
        return _("{low} to {high}", low=f"{above:g}", high=f"{below:g}")
    return f"> {above:g}" if above is not None else f"< {below:g}"


def _signed(value: float) -> str:
    return f"{value:+.4f}" if abs(value) < 1 else f"{value:+.2f}"  # four digits for losses and accuracies


def _remark(estimate: Estimate, seeds: int) -> str:
    if estimate.verdict == "does not hold":
        return "\n" + _("not here: the whole interval lies on the other side")
    if estimate.verdict != "not separable":
        return ""
    told = ngettext("one seed is too few", "{count} seeds are too few", seeds)
    if estimate.low is not None:
        told += "; " + _("{count:,} would about halve the interval", count=4 * seeds)
    return f"\n{told}"


def _summary(judgement: Judgement) -> str:
    counts = Counter[str](claim.verdict for claim in judgement.claims)
    said = {
        "holds": N_("{count} hold"),
        "does not hold": N_("{count} do not hold"),
        "not separable": N_("{count} undecided"),
        "not judged": N_("{count} not judged"),
    }
    parts = [_(text, count=counts[verdict]) for verdict, text in said.items() if counts[verdict]]
    return _(
        "Of {count} claims: {parts}. {seconds}.",
        count=len(judgement.claims),
        parts=join_items(parts),
        seconds=format_duration(judgement.seconds),
    )
