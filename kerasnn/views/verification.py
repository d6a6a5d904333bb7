"""`kerasnn verify`: every figure beside its band, and what to look for where one lies outside."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kerasnn.records import FigureCheck, Repetition, Verification
from kerasnn.views import words
from kerasnn.views.table import right, table


def verification_view(found: Verification) -> RenderableType:
    """The verdict first, then the figures, then the causes and the repetition."""
    parts: list[RenderableType] = [_heading(found), _grid(found)]
    if found.causes:
        parts.append(Text("What usually causes that:", style="bold"))
        causes = Table.grid(padding=(0, 1))
        for cause in found.causes:
            causes.add_row("-", cause)
        parts.append(causes)
    if found.repetition is not None:
        parts.append(_repetition(found.repetition))
    parts += [Text(f"Note: {note}.", style="yellow") for note in found.notes]
    if found.dataset.stand_in:
        parts.append(Text(words.STAND_IN, style="yellow"))
    return Group(*parts)


def _heading(found: Verification) -> Text:
    outside = sum(not check.inside for check in found.checks)
    verdict = (
        ("RIGHT", "bold green") if found.holds else (f"OUTSIDE in {outside} of {len(found.checks)} figures", "bold red")
    )
    named = found.subject if found.subject != found.stage else f"{found.stage}, trained now"
    return Text.assemble(
        verdict, f"   {named}   seed {found.seed}   engine {found.engine}\n", words.dataset(found.dataset)
    )


def _grid(found: Verification) -> RenderableType:
    grid = table(
        caption=f"band: where one more seed lies, reckoned from {found.seeds} seeds\n"
        "sd: how far from the mean of these seeds, in standard deviations"
    )
    grid.add_column("figure", no_wrap=True)
    right(grid, "value", "band", "sd")
    grid.add_column("", no_wrap=True)
    for check in found.checks:
        style = "" if check.inside else "red"
        grid.add_row(
            check.figure,
            Text(_number(check, check.value), style or "bold"),
            _band(check),
            "" if check.away is None else f"{check.away:+.1f}",
            Text("inside" if check.inside else "OUTSIDE", "green" if check.inside else "bold red"),
        )
    return grid


def _number(check: FigureCheck, value: float) -> str:
    return f"{value:.0f}" if check.low == check.high else f"{value:.4f}"


def _band(check: FigureCheck) -> str:
    if check.low == check.high:
        return _number(check, check.low)
    return f"{check.low:.4f} to {check.high:.4f}"


def _repetition(found: Repetition) -> Text:
    if found.equal:
        return Text.assemble(
            ("Trained twice: bitwise equal", "bold green"), f"   sha256 of the weights {found.first[:16]}"
        )
    where = f"they part in epoch {found.epoch}" if found.epoch is not None else "the kept weights differ"
    layers = f", in {words.listing(found.layers)}, by {found.largest:.1e} at most" if found.layers else ""
    return Text.assemble(
        ("Trained twice: NOT equal", "bold red"),
        f"   {where}{layers}\nsha256 of the weights {found.first[:16]} and {found.second[:16]}. "
        "Another number of threads, another processor or other versions round otherwise.",
    )
