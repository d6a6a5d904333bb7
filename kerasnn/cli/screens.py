"""The console that everything is printed on, and what is longer than a screen in portions that fit."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from kerasnn.files.untrusted import visible


class SafeConsole(Console):
    """A console that survives a closed pipe, as of `| head`, and writes no control characters but Rich's own.

    Text from a file could otherwise move the cursor or rename the window. After the pipe is closed the work goes on.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)

    def on_broken_pipe(self) -> None:
        self.quiet = True  # Rich would end the process here, in the middle of a training
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


@dataclass
class Lines:
    """Lines that are rendered already."""

    lines: Sequence[Sequence[Segment]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for line in self.lines:
            yield from line
            yield Segment.line()


def in_screens(parts: Sequence[RenderableType], console: Console) -> Iterator[Lines | None]:
    """Yield `parts` in portions of at most a screen, and None wherever the screen is full.

    A part is only broken where it is higher than the screen.
    """
    room = max(console.height - 1, 2)  # the last line is for the question
    used = 0
    for part in parts:
        lines = console.render_lines(part, pad=False)
        for start in range(0, len(lines), room):
            portion = lines[start : start + room]
            if used and used + len(portion) > room:
                yield None
                used = 0
            yield Lines(portion)
            used += len(portion)
