"""Records drawn as figures with matplotlib."""

import logging
import os
import sys
from pathlib import PurePath

from kerasnn.files import working_folder

# it warns three times about a home directory that it cannot write to, but works without one
logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _import_unconfigured() -> None:
    """Import matplotlib without the matplotlibrc that it looks for in the working folder, or in the user's home."""
    exists = os.path.exists

    def unseen(path: "str | os.PathLike[str]") -> bool:
        place = PurePath(path)
        return exists(path) and (place.name != "matplotlibrc" or place.parent.name == "mpl-data")

    try:
        os.path.exists = unseen  # type: ignore[assignment]  # matplotlib has no setting for this
        import matplotlib  # noqa: F401
    finally:
        os.path.exists = exists


if working_folder.is_data and "matplotlib" not in sys.modules:
    _import_unconfigured()
