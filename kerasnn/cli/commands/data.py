"""`kerasnn data get | verify | show`"""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.text import Text

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.drawn_notes import note_drawn
from kerasnn.cli.localized_help import SpokenGroup
from kerasnn.cli.options import DataDirOption, DatasetOption, FormatOption, LangOption, PlotsOption, StyleOption
from kerasnn.errors import CheckFailed, DataError
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import DataOverview


def add_to(app: typer.Typer) -> None:
    data = typer.Typer(cls=SpokenGroup, help=N_("Get, verify and show the images."), no_args_is_help=False)
    app.add_typer(data, name="data")

    @data.callback(invoke_without_command=True)
    def data_help(context: typer.Context, lang: LangOption = None) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())

    @command(data, "get")
    def get(output: Output, data_dir: DataDirOption = None) -> None:
        """Download Fashion-MNIST (31 MB), checked, into Keras' cache or --data-dir; good files are not fetched again.

        KERASNN_MIRROR names another server to fetch the four files from.

        Example: kerasnn data get --data-dir ~/fashion-mnist
        """
        from kerasnn.views.data import check_view

        with output.listening() as listener:
            check = kerasnn.fetch_data(data_dir, listener=listener)
        output.show(check, check_view)

    @command(data, "verify")
    def verify(output: Output, data_dir: DataDirOption = None) -> None:
        """Hold the four files against their published digests; code 6 where one differs, 3 where there are none.

        Example: kerasnn data verify
        """
        from kerasnn.views.data import check_view

        check = kerasnn.verify_data(data_dir)
        if all(file.state == "missing" for file in check.files):
            raise DataError(
                _("{location} holds none of Fashion-MNIST's files", location=check.location),
                expected=_("its four files, packed or not"),
                hint=_("kerasnn data get"),
            )
        output.show(check, check_view)
        if not check.good:
            bad = ", ".join(
                _("{name} is {state}", name=file.name, state=_(file.state))
                for file in check.files
                if file.state != "good"
            )
            raise CheckFailed(
                _("in {location}: {bad}", location=check.location, bad=bad),
                expected=_("the published files"),
                hint=_("kerasnn data get fetches these anew"),
            )

    @command(data, "show")
    def show(
        output: Output,
        label: Annotated[
            int, typer.Option(metavar="N", help=N_("The class to show a picture of in the terminal."))
        ] = 9,
        dataset: DatasetOption = "auto",
        data_dir: DataDirOption = None,
        plots: PlotsOption = None,
        format: FormatOption = "png",
        style: StyleOption = "auto",
    ) -> None:
        """Show the images: one in the terminal, counts of each class, pixels before and after normalising.

        With --plots, a contact sheet of all classes as a picture too.

        Example: kerasnn data show --plots plots
        """
        from kerasnn.views.data import overview_view

        with output.listening() as listener:
            overview = kerasnn.data_overview(dataset, data_dir=data_dir, listener=listener)
        output.show(overview, lambda record: Group(overview_view(record), _sample(record, label)))
        if plots is not None:
            from kerasnn.views.figures.images import save_contact_sheet

            drawn = save_contact_sheet(overview, plots / f"contact-sheet.{format}", style)
            note_drawn(output, [drawn], overview.dataset.classes)


def _sample(overview: "DataOverview", label: int) -> Group:
    from kerasnn.views.format import class_name
    from kerasnn.views.picture import Picture

    info = overview.dataset
    label = min(label, len(info.classes) - 1)
    heading = Text(
        _("A training image: {label} {name}", label=label, name=class_name(info.classes[label])), style="bold"
    )
    return Group(heading, *map(Picture, overview.samples[label][:1]))
