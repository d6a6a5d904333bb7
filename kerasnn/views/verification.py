"""`kerasnn verify`: each metric beside its band, and the usual causes if one lies outside."""

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import Repetition, Verification
from kerasnn.records.note import sentence
from kerasnn.views.format import describe_dataset, join_items
from kerasnn.views.table import note_lines, right, stand_in_notice, table

_LAYER = {"kernel": N_("layer {number} kernel"), "bias": N_("layer {number} bias")}


def verification_view(found: Verification) -> RenderableType:
    """Return the verdict, the table of metrics, the causes, and the result of the repetition."""
    parts: list[RenderableType] = [_heading(found), _grid(found)]
    if found.causes:
        parts.append(Text(_("Usual causes:"), style="bold"))
        causes = Table.grid(padding=(0, 1))
        for cause in found.causes:
            causes.add_row("-", sentence(cause))
        parts.append(causes)
    if found.repetition is not None:
        parts.append(_repetition(found.repetition))
    parts += note_lines(found.problems, "red")
    parts += note_lines(found.notes)
    parts += stand_in_notice(found.dataset)
    return Group(*parts)


def _heading(found: Verification) -> Text:
    outside = sum(not check.inside for check in found.checks)
    verdict = (_("RIGHT"), "bold green")
    if not found.holds:
        verdict = (_("OUTSIDE in {outside} of {count} metrics", outside=outside, count=len(found.checks)), "bold red")
    if found.problems:
        verdict = (_("THE RECORD IS NOT TRUE"), "bold red")
    named = found.subject if found.subject != found.stage else _("{stage}, trained now", stage=found.stage)
    return Text.assemble(
        verdict,
        _("   {named}   seed {seed}   engine {engine}\n", named=named, seed=found.seed, engine=found.engine),
        describe_dataset(found.dataset),
    )


def _grid(found: Verification) -> RenderableType:
    caption = _(
        "band: the expected range of one more seed, estimated from {seeds} seeds\nsd: distance from the "
        "mean of these seeds, in standard deviations",
        seeds=found.seeds,
    )
    figures = Column(_("figure"), no_wrap=True), *right(_("value"), _("band"), _("sd"))
    grid = table(None, *figures, Column("", no_wrap=True), caption=caption)
    for check in found.checks:
        style = "" if check.inside else "red"
        exact = check.low == check.high  # a whole number, such as the count of parameters
        grid.add_row(
            _(check.figure),
            Text(f"{check.value:.0f}" if exact else f"{check.value:.4f}", style or "bold"),
            f"{check.low:.0f}" if exact else _("{low:.4f} to {high:.4f}", **vars(check)),
            "" if check.away is None else f"{check.away:+.1f}",
            Text(_("inside") if check.inside else _("OUTSIDE"), "green" if check.inside else "bold red"),
        )
    return grid


def _repetition(found: Repetition) -> Text:
    if found.equal:
        equal = (_("Trained twice: bitwise equal"), "bold green")
        return Text.assemble(equal, _("   sha256 of the weights {first}", first=found.first[:16]))
    where, layers = _("the saved weights differ"), ""
    if found.epoch is not None:
        where = _("they first differ in epoch {epoch}", epoch=found.epoch)
    if found.layers:
        named = join_items([_(_LAYER[each.array], number=each.layer) for each in found.layers])
        layers = _(", in {layers}, by {largest:.1e} at most", layers=named, largest=found.largest)
    reason = _(
        "   {where}{layers}\nsha256 of the weights {first} and {second}. A different number of threads, "
        "processor or library version rounds differently.",
        where=where,
        layers=layers,
        first=found.first[:16],  # sixteen digits tell any two apart
        second=found.second[:16],
    )
    return Text.assemble((_("Trained twice: NOT equal"), "bold red"), reason)
