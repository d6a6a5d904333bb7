"""`kerasnn data get | verify | show | convert`"""

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Group
from rich.text import Text

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, ForceOption, Pictures, note_drawn
from kerasnn.cli.subjects import Conversion, DataChoice
from kerasnn.errors import CheckFailed, DataError
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import DataOverview

To = Annotated[
    Literal["npz", "idx"] | None,
    typer.Option(help=N_("Format; default: npz if FILE ends in .npz or is left out, idx if it is a folder's name.")),
]
Label = Annotated[int, typer.Option(metavar="N", help=N_("Class of the image shown in the terminal, by its number."))]


@command("data get")
def get(output: Output, data_dir: DataDirOption = None) -> None:
    """Download Fashion-MNIST (31 MB) into Keras' cache or --data-dir and check it; intact files are not fetched again.

    Set KERASNN_MIRROR to download the four files from another server.

    Example: kerasnn data get --data-dir ~/fashion-mnist
    """
    from kerasnn.views.data import check_view

    with output.listening() as listener:
        check = kerasnn.fetch_data(data_dir, listener=listener)
    output.show(check, check_view)


@command("data verify")
def verify(output: Output, data_dir: DataDirOption = None) -> None:
    """Check the four files against their published digests; exit code 6 if one differs, 3 if there are none.

    Example: kerasnn data verify
    """
    from kerasnn.views.data import check_view

    check = kerasnn.verify_data(data_dir)
    if all(file.state == "missing" for file in check.files):
        raise DataError(
            _("{location} holds none of Fashion-MNIST's files", location=check.location),
            expected=_("its four files, compressed or not"),
            hint=_("kerasnn data get"),
        )
    output.show(check, check_view)
    if not check.good:
        differing = [file for file in check.files if file.state != "good"]
        bad = ", ".join(_("{name} is {state}", name=file.name, state=_(file.state)) for file in differing)
        raise CheckFailed(
            _("in {location}: {bad}", location=check.location, bad=bad),
            expected=_("the published files"),
            hint=_("kerasnn data get downloads these again"),
        )


@command("data show")
def show(output: Output, label: Label = 9, *, chosen: DataChoice, pictures: Pictures) -> None:
    """Show the data: an image, the number of images per class, pixels before and after normalising.

    With --plots, also save a contact sheet of all classes.

    Example: kerasnn data show --plots plots

    Example: kerasnn data show my-pictures
    """
    from kerasnn.views.data import overview_view

    with output.listening() as listener:
        name = "auto" if chosen.name is None else chosen.name  # an empty one is refused
        overview = kerasnn.data_overview(name, data_dir=chosen.data_dir, listener=listener)
    output.show(overview, lambda record: Group(overview_view(record), _sample(record, label)))
    if pictures.plots is not None:
        from kerasnn.views.figures.images import save_contact_sheet

        drawn = save_contact_sheet(overview, pictures.path("contact-sheet"), pictures.style)
        note_drawn(output, [drawn], overview.dataset.classes)


def _sample(overview: "DataOverview", label: int) -> Group:
    from kerasnn.views.drawings import Picture
    from kerasnn.views.format import class_name

    classes = overview.dataset.classes
    label = min(label, len(classes) - 1)  # the default, 9, suits Fashion-MNIST; other data may have fewer classes
    heading = _("A training image: {label} {name}", label=label, name=class_name(classes[label]))
    return Group(Text(heading, style="bold"), *map(Picture, overview.samples[label][:1]))


@command("data convert")
def convert(
    output: Output, to: To = None, data_dir: DataDirOption = None, force: ForceOption = False, *, chosen: Conversion
) -> None:
    """Write images of any form that kerasnn reads as one .npz file or as a folder of IDX files.

    The file is read back before it gets its name. It holds bytes from 0 to 255 and the names of the classes.

    Example: kerasnn data convert my-pictures my-pictures.npz

    Example: kerasnn data convert fashion-mnist fashion --to idx
    """
    from kerasnn.views.data import conversion_view

    with output.listening() as listener:
        done = kerasnn.convert_data(
            chosen.source, chosen.target, to=to, data_dir=data_dir, force=force, listener=listener
        )
    output.show(done, conversion_view)
