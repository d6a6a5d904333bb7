"""The two consoles: results go to stdout, progress and notes to stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from kerasnn.errors import KerasnnError
from kerasnn.language import _, set_language
from kerasnn.records import Download, Epoch, Event, Notice, Progress, plain


@dataclass
class Output:
    """How a command was asked to speak, and the one gateway through which it speaks."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    no_color: bool = False

    def configure(
        self, *, as_json: bool, quiet: bool, verbose: bool, debug: bool, no_color: bool, lang: str | None
    ) -> None:
        """Take over a command's flags; `verbose` lets TensorFlow's own messages through."""
        self.as_json, self.quiet, self.verbose = as_json, quiet, verbose
        self.debug, self.no_color = debug, no_color
        if lang is not None:
            set_language(lang)
        if verbose:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"

    @property
    def results(self) -> Console:
        return Console(highlight=False, emoji=False, markup=False, soft_wrap=False, no_color=self.no_color or None)

    @property
    def status(self) -> Console:
        return Console(
            stderr=True, highlight=False, emoji=False, markup=False, no_color=self.no_color or None, quiet=self.quiet
        )

    def show(self, record: Any, view: Callable[[Any], RenderableType], *, wrap: bool = True) -> None:
        """The result of a command: `record` as JSON under --json, else as `view` draws it.

        `wrap`: break long lines at the width of the terminal; code has to stay as it is.
        """
        if self.as_json:
            self.write_json(plain(record))
        else:
            self.results.print(view(record), soft_wrap=not wrap)

    def write_json(self, value: object) -> None:
        """One JSON document on stdout; escaped where the stream cannot hold every character."""
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(json.dumps(value, ensure_ascii=not unicode, indent=2) + "\n")

    def note(self, text: str) -> None:
        """A sentence on stderr, beside the result."""
        self.status.print(Text(text, style="dim"))

    def warn(self, text: str) -> None:
        """A sentence on stderr that should not be missed."""
        self.status.print(Text(text, style="yellow"))

    def pause(self, text: str) -> None:
        """Wait for Enter, on a terminal only: nothing waits in a pipe."""
        if self.quiet or self.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return
        self.status.print(Text(text, style="dim"), end="")
        sys.stdin.readline()

    def error(self, error: KerasnnError) -> None:
        """What was wrong, what was expected, what to do next: on stderr, and as JSON on stdout under --json."""
        console = Console(stderr=True, highlight=False, emoji=False, markup=False, no_color=self.no_color or None)
        parts: list[str | tuple[str, str]] = [(_("Error") + ": ", "bold red"), error.message]
        if error.expected:
            parts.append("\n  " + _("expected") + f": {error.expected}")
        if error.hint:
            parts.append("\n  " + _("next") + f": {error.hint}")
        console.print(Text.assemble(*parts), soft_wrap=True)
        if self.as_json:
            details = {"code": error.code, "message": error.message, "expected": error.expected, "hint": error.hint}
            self.write_json({"error": details})

    @contextmanager
    def listening(self) -> Iterator[Callable[[Event], None]]:
        """A listener for what the library reports while it works: a live display on a terminal, else plain lines."""
        console = self.status
        if self.quiet:
            yield lambda event: self.warn(event.text) if isinstance(event, Notice) else None
        elif console.is_terminal and not console.is_dumb_terminal:
            from kerasnn.cli.live import LiveDisplay

            with LiveDisplay(console) as display:
                yield display
        else:
            yield lambda event: _plain_line(console, event)


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """One finished epoch in one line of at most 80 characters."""
    width = len(str(epochs))
    return _(
        "epoch {number}/{epochs}  training loss {loss:.4f} accuracy {accuracy:.4f}"
        "  validation {val_loss:.4f} {val_accuracy:.4f}",
        number=f"{epoch.epoch:{width}}",
        epochs=epochs,
        loss=epoch.loss,
        accuracy=epoch.accuracy,
        val_loss=epoch.val_loss,
        val_accuracy=epoch.val_accuracy,
    )


def _plain_line(console: Console, event: Event) -> None:
    match event:
        case Progress(finished=Epoch() as epoch):
            console.print(epoch_line(epoch, event.epochs), soft_wrap=True)
        case Notice(text):
            console.print(text, style="yellow", soft_wrap=True)
        case Download(name, done, total) if total and done >= total:
            console.print(_("downloaded {name}, {total:,} bytes", name=name, total=total), soft_wrap=True)
