"""The commands by name, each loaded only when it is called, and the help that lists them, which loads none."""

import importlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from kerasnn.cli.localized_help import told
from kerasnn.language import N_, _


class Entry(NamedTuple):
    """A command: its name, the heading it stands under, and what it does, as its own help begins."""

    name: str
    heading: str
    does: str


_LECTURE: Final = N_("The lecture")
_STUDY: Final = N_("Numbers to trust")
_MODELS: Final = N_("Models")
_MACHINE: Final = N_("Data and machine")
ENTRIES: Final = (
    Entry(
        "stages", _LECTURE, N_("List the lecture's stages: model, optimizer, epochs, parameters, published accuracy.")
    ),
    Entry("train", _LECTURE, N_("Train a stage on real Fashion-MNIST, show what it did, and keep the model.")),
    Entry(
        "tour",
        _LECTURE,
        N_("Go through the lecture from its first slide to its last: ideas worked out, stages trained and compared."),
    ),
    Entry("explain", _LECTURE, N_("Work an idea of the lecture out on a trained network and an image.")),
    Entry(
        "code",
        _LECTURE,
        N_("Write the training of a stage or a run as a short script that anyone can run without kerasnn."),
    ),
    Entry("compare-sklearn", _LECTURE, N_("Compare scikit-learn's SGDClassifier with Keras' one Dense layer.")),
    Entry("summary", _MODELS, N_("Show a model's layers and how their parameters are counted.")),
    Entry(
        "draw", _MODELS, N_("Draw a network: its layers, units, biases and activations, in the terminal and as SVG.")
    ),
    Entry(
        "evaluate", _MODELS, N_("Measure a model: loss, accuracy, each class, what it confuses, its worst mistakes.")
    ),
    Entry("predict", _MODELS, N_("Say what a model takes images for: your own files, or images of the test set.")),
    Entry(
        "weights",
        _MODELS,
        N_("Show what the units of a model look for: the weights of each class or hidden unit as images."),
    ),
    Entry("runs", _MODELS, N_("List, show, compare and remove the runs that were kept.")),
    Entry("report", _MODELS, N_("Write all that is known of a run into one HTML file: to read, to print, to hand in.")),
    Entry(
        "reproduce",
        _STUDY,
        N_("Train every stage with several seeds, and hold the figures against the published ones."),
    ),
    Entry("verify", _STUDY, N_("Is my number right? Hold a training's figures against those of many seeds.")),
    Entry("claims", _STUDY, N_("List what the lecture claims; with --judge, say of each whether it holds.")),
    Entry("race", _STUDY, N_("Race optimizers from the same first weights over the same batches.")),
    Entry(
        "tune",
        _STUDY,
        N_("Search over settings of a stage: train their combinations, and rank them by the validation loss."),
    ),
    Entry("data", _MACHINE, N_("Get, verify and show the images.")),
    Entry("doctor", _MACHINE, N_("Check this machine: versions, device and speed, data, folders, extras.")),
)
NAMES: Final = tuple(entry.name for entry in ENTRIES)


def load(name: str) -> Any:
    """The command `name` as Typer makes it of its module, which is imported here.

    Raises: KeyError where there is none.
    """
    if name not in NAMES:
        raise KeyError(name)
    module = importlib.import_module(f"kerasnn.cli.commands.{name.replace('-', '_')}")
    return typer.main.get_group(module.app).commands[name]


class _Commands(Mapping[str, Any]):
    """All commands by name, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        return load(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class Catalogue(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _Commands()

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As Typer does where Rich draws its help: straight to standard output."""
        Console(highlight=False, emoji=False, markup=False).print(self._help(ctx))

    def _help(self, ctx: Any) -> RenderableType:
        blocks: list[RenderableType] = [
            _("Usage") + f": {ctx.command_path} COMMAND [OPTIONS]",
            "",
            _(self.help) if self.help else "",
            "",
        ]
        for heading, entries in groupby(ENTRIES, lambda entry: entry.heading):
            blocks += [Text(_(heading), style="bold"), _rows((entry.name, _(entry.does)) for entry in entries), ""]
        records = (record for parameter in self.get_params(ctx) if (record := parameter.get_help_record(ctx)))
        options = ((name, told(does)) for name, does in records)
        blocks += [Text(_("Options"), style="bold"), _rows(options), "", _(self.epilog) if self.epilog else ""]
        return Group(*blocks)


def _rows(rows: Any) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=max(map(len, NAMES)) + 2, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, does in rows:
        table.add_row(Text(f"  {name}", style="cyan"), does)
    return table
