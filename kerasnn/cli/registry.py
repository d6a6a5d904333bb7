"""The commands by name, each imported when it is called, and the help that lists them without importing any."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from kerasnn.cli.localized_help import localized
from kerasnn.language import N_, _

# by heading: each command with the first words of its own help, as importing all of them would take too long
ENTRIES: Final = {
    N_("The lecture"): {
        "stages": N_("List the lecture's stages: model, optimizer, epochs, parameters, published accuracy."),
        "train": N_("Train a stage on Fashion-MNIST, show the results and save the model."),
        "lab": N_("Open the lab: a page where networks are built, trained, watched and asked."),
        "tour": N_(
            "Go through the lecture from the first slide to the last: ideas explained, stages trained and compared."
        ),
        "explain": N_("Explain an idea of the lecture step by step on a trained network and an image."),
        "code": N_("Write a short script, without kerasnn, that repeats the training of a stage or run."),
        "compare-sklearn": N_("Compare scikit-learn's SGDClassifier with a single Dense layer in Keras."),
    },
    N_("Models"): {
        "summary": N_("Show a model's layers and how their parameters are counted."),
        "draw": N_("Draw a network: its layers, units, biases and activations, in the terminal and as SVG."),
        "evaluate": N_("Measure a model: loss, accuracy, each class, confusions, worst mistakes."),
        "predict": N_("Classify images with a model: your own files, or images of the test set."),
        "weights": N_("Show what the units of a model look for: the weights of each class or hidden unit as images."),
        "export": N_(
            "Export a network: write it as a Keras file or for other programs, and check that it predicts the same."
        ),
        "runs": N_("List, show, compare, export, import and remove saved runs."),
        "report": N_(
            "Write the results, curves, settings and mistakes of a run into one HTML file, to read, print or hand in."
        ),
    },
    N_("Numbers to trust"): {
        "reproduce": N_("Train every stage with several seeds and compare the metrics with those published."),
        "verify": N_("Is my result unusual? Compare a training's metrics with those of many seeds."),
        "claims": N_("List the lecture's claims; with --judge, test whether each holds."),
        "race": N_("Race optimizers from the same initial weights over the same batches."),
        "tune": N_("Search hyperparameters of a stage: train combinations and rank them by validation loss."),
    },
    N_("Data and machine"): {
        "data": N_("Get, verify, show and convert the images."),
        "doctor": N_("Check this machine: versions, device and speed, data, folders, extras."),
    },
}
DOES: Final = {name: does for entries in ENTRIES.values() for name, does in entries.items()}
NAMES: Final = tuple(DOES)


def load(name: str) -> Any:
    """Import the module of the command `name` and return the Typer command made from it.

    Raises: KeyError if there is no such command.
    """
    does = DOES[name]
    from kerasnn.cli.command import typer_command  # here, because the list of commands does not need the flags

    importlib.import_module(f"kerasnn.cli.commands.{name.replace('-', '_')}")
    return typer_command(name, does)


class _Commands(Mapping[str, Any]):
    """All commands by name, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        return load(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _Commands()  # Typer looks commands up here, also to suggest the nearest name

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help straight to standard output, as Typer does when Rich renders it."""
        # not by Typer: it would import every command to ask for its first line
        Console(highlight=False, emoji=False, markup=False).print(self._help(ctx))

    def _help(self, ctx: Any) -> RenderableType:
        usage = _("Usage") + f": {ctx.command_path} COMMAND [OPTIONS]"
        blocks: list[RenderableType] = [usage, "", _(self.help) if self.help else "", ""]
        for heading, entries in ENTRIES.items():
            rows = [(name, _(does)) for name, does in entries.items()]
            blocks += [Text(_(heading), style="bold"), _rows(rows), ""]
        records = (record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx)))
        options = ((name, localized(does)) for name, does in records)
        blocks += [Text(_("Options"), style="bold"), _rows(options), "", _(self.epilog) if self.epilog else ""]
        return Group(*blocks)


def _rows(rows: Any) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=max(map(len, NAMES)) + 2, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, does in rows:
        table.add_row(Text(f"  {name}", style="cyan"), does)
    return table
