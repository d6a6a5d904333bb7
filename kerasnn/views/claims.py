"""`kerasnn claims`: what the lecture claims, and the verdicts."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.records import ClaimRow, Estimate, Exactness, JudgedClaim, Judgement
from kerasnn.views import words
from kerasnn.views.table import table

_STYLE: Final = {"holds": "green", "does not hold": "red", "not separable": "yellow", "not judged": "dim"}

CLAIMS_HEADING: Final = "What the lecture claims of them"


def claims_view(rows: Sequence[ClaimRow]) -> RenderableType:
    """Each claim with what it states, its slide and its kind."""
    grid = table(caption="kerasnn claims --judge trains, computes and judges them")
    grid.add_column("claim", style="bold", no_wrap=True)
    grid.add_column("what the lecture states", overflow="fold")
    for row in rows:
        grid.add_row(row.name, Text.assemble(row.states, (f"\nslide: {row.slide}; {row.kind}", "dim")))
    return grid


def judgement_view(judgement: Judgement) -> RenderableType:
    """Each claim with its verdict and the figures behind it, then how many hold."""
    seeds = judgement.seeds
    count = f"{len(seeds)} seeds: {seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"seed {seeds[0]}"
    parts: list[RenderableType] = [Text(f"{words.dataset(judgement.dataset)}\n{count}\n")]
    for claim in judgement.claims:
        parts += [_heading(claim), _evidence(claim, len(seeds)), Text()]
    parts.append(Text(_summary(judgement), style="bold"))
    parts.append(
        Text(
            "estimate: mean of the differences between trainings of the same seed, with its 95 % interval "
            "(Student's t). A claim holds where the whole interval lies where it must, and does not where the whole "
            "lies beyond; each verdict has 5 % to err.",
            style="dim",
        )
    )
    if judgement.dataset.stand_in:
        parts.append(Text(words.STAND_IN, style="yellow"))
    return Group(*parts)


def verdicts_view(claims: Sequence[JudgedClaim], seeds: int) -> RenderableType:
    """Claims with their verdicts and the figures behind them, for a page that has other things to show."""
    return Group(*(part for claim in claims for part in (_heading(claim), _evidence(claim, seeds))))


def claims_markdown(claims: Sequence[JudgedClaim]) -> list[str]:
    """The same as lines of Markdown, a line a comparison."""
    lines = ["", f"## {CLAIMS_HEADING}", "", "| claim | verdict | compared | mean | 95% interval | must be |"]
    lines.append("|---|---|---|---|---|---|")
    for claim in claims:
        for estimate in claim.estimates:
            cells = (claim.states, claim.verdict, estimate.says, *_numbers(estimate))
            lines.append(f"| {' | '.join(cells)} |")
    return lines if claims else []


def _heading(claim: JudgedClaim) -> Text:
    return Text.assemble(
        (f"{claim.verdict:13}", f"bold {_STYLE[claim.verdict]}"), (f"  {claim.name}\n", "bold"), claim.states
    )


def _evidence(claim: JudgedClaim, seeds: int) -> RenderableType:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=1)
    grid.add_column(ratio=1, overflow="fold")
    for width in (8, 18, 12):
        grid.add_column(justify="right", width=width)
    if claim.exact is not None:
        grid.add_row("", claim.exact.says, *_exact(claim.exact))
    for estimate in claim.estimates:
        grid.add_row("", Text.assemble(estimate.says, (_remark(estimate, seeds), "yellow")), *_numbers(estimate))
    return grid


def _exact(exact: Exactness) -> tuple[str, str, str]:
    return (f"{exact.difference:.1e}" if exact.difference else "0", "largest difference", f"<= {exact.tolerance:g}")


def _numbers(estimate: Estimate) -> tuple[str, str, str]:
    between = ""
    if estimate.low is not None and estimate.high is not None:
        between = f"{_signed(estimate.low)} to {_signed(estimate.high)}"
    return _signed(estimate.mean), between, _bounds(estimate.above, estimate.below)


def _bounds(above: float | None, below: float | None) -> str:
    if above is not None and below is not None:
        return f"within {below:g}" if above == -below else f"{above:g} to {below:g}"
    return f"> {above:g}" if above is not None else f"< {below:g}"


def _signed(value: float) -> str:
    return f"{value:+.4f}" if abs(value) < 1 else f"{value:+.2f}"


def _remark(estimate: Estimate, seeds: int) -> str:
    if estimate.verdict == "does not hold":
        return "\nnot so here: the whole interval lies on the other side"
    if estimate.verdict != "not separable":
        return ""
    told = f"{seeds} seeds do not tell" if seeds > 1 else "one seed does not tell"
    return f"\n{told}; about {estimate.seeds_needed:,} would" if estimate.seeds_needed else f"\n{told}"


def _summary(judgement: Judgement) -> str:
    counts = Counter[str](claim.verdict for claim in judgement.claims)
    said = {"holds": "hold", "does not hold": "do not", "not separable": "cannot be told", "not judged": "not judged"}
    parts = [f"{counts[verdict]} {text}" for verdict, text in said.items() if counts[verdict]]
    return f"Of {len(judgement.claims)} claims {words.listing(parts)}. {words.seconds(judgement.seconds)}."
