"""`kerasnn data`: the state of the files, and statistics of the images."""

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import N_, _
from kerasnn.records import DataCheck, DataOverview
from kerasnn.views.format import class_name
from kerasnn.views.notices import stand_in_notice
from kerasnn.views.table import right, table

# details that can be translated, because they contain no values
_FIXED = (N_("sha256 as published"), N_("neither the .gz nor the unpacked file is there"))
_STYLE = {N_("good"): "green", N_("missing"): "yellow", N_("corrupt"): "red"}


def check_view(check: DataCheck) -> RenderableType:
    """Return a table with one row per file, and the verdict."""
    grid = table(_("Fashion-MNIST in {location}", location=check.location))
    grid.add_column(_("file"), no_wrap=True)
    grid.add_column(_("state"))
    grid.add_column(_("detail"))
    for file in check.files:
        grid.add_row(
            file.name,
            Text(_(file.state), style=_STYLE[file.state]),
            _(file.detail) if file.detail in _FIXED else file.detail,
        )
    good, bad = _("All four files match their published checksums."), _("Files are missing or corrupt.")
    verdict = Text(good, "green") if check.good else Text(bad, "red")
    return Group(grid, verdict)


def overview_view(overview: DataOverview) -> RenderableType:
    """Return the number of images of each class, and statistics of the pixels before and after division by 255."""
    info = overview.dataset
    rows, columns = info.shape
    heading = Text.assemble(
        (info.name, "bold"),
        "   "
        + _(
            "{rows} x {columns} pixels, {classes} classes   {location}",
            rows=rows,
            columns=columns,
            classes=len(info.classes),
            location=_(info.location),
        ),
    )
    parts: list[RenderableType] = [heading, _counts(overview), _pixels(overview)]
    parts += stand_in_notice(info)
    return Group(*parts)


def _counts(overview: DataOverview) -> RenderableType:
    grid = table(_("Images of each class"))
    right(grid, _("label"))
    grid.add_column(_("class"))
    right(grid, _("training"), _("validation"), _("test"))
    for label, (name, *counts) in enumerate(overview.class_counts):
        grid.add_row(str(label), class_name(name), *(f"{count:,}" for count in counts))
    info = overview.dataset
    grid.add_section()
    grid.add_row("", _("all"), *(f"{count:,}" for count in (info.train, info.validation, info.test)), style="bold")
    return grid


def _pixels(overview: DataOverview) -> RenderableType:
    grid = table(_("Pixels of the training images"), caption=_("normalised: each byte 0..255 divided by 255"))
    grid.add_column("")
    right(grid, _("lowest"), _("highest"), _("mean"), _("standard deviation"))
    for name, values in ((_("raw"), overview.raw), (_("normalised"), overview.normalised)):
        numbers = (values.minimum, values.maximum, values.mean, values.deviation)
        grid.add_row(name, *(f"{number:.4g}" for number in numbers))
    return grid
