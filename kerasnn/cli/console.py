"""The two consoles: results go to stdout, progress and notes to stderr.

`kerasnn --help` passes through here: what only some commands need is imported inside the functions.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from kerasnn.errors import KerasnnError
from kerasnn.files.untrusted import escaped_json, visible
from kerasnn.language import _, set_language

if TYPE_CHECKING:
    from kerasnn.records import Listener


class _Reader(Console):
    """A console whose reader may go away, as `| head` does: it falls silent then, and the work goes on.

    Nor does a text out of a file move its cursor: the only control characters are those that Rich sends.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


@dataclass
class Output:
    """How a command was asked to speak, and the one gateway through which it speaks.

    `document`: what --json prints once the command is through, one way or the other.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    no_color: bool = False
    document: object = None

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
        return _Reader(highlight=False, emoji=False, markup=False, soft_wrap=False, no_color=self.no_color or None)

    @property
    def _errors(self) -> Console:
        return _Reader(stderr=True, highlight=False, emoji=False, markup=False, no_color=self.no_color or None)

    @property
    def status(self) -> Console:
        return _Reader(
            stderr=True, highlight=False, emoji=False, markup=False, no_color=self.no_color or None, quiet=self.quiet
        )

    def show(self, record: Any, view: Callable[[Any], RenderableType], *, wrap: bool = True) -> None:
        """The result of a command: `record` as JSON under --json, else as `view` draws it.

        `wrap`: break long lines at the width of the terminal; code has to stay as it is.
        """
        if self.as_json:
            from kerasnn.records import plain

            self.document = plain(record)
        else:
            self.results.print(view(record), soft_wrap=not wrap)

    def finish(self) -> None:
        """The end of a command that went well."""
        if self.document is not None:
            self._write_json(self.document)

    def _write_json(self, value: object) -> None:
        """One JSON document on stdout; escaped where the stream cannot hold every character."""
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(escaped_json(json.dumps(value, ensure_ascii=not unicode, indent=2)) + "\n")

    def note(self, text: str) -> None:
        """A sentence on stderr, beside the result."""
        self.status.print(Text(text, style="dim"))

    def warn(self, text: str) -> None:
        """A sentence on stderr that should not be missed, so under -q too."""
        self._errors.print(Text(text, style="yellow"), soft_wrap=True)

    def pause(self, text: str) -> None:
        """Wait for Enter, on a terminal only: nothing waits in a pipe."""
        if self.quiet or self.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return
        self.status.print(Text(text, style="dim"), end="")
        sys.stdin.readline()

    def error(self, error: KerasnnError) -> None:
        """What was wrong, what was expected, what to do next: on stderr, and as JSON on stdout under --json.

        A record that comes with the error, such as a run that was stopped, has its keys beside it, and so has the
        result of a command that failed afterwards; a list, such as the stops of a tour, is named `shown`.
        """
        parts: list[str | tuple[str, str]] = [(_("Error") + ": ", "bold red"), error.message]
        if error.expected:
            parts.append("\n  " + _("expected") + f": {error.expected}")
        if error.hint:
            parts.append("\n  " + _("next") + f": {error.hint}")
        with suppress(OSError):  # a full stderr is no reason to keep silent on stdout
            self._errors.print(Text.assemble(*parts), soft_wrap=True)
        if self.as_json:
            details = {"code": error.code, "message": error.message, "expected": error.expected, "hint": error.hint}
            from kerasnn.records import plain_object

            result = self.document or {}
            if not isinstance(result, dict):
                result = {"shown": result}
            record = plain_object(error.record) if error.record else {}
            self._write_json({**result, **record, "error": details})

    def listening(self) -> "AbstractContextManager[Listener]":
        """Return a listener for what the library reports: a live display on a terminal, else plain lines."""
        from kerasnn.cli.progress import listening

        return listening(self.status, self.warn)
