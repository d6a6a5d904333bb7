"""`kerasnn data` and `kerasnn doctor`: the state of the files and of the machine, statistics of the images."""

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import Checkup, DataCheck, DataConversion, DataOverview
from kerasnn.records.note import changes
from kerasnn.views.format import class_name, describe_dataset
from kerasnn.views.table import right, stand_in_notice, table

# details that can be translated, because they contain no values
_FIXED = (N_("sha256 as published"), N_("neither the .gz nor the unpacked file is there"))
_STYLE = {
    N_("good"): "green",
    N_("missing"): "yellow",
    N_("corrupt"): "red",
    N_("note"): "yellow",
    N_("fault"): "red",
}


def check_view(check: DataCheck) -> RenderableType:
    """Return a table with one row per file, and the verdict."""
    columns = Column(_("file"), no_wrap=True), _("state"), _("detail")
    grid = table(_("Fashion-MNIST in {location}", location=check.location), *columns)
    for file in check.files:
        detail = _(file.detail) if file.detail in _FIXED else file.detail
        grid.add_row(file.name, Text(_(file.state), style=_STYLE[file.state]), detail)
    good, bad = _("All four files match their published checksums."), _("Files are missing or corrupt.")
    verdict = Text(good, "green") if check.good else Text(bad, "red")
    return Group(verdict, grid)


def conversion_view(done: DataConversion) -> RenderableType:
    """Return one sentence on what was written, with its size and digest."""
    info = done.dataset
    said = _(
        "{path} holds {images:,} images for training and {test:,} for testing, of {classes} classes.",
        path=done.path,
        images=info.train + info.validation,
        test=info.test,
        classes=len(info.classes),
    )
    about = _(
        "{format}   {size:.1f} MB   sha256 {digest}", format=done.format, size=done.bytes / 1e6, digest=info.sha256
    )
    return Group(Text(said, "bold"), Text(about, "dim"))


def checkup_view(checkup: Checkup) -> RenderableType:
    """Return a table with one row per finding and its remedy, and the verdict."""
    texts = (Column(head, overflow="fold") for head in (_("checked"), _("result")))
    grid = table(None, Column("", no_wrap=True), *texts)
    for finding in checkup.findings:
        remedy = f"\n-> {finding.remedy}" if finding.remedy else ""
        grid.add_row(Text(_(finding.state), style=_STYLE[finding.state]), finding.subject, f"{finding.detail}{remedy}")
    good, bad = _("Training can work here."), _("Training cannot work here.")
    verdict = Text(good, "green") if checkup.healthy else Text(bad, "red")
    return Group(verdict, grid)


def overview_view(overview: DataOverview) -> RenderableType:
    """Return the number of images of each class, and statistics of the pixels before and after division by 255."""
    info = overview.dataset
    rows, columns = info.shape
    about = _(
        "{rows} x {columns} pixels, {classes} classes   {location}",
        rows=rows,
        columns=columns,
        classes=len(info.classes),
        location=_(info.location),
    )
    read = f"\n{changes(info.conversions)}" if info.conversions else ""
    heading = Text.assemble((describe_dataset(info), "bold"), f"\n{about}{read}")
    return Group(heading, _counts(overview), _pixels(overview), *stand_in_notice(info))


def _counts(overview: DataOverview) -> RenderableType:
    counted = right(_("training"), _("validation"), _("test"))
    grid = table(_("Images of each class"), *right(_("label")), _("class"), *counted)
    for label, (name, *counts) in enumerate(overview.class_counts):
        grid.add_row(str(label), class_name(name), *(f"{count:,}" for count in counts))
    info = overview.dataset
    grid.add_section()
    grid.add_row("", _("all"), *(f"{count:,}" for count in (info.train, info.validation, info.test)), style="bold")
    return grid


def _pixels(overview: DataOverview) -> RenderableType:
    columns = right(_("lowest"), _("highest"), _("mean"), _("standard deviation"))
    caption = _("normalised: each byte 0..255 divided by 255")
    grid = table(_("Pixels of the training images"), "", *columns, caption=caption)
    # raw: bytes, 0..255; normalised: 0..1
    for name, values in ((_("raw"), overview.raw), (_("normalised"), overview.normalised)):
        grid.add_row(name, *(f"{number:.4g}" for number in vars(values).values()))
    return grid
