"""The standard streams: results go to stdout, progress and notes to stderr, and neither may change the exit code.

Even `kerasnn --help` imports this module, so what only some commands need is imported inside the functions.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from kerasnn.cli.screens import SafeConsole, in_screens
from kerasnn.cli.streams import Notes
from kerasnn.errors import Interrupted, KerasnnError
from kerasnn.files.untrusted import escaped_json
from kerasnn.language import _, set_language
from kerasnn.platforms import await_line

if TYPE_CHECKING:
    from kerasnn.cli.progress import LiveDisplay
    from kerasnn.records import Listener


@dataclass
class Output:
    """The output flags of a command, and the one gateway for everything it prints.

    `document`: what --json prints when the command has ended, with or without an error. `display`: what shows on a
    terminal that something is going on. `has_shown`: the result is there; only files, such as figures, may follow it.
    `next_command`: what `finish` names as the next step. `is_file`: what is shown may be piped into a file as it is.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    no_color: bool = False
    document: object = None
    display: "LiveDisplay | None" = None
    has_shown: bool = False
    next_command: str | None = None
    is_file: bool = False

    def configure(self, *, lang: str | None, **flags: bool) -> None:
        """Set the `flags` of a command, named as the fields; `verbose` lets TensorFlow's own messages through."""
        vars(self).update(flags)
        if lang is not None:
            set_language(lang)
        if self.verbose:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"  # read when TensorFlow is imported, which is later

    def _console(self, **options: Any) -> Console:
        # None, not False, leaves the choice to Rich, which honours NO_COLOR; streams may be replaced between commands
        return SafeConsole(highlight=False, emoji=False, markup=False, no_color=self.no_color or None, **options)

    def _notes(self, **options: Any) -> Console:
        return self._console(stderr=True, file=Notes(), **options)

    @property
    def status(self) -> Console:
        return self._notes(quiet=self.quiet)

    def show(
        self,
        record: Any,
        view: Callable[[Any], RenderableType],
        *,
        document: Callable[[Any], object] | None = None,
        wrap: bool = True,
    ) -> None:
        """Print the result of a command: `record` as JSON under --json, else as `view` renders it.

        `document`: makes the JSON values; by default these are the fields of the record. `wrap`: break long lines at
        the width of the terminal; code must not be, and nothing but the code may follow on stdout.
        """
        self.has_shown, self.is_file = True, not wrap
        if self.as_json:
            from kerasnn.records import plain

            self.document = (document or plain)(record)  # printed at the end: an error adds itself to the same document
        else:
            with self.still():
                self._console().print(view(record), soft_wrap=not wrap)
        if self.display is not None:
            self.display.expect_figures()

    def show_screens(self, record: Any, parts: Callable[[Any], Sequence[RenderableType]]) -> None:
        """Print a result as `show` does, on a terminal one screen at a time.

        A part is only broken where it is higher than the screen. Raises: Interrupted if the user leaves in between.
        """
        console = self._console()
        if self.as_json or not self.may_pause:
            self.show(record, lambda each: Group(*parts(each)))
            return
        try:
            for screen in in_screens(parts(record), console):
                if screen is None:
                    self.pause(_("Enter continues"))
                    continue
                with self.still():
                    console.print(screen, end="")
        except KeyboardInterrupt:
            raise Interrupted(_("the rest of the explanation was not shown"), hint=_("-q shows it at once")) from None
        self.has_shown = True

    def finish(self) -> None:
        """End a command without an error: with its JSON document under --json, else with the next command."""
        if self.as_json:
            if self.document is not None:
                self._write_json(self.document)
        elif self.next_command is not None and self.has_shown and not self.quiet:
            console = self.status if self.is_file else self._console()
            console.print(Text("\n" + _("Next: {command}", command=self.next_command)), soft_wrap=True)

    def _write_json(self, value: object) -> None:
        """Write one JSON document to stdout, escaped if its encoding does not have every character."""
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(escaped_json(json.dumps(value, ensure_ascii=not unicode, indent=2)) + "\n")

    def note(self, text: str) -> None:
        """Print a sentence on stderr, beside the result."""
        with self.still():
            self.status.print(Text(text, style="dim"))

    def warn(self, text: str) -> None:
        """Print a sentence on stderr that must not be missed, even under -q."""
        with self.still():
            self._notes().print(Text(text, style="yellow"), soft_wrap=True)

    @property
    def may_pause(self) -> bool:
        # a script would wait for ever
        return not (self.quiet or self.as_json) and sys.stdin.isatty() and sys.stdout.isatty()

    def pause(self, text: str) -> None:
        """Wait for Enter, but only on a terminal."""
        if not self.may_pause:
            return
        with self.still():
            self.status.print(Text(text, style="dim"), end="")
            try:
                await_line()
                sys.stdin.readline()
            except KeyboardInterrupt:
                self.status.print()  # the terminal shows ^C in the same line
                raise

    def error(self, error: KerasnnError) -> None:
        """Print what was wrong, what was expected and what to do next: on stderr, and under --json also on stdout.

        To be stopped is no error: that says what was saved.
        """
        stopped = isinstance(error, Interrupted)
        begins = (_("Stopped.") + "\n  ", "bold") if stopped else (_("Error") + ": ", "bold red")
        parts: list[str | tuple[str, str]] = [begins, error.message]
        if error.expected:
            parts.append("\n  " + _("expected") + f": {error.expected}")
        if error.hint:
            parts.append("\n  " + _("next") + f": {error.hint}")
        self._notes().print(Text.assemble(*parts), soft_wrap=True)
        if self.as_json:
            self._write_json(self._error_document(error))

    def _error_document(self, error: KerasnnError) -> dict[str, Any]:
        """Return the error as JSON, beside the keys of its record and of what the command had to show before it.

        A record is, for example, the run that was stopped; a list, such as the stops of a tour, is named `shown`.
        """
        from kerasnn.records import plain_object

        result = self.document or {}
        if not isinstance(result, dict):
            result = {"shown": result}
        record = plain_object(error.record) if error.record else {}
        return {**record, **result, "error": error.details}

    @contextmanager
    def working(self) -> Iterator[None]:
        """Show what is going on while the block runs, a whole command, if stderr is a terminal."""
        console = self.status
        if self.quiet or not console.is_terminal or console.is_dumb_terminal:
            yield
            return
        from kerasnn.cli.progress import LiveDisplay

        self.display = LiveDisplay(console).start()
        try:
            yield
        finally:
            self.display.stop()
            self.display = None

    def still(self) -> AbstractContextManager[None]:
        """Show no progress while the block prints or asks."""
        return self.display.still() if self.display is not None else nullcontext()

    @contextmanager
    def listening(self) -> Iterator["Listener"]:
        """Yield a listener for what the library reports: the live display on a terminal, else plain lines.

        If the console is quiet, only warnings are shown.
        """
        from kerasnn.cli.progress import plain_line
        from kerasnn.records import Notice

        if self.quiet:
            yield lambda event: self.warn(event.text) if isinstance(event, Notice) and event.warns else None
        else:
            yield self.display or partial(plain_line, self.status)
