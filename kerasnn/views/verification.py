"""`kerasnn verify`: each metric beside its band, what that can tell, and the usual causes if one lies outside."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import Repetition, Verification
from kerasnn.records.codes import Code
from kerasnn.records.note import sentence
from kerasnn.views.format import describe_dataset, join_items
from kerasnn.views.table import note_lines, right, stand_in_notice, table

_LAYER = {"kernel": N_("layer {number} kernel"), "bias": N_("layer {number} bias")}


def verification_view(found: Verification) -> RenderableType:
    """Return the verdict, the table of metrics, the causes, what the checks can tell, and the repetition's result."""
    parts: list[RenderableType] = [_heading(found), _grid(found)]
    if found.causes:
        parts += _listed(_("Causes that agree with all checks:"), map(sentence, found.causes))
    parts += _listed(_("What this tells:"), _scope(found))
    if found.repetition is not None:
        parts.append(_repetition(found.repetition))
    parts += note_lines(found.problems, "red")
    parts += note_lines(found.notes)
    parts += stand_in_notice(found.dataset)
    return Group(*parts)


def _heading(found: Verification) -> Text:
    outside = sum(not check.inside for check in found.checks)
    verdict = (_("NOTHING UNUSUAL") if found.seeds else _("AS RECORDED"), "bold green")
    if not found.holds:
        verdict = (_("UNUSUAL in {outside} of {count} checks", outside=outside, count=len(found.checks)), "bold red")
    if found.problems:
        changed = all(problem.code == Code.DATA_CHANGED for problem in found.problems)
        verdict = (_("THE IMAGES HAVE CHANGED") if changed else _("THE RECORD IS NOT TRUE"), "bold red")
    named = found.subject if found.subject != found.stage else _("{stage}, trained now", stage=found.stage)
    return Text.assemble(
        verdict,
        _("   {named}   seed {seed}   engine {engine}\n", named=named, seed=found.seed, engine=found.engine),
        describe_dataset(found.dataset),
    )


def _listed(title: str, sentences: Iterable[str]) -> list[RenderableType]:
    rows = Table.grid(padding=(0, 1))
    for each in sentences:
        rows.add_row("-", each)
    return [Text(title, style="bold"), rows]


def _scope(found: Verification) -> Iterator[str]:
    """Yield what the checks of `found` can detect, and what they cannot."""
    if found.first_epoch == "equal":
        yield _(
            "The first epoch, trained again, is the same to the last bit: the run began with the images, labels and "
            "seed of its record, with all settings that act in the first epoch, and with kerasnn's own code."
        )
    elif found.first_epoch == "close":
        yield _(
            "The first epoch, trained again on a machine or versions that round differently, is close to the record: "
            "another seed or a small change would not show."
        )
    elif found.first_epoch is None and found.subject != found.stage:
        yield _("The first epoch was not trained again, so nothing shows that the run began as its record says.")
    if not found.seeds:
        yield _(
            "There is no band for these settings or images, so whether the results are usual is unknown: train with "
            "other seeds (--seed) to see how much they vary."
        )
        return
    yield _(
        "Outside a band are, for example: images not divided by 255, a tenth of the labels wrong, a learning rate ten "
        "times off, one epoch too few, dropout left on."
    )
    yield _(
        "A mistake that changes the results by less than another seed does cannot be seen, such as RMSprop for Adam or "
        "the same order of images in every epoch."
    )
    yield _("About one correct training in {count} is outside.", count=round(1 / found.alarm))


def _grid(found: Verification) -> RenderableType:
    caption = None
    if found.seeds:
        caption = _(
            "band: the expected range of one more seed, estimated from {seeds} seeds\nsd: distance from the "
            "mean of these seeds, in standard deviations",
            seeds=found.seeds,
        )
    figures = Column(_("figure")), *right(_("value"), _("band"), _("sd"))
    grid = table(None, *figures, Column("", no_wrap=True), caption=caption)
    for check in found.checks:
        if check.inside and check.figure.startswith("first epoch again"):  # a sentence below tells of it
            continue
        style = "" if check.inside else "red"
        digits = ".0f" if isinstance(check.low, int) else ".6f" if check.low == check.high else ".4f"
        low, high = format(check.low, digits), format(check.high, digits)
        grid.add_row(
            _(check.figure),
            Text(format(check.value, digits), style or "bold"),
            low if check.low == check.high else _("{low} to {high}", low=low, high=high),
            "" if check.away is None else f"{check.away:+.{1 if abs(check.away) < 100 else 0}f}",
            Text("" if check.inside else _("OUTSIDE"), "bold red"),
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
