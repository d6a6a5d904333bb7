"""A pseudo-terminal for tests: run kerasnn on it, press keys, and read its screen."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CTRL_C = b"\x03"
STREAMS = ("stdin", "stdout", "stderr")
OWN_TERMINAL = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell ignores it for what it starts in the background
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches the process
os.execv(sys.executable, [sys.executable, "-m", "kerasnn", *sys.argv[1:]])
"""
TOKEN = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


@dataclass
class Session:
    """What a command wrote to its terminal, and its exit code."""

    text: str
    code: int

    @property
    def screen(self) -> list[str]:
        """The lines that stand there at the end, however long the page."""
        return screen_of(self.text)


def on_terminal(
    *words: object,
    columns: int = 80,
    press: Mapping[str, bytes] | None = None,
    press_always: tuple[str, bytes] | None = None,
    rows: int = 30,
    seconds: float = 120,
) -> Session:
    """Run kerasnn on a terminal; `press`: keys by the text after whose first appearance they are pressed.

    `press_always`: a text, and the key to press whenever it appears again.
    """
    primary, secondary = pty.openpty()
    fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    drop = ("COLUMNS", "LINES", "NO_COLOR")
    variables = {name: value for name, value in os.environ.items() if name not in drop} | {"TERM": "xterm-256color"}
    command = [sys.executable, "-c", OWN_TERMINAL, *map(str, words)]
    streams: Any = dict.fromkeys(STREAMS, secondary)
    process = subprocess.Popen(command, env=variables, start_new_session=True, **streams)
    os.close(secondary)
    waiting, written, end = dict(press or {}), b"", time.monotonic() + seconds
    asked, pressed = press_always or ("", b""), 0
    while select.select([primary], [], [], max(0.0, end - time.monotonic()))[0]:  # or the time is up
        try:
            part = os.read(primary, 1 << 16)
        except OSError:  # Linux: nobody has the other end open any more
            break
        if not part:
            break
        written += part
        for text in [text for text in waiting if text.encode() in written]:
            os.write(primary, waiting.pop(text))
        while asked[0] and written.count(asked[0].encode()) > pressed:
            pressed += 1
            os.write(primary, asked[1])
    else:
        process.kill()
    os.close(primary)
    return Session(written.decode(), process.wait())


def screen_of(text: str) -> list[str]:
    """Return the lines that `text` leaves on a terminal of endless height, as one that knows only Rich's commands."""
    lines, row, column = [""], 0, 0
    for found in TOKEN.finditer(text):
        parameters, letter, moved, words = found.groups()
        if words is not None:
            lines[row] = lines[row].ljust(column)[:column] + words + lines[row][column + len(words) :]
            column += len(words)
        elif moved == "\r":
            column = 0
        elif moved == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif letter == "A":
            row -= int(parameters or 1)
        elif letter == "K":
            assert parameters == "2", parameters
            lines[row] = ""
        else:
            assert letter in "mhl", found.group()
    return [line.rstrip() for line in lines]
