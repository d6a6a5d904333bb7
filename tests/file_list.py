"""Write the list of all files, `docs/internals/files.md`, from the first lines of their docstrings."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADING = """# All files

Written by `make help-pages` from the first line of each module's docstring; a test compares it with the tree.
[architecture.md](architecture.md) explains how the packages fit together.
"""
# what has no docstring of its own
OTHERS = {
    "cli/completion.json": "What Tab completes, made of the commands by `make help-pages`.",
    "exports/page/exported.html": "The template of an exported page.",
    "lab/page/icon.svg": "The icon of the lab's page.",
    "lab/page/index.html": "The lab's page.",
    "lecture/published.json": "The validation accuracies that the textbook's notebooks printed, by environment.",
    "study/bands.json": "The reference bands of `kerasnn verify`, written by `make bands`.",
    "views/network/network.svg": "The Jinja template of a drawn network.",
    "views/page/blocks.html": "The Jinja macros of sections and blocks, for reports and notebooks.",
    "views/page/fragment.css": "The style sheet of a record in a notebook.",
    "views/page/fragment.html": "The Jinja template of a record in a notebook.",
    "views/page/lesson.html": "The Jinja template of an explanation's steps on the lab's page.",
    "views/page/page.html": "The Jinja template of an HTML report.",
    "views/page/style.css": "The style sheet of an HTML report.",
    "__init__.pyi": "The public names of the package, listed once.",
    "records/__init__.pyi": "The records, listed once.",
    "py.typed": "Tells type checkers that kerasnn has types.",
}
KEPT = "kept"  # grows with every run of `make faults` that finds something
LOCALE = "The message catalogue, `.po` to edit and `.mo` compiled by `make messages`"
TESTS = {
    "": "of the whole package, the documentation and the installed program",
    "cli": "the commands as a user types them",
    "data": "reading, checking and drawing data sets",
    "faults": "`make faults`: hostile models, damaged files, killed processes, servers that misbehave",
    "faults/cases": "the cases of `make faults`",
    "faults/kept": "inputs that once broke something",
    "exports": "networks in other forms, read back by the libraries that take them",
    "lab": "the lab: its server under attack, its trainings, and kills",
    "lab/browser": "the lab's page in Chromium: trainings, pictures, state, access, and odd sequences",
    "lecture": "the fact tables",
    "lessons": "the explanations, the tour and the report",
    "notebook": "records and progress in a notebook, and the lecture's notebook",
    "networks": "the NumPy forward pass and other people's models",
    "page": "the HTML report",
    "records": "records to JSON and back",
    "runs": "runs: executed, resumed, found, listed",
    "screens/en": "the screens in English",
    "screens/ko": "and in Korean",
    "screens": "every command to its end on a terminal, beside a copy of its screen",
    "scripts": "the scripts of `kerasnn code`",
    "study": "many trainings: claims, verify, race, tune, worker pools",
    "training": "both engines, early stopping, checkpoints",
    "views": "what the terminal and the pictures show",
    "windows": "takes away what Windows lacks, for processes that tests start",
}


def page() -> str:
    """Return the page: each file of the package with its line, and the other files by folder."""
    return "\n".join([HEADING, *_package("kerasnn"), *_package("benchmarks"), *_tests(), *_names("docs", "models")])


def _package(name: str) -> Iterator[str]:
    """Yield a section for each package in `name`, with a line for each file; catalogues are one line."""
    for folder in [ROOT / name, *sorted(each for each in (ROOT / name).rglob("*") if each.is_dir())]:
        files = [each for each in _files(folder) if "locale" not in each.parts]
        if not files:
            continue
        yield f"## {_path(folder)}/\n"
        for file in files:
            yield f"- `{file.name}`: {_line(file)}"
        yield ""
    if (ROOT / name / "locale").is_dir():
        yield f"## {name}/locale/\n\n- `ko/LC_MESSAGES/kerasnn.po`, `kerasnn.mo`: {LOCALE}.\n"


def _tests() -> Iterator[str]:
    """Yield a line for each folder of tests."""
    yield "## tests/\n"
    for folder in [ROOT / "tests", *sorted(each for each in (ROOT / "tests").rglob("*") if each.is_dir())]:
        names = [each.name for each in _files(folder)]
        if any(name != "__init__.py" for name in names):
            does = TESTS[folder.relative_to(ROOT / "tests").as_posix().removeprefix(".")]
            listed = "" if folder.name in (KEPT, "en", "ko") else f": {_listed(names)}"
            yield f"- `{_path(folder)}/` ({does}){listed}"
    yield ""


def _names(*folders: str) -> Iterator[str]:
    """Yield a line for each folder in `folders`, with the names of its files."""
    yield "## Other folders\n"
    for name in folders:
        for folder in [ROOT / name, *sorted(each for each in (ROOT / name).rglob("*") if each.is_dir())]:
            if names := [each.name for each in _files(folder)]:
                yield f"- `{_path(folder)}/`: {_listed(names)}"


def _files(folder: Path) -> list[Path]:
    """Return the files of `folder` that are part of the project, without empty `__init__.py`."""
    built = {"__pycache__", ".DS_Store"}
    files = [each for each in sorted(folder.iterdir()) if each.is_file() and each.suffix != ".pyc"]
    return [each for each in files if not built & set(each.parts) and (each.name == "py.typed" or each.stat().st_size)]


def _line(file: Path) -> str:
    """Return the line that describes `file`. Raises: KeyError for a file without a docstring that OTHERS lacks."""
    if file.suffix == ".py":
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        return text.splitlines()[0] if text else OTHERS[_path(file).removeprefix("kerasnn/")]
    if _path(file).startswith(("kerasnn/exports/page/", "kerasnn/lab/page/")) and file.suffix in (".js", ".css"):
        return file.read_text(encoding="utf-8").splitlines()[0].strip("/* ")
    if file.suffix == ".md":
        return file.read_text(encoding="utf-8").splitlines()[0].lstrip("# ") + "."
    return OTHERS[_path(file).removeprefix("kerasnn/")]


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _path(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
