"""`kerasnn reproduce`: the results of every stage over several seeds."""

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import N_, _, ngettext
from kerasnn.records import Agreement, Reproduction, Spread, StageResult
from kerasnn.views.claims import CLAIMS_HEADING, verdicts_view
from kerasnn.views.format import describe_dataset, describe_seeds, describe_study, join_items
from kerasnn.views.table import right, stand_in_notice, table

_ANSWERS: Final = {
    "agrees": N_("yes"),
    "differs": N_("no"),
    "unclear": N_("unclear"),
    "too few seeds": N_("too few\nseeds"),
}
_STYLE: Final = {"agrees": "green", "differs": "red", "unclear": "yellow", "too few seeds": "dim"}
_TOLD: Final = {
    "agrees": N_("In agreement with the published range: {stages}."),
    "unclear": N_("More seeds are needed to tell: {stages}."),
}


def reproduction_view(found: Reproduction) -> RenderableType:
    """Return validation metrics beside the published ones, test metrics, epochs, seconds, and a summary."""
    seeds = describe_seeds(found.seeds)
    trained = ngettext("{count} stage, {seeds}\n", "{count} stages, {seeds}\n", len(found.stages), seeds=seeds)
    heading = Text.assemble((trained, "bold"), describe_dataset(found.dataset))
    told = list(map(Text, sentences(found)))
    parts: list[RenderableType] = [*told, Text(), heading, Text(), _validation(found), Text(), _rest(found)]
    if found.claims:
        parts += [Text(_(CLAIMS_HEADING), style="bold"), verdicts_view(found.claims, len(found.seeds))]
    parts += stand_in_notice(found.dataset)
    return Group(*parts)


def _validation(found: Reproduction) -> RenderableType:
    compares = any(stage.agreement is not None for stage in found.stages)
    notes = []
    if len(found.seeds) > 1:
        notes.append(_("mean +- half of its {share} interval; sd: standard deviation between seeds", share="95%"))
    if compares:
        notes.append(_("published: range of the textbook's notebooks in different environments, 2020 to 2025"))
    notes += _test_note(found)
    if any(_compares_best(stage) for stage in found.stages):
        notes.append(_("* accuracy of the best epoch, which is the one that the notebook prints"))
    columns = [Column(_("stage"), style="bold", no_wrap=True), *right(_("loss"), _("accuracy"), _("sd"))]
    if compares:
        columns += [*right(_("published")), Column(_("agrees"), no_wrap=True)]
    grid = table(_("On the validation images"), *columns, caption="\n".join(notes) or None)
    for stage in found.stages:
        loss, accuracy = stage.validation_loss, stage.validation_accuracy
        published = _agreement(stage) if compares else ()
        grid.add_row(stage.stage, with_interval(loss), with_interval(accuracy), _sd(accuracy), *published)
    return grid


def _test_note(found: Reproduction) -> list[str]:
    tested = [each.agreement for each in found.stages if each.agreement and each.agreement.answer != "too few seeds"]
    if not tested:
        return []
    margins = sorted({f"{each.margin:.4f}" for each in tested})
    between = margins[0] if len(margins) == 1 else _("{low} to {high}", low=margins[0], high=margins[-1])
    told = _(
        "agrees: yes if the {share} interval lies in that range, widened at both ends by "
        "one deviation of 60 seeds ({between}); no if beyond it; else unclear",
        share="90%",
        between=between,
    )
    return [told]


def _agreement(stage: StageResult) -> tuple[str, Text]:
    found = stage.agreement
    if found is None:
        return "-", Text("-")
    answer = Text(answer_of(found), _STYLE[found.answer])
    if _compares_best(stage):
        answer.append(f"\n{found.compared.mean:.4f}*", "default")  # not the accuracy in the column beside it
    return _("{low:.4f} to\n{high:.4f}", low=found.published.low, high=found.published.high), answer


def _compares_best(stage: StageResult) -> bool:
    return stage.agreement is not None and stage.agreement.published.epoch == "best"


def _rest(found: Reproduction) -> RenderableType:
    stages = Column(_("stage"), style="bold", no_wrap=True)
    columns = right(_("loss"), _("accuracy"), _("sd"), _("best\nepoch"), _("last\nepoch"), _("\nseconds"))
    grid = table(_("On the test images, and how long the epochs took"), stages, *columns)
    for stage in found.stages:
        grid.add_row(
            stage.stage,
            f"{stage.test_loss.mean:.4f}",
            with_interval(stage.test_accuracy),
            _sd(stage.test_accuracy),
            f"{stage.best_epoch.mean:.1f}" if stage.best_epoch else "-",
            f"{stage.stopped_epoch.mean:.1f}",
            f"{stage.seconds.mean:.1f}",
        )
    return grid


def sentences(found: Reproduction) -> list[str]:
    """Return sentences on which stages agree with their published range, which differ, and the time taken."""
    stages: dict[str, list[StageResult]] = {}
    for stage in found.stages:
        if stage.agreement is not None:  # not every stage has published numbers
            stages.setdefault(stage.agreement.answer, []).append(stage)
    lines = []
    if "too few seeds" in stages:
        lines.append(_("Fewer than four seeds cannot tell whether the results agree with the published ones."))
    for answer, told in _TOLD.items():
        if answer in stages:
            lines.append(_(told, stages=join_items([stage.stage for stage in stages[answer]])))
    lines += [_difference(stage) for stage in stages.get("differs", ())]
    for stage in found.stages:
        if stage.diverged:
            lines.append(_("{stage} diverged with seed {seeds}.", stage=stage.stage, seeds=join_items(stage.diverged)))
    lines.append(describe_study(found.trained, len(found.outcomes), found.seconds, found.folder))
    return lines


def _difference(stage: StageResult) -> str:
    found = stage.agreement
    assert found is not None
    mean = found.compared.mean
    away, told = found.published.low - mean, N_("{stage} differs: its mean {mean:.4f} is {away:.4f} below the range.")
    if away <= 0:
        away = mean - found.published.high
        told = N_("{stage} differs: its mean {mean:.4f} is {away:.4f} above the range.")
    return _(told, stage=stage.stage, mean=mean, away=away)


def answer_of(agreement: Agreement) -> str:
    """Return whether a stage agrees with the published range, as a word or two."""
    return _(_ANSWERS[agreement.answer])


def with_interval(value: Spread) -> str:
    """Return `0.4444 +- 0.0012`, half the 95 % interval; the mean alone for a single seed."""
    if value.high is None:
        return f"{value.mean:.4f}"
    return f"{value.mean:.4f} +- {value.high - value.mean:.4f}"  # the interval is symmetric


def _sd(value: Spread) -> str:
    return "-" if value.deviation is None else f"{value.deviation:.4f}"
