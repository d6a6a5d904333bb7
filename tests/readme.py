"""Compare the output blocks of the README and the docs with what their commands print, and renew their numbers.

`python -m tests.readme [COMMAND...]`, with the real data in KERASNN_DATA_DIR: all commands, or those that begin so.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
GENERATED: Final = ROOT / "docs" / "reference"
PAGES: Final = tuple(
    path
    for path in (*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if GENERATED not in path.parents
)
GAP: Final = "..."
# a slower machine may need minutes for what took seconds
_DURATION: Final = re.compile(r"(\d+ min )?\d[\d.]* s\b")
_NUMBER: Final = re.compile(r"[+-]?\d[\d,.]*\d|[+-]?\d")

Form = Callable[[str], str]


def commands(page: str) -> list[tuple[str, list[str]]]:
    """Return each command of the console blocks of a page, with the lines shown below it."""
    lines = page.splitlines()
    return [(command, [lines[place].strip() for place in places]) for command, places in _placed(page)]


def without_numbers(line: str) -> str:
    """Return a line with # for each number, and one space for each gap, whose width depends on the numbers."""
    return " ".join(_NUMBER.sub("#", _DURATION.sub("# s", line)).split())


def find(shown: list[str], printed: list[str], form: Form = str) -> list[str]:
    """Return the printed line that each shown line stands for; `...` stands for any number of lines.

    Lines are the same if their `form` is. Raises: AssertionError, with the lines that were not printed in a row.
    """
    left = [line for line in printed if line.strip()]
    found: list[str] = []
    for group in _groups(shown):
        if group == [GAP]:
            found.append(GAP)
            continue
        # the width of a table decides how long its rule is
        wanted, forms = ([form(re.sub("─+", "─", line.strip())) for line in lines] for lines in (group, left))
        starts = (start for start in range(len(left)) if forms[start : start + len(wanted)] == wanted)
        start = next(starts, None)
        assert start is not None, "\n".join(["these lines were not printed:", *group, "but:", *left])
        found += left[start : start + len(wanted)]
        del left[: start + len(wanted)]
    return found


def words(command: str) -> list[str]:
    """Return the words of a command without a comment that follows it."""
    return shlex.split(command, comments=True)


def language(page: Path) -> str:
    """Return the language of a page: `page.ko.md` is Korean, and so is what its commands print."""
    return "ko" if page.suffixes == [".ko", ".md"] else "en"


def is_repeated(path: Path, shown: Sequence[object]) -> bool:
    """Return True for a command of a Korean page that shows nothing of it: the English page has it too, and runs it."""
    return language(path) == "ko" and not shown


def run(command: str, data: Path, spoken: str = "en") -> list[str]:
    """Run a command as a process on the real data; return what the terminal shows, progress first, 80 columns wide."""
    settings = {"COLUMNS": "80", "KERASNN_DATA_DIR": str(data), "KERASNN_LANG": spoken, "PYTHONPATH": str(ROOT)}
    environment, argv = {**os.environ, **settings}, [sys.executable, "-m", *words(command)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    text = (done.stderr + done.stdout).replace(f"{ROOT}/", "").replace(str(data), "fashion-mnist")
    return [line.rstrip() for line in text.splitlines()]


def renewed(path: Path, data: Path, chosen: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """Return the page with the numbers that its commands print now, and what no longer matches its output."""
    page = path.read_text(encoding="utf-8")
    lines, problems = page.splitlines(), list[str]()
    for command, places in _placed(page):
        if is_repeated(path, places) or not command.startswith(chosen or ""):
            continue
        try:
            found = find([lines[place] for place in places], run(command, data, language(path)), without_numbers)
        except AssertionError as error:
            problems.append(f"{path.name}: $ {command}\n{error}")
            continue
        for place, line in zip(places, found, strict=True):
            lines[place] = line
    return "\n".join(lines) + "\n", problems


def _placed(page: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each command of the console blocks, and which lines of the page show its output; no empty ones."""
    command, places, language = "", list[int](), ""
    for place, line in enumerate(page.splitlines()):
        opening = line.startswith("```")
        if (opening or line.startswith("$ ")) and command:
            yield command, places
            command, places = "", []
        if opening:
            language = "" if language else line[3:] or "plain"
        elif language == "console" and line.startswith("$ "):
            command = line[2:]
        elif command and line.strip():
            places.append(place)


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == GAP or groups[-1] == [GAP]:
            groups.append([])
        groups[-1].append(line.strip())
    return [group for group in groups if group]


def shows_output(path: Path) -> bool:
    """Return True if the page shows what a command prints."""
    return any(shown for _command, shown in commands(path.read_text(encoding="utf-8")))


def main(chosen: tuple[str, ...]) -> str:
    """Renew the numbers of every page, each in a temporary folder; return the blocks to edit by hand, if any."""
    data, problems = Path(os.environ["KERASNN_DATA_DIR"]).resolve(), list[str]()
    for path in filter(shows_output, PAGES):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "docs" / "pictures", Path(folder) / "docs" / "pictures")
            os.chdir(folder)
            page, found = renewed(path, data, chosen)
        path.write_text(page, encoding="utf-8")
        problems += found
    return "\n\n".join(problems)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])) or None)
