"""The working folder is data: no process of kerasnn imports from it.

Only what every interpreter has loaded is imported here: any other import could find a file of the working folder.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # pathlib comes later
_HOME = os.path.dirname(_PACKAGE)  # noqa: PTH120

is_data = False  # True in kerasnn's own processes; another's program decides for itself


def leave() -> None:
    """Take the working folder off the import path of this process, and of each process that it will start."""
    global is_data  # noqa: PLW0603  # a property of the process
    is_data = True
    sys.path[:] = without(sys.path)
    os.environ.update(variables())


def is_command() -> bool:
    """Return True if the interpreter is about to run `python -m kerasnn`, and has imported only the package so far."""
    if sys.argv[:1] != ["-m"] or len(sys.orig_argv) < len(sys.argv):
        return False
    return sys.orig_argv[-len(sys.argv)].removeprefix("-m").split(".")[0] == "kerasnn"


def variables() -> dict[str, str]:
    """Return the environment variables with which another interpreter imports nothing from the working folder."""
    places = os.environ.get("PYTHONPATH", "")
    kept = os.pathsep.join(without(places.split(os.pathsep))) if places else ""
    return {"PYTHONSAFEPATH": "1", **({"PYTHONPATH": kept} if places else {})}


def without(places: list[str]) -> list[str]:
    """Return `places`, an import path, without the working folder; if kerasnn itself lies there, as late as possible.

    An empty entry, as in PYTHONPATH=:/some/folder, means the working folder too.
    """
    here = _working_folder()
    kept = [place for place in places if place and _real(place) != here]
    if here == _real(_HOME) and len(kept) < len(places):
        others = (number for number, place in enumerate(kept) if os.path.isfile(f"{place}/kerasnn/__init__.py"))  # noqa: PTH113
        kept.insert(next(others, len(kept)), _HOME)
    return kept


def _working_folder() -> str | None:
    try:
        return _real(os.getcwd())  # noqa: PTH109
    except OSError:  # it has been deleted
        return None


def _real(place: str) -> str:
    return os.path.normcase(os.path.realpath(place))
