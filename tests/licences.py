"""`python -m tests.licences FILE`: list the packages that kerasnn needs to run, each with its licence."""

import re
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import cast

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAD = """# Licences

The packages that kerasnn needs to run, with all they need in turn, and the licence that each states in its metadata.
Made by `make licences`; a test holds it against what is installed.

| package | licence |
|---|---|
"""


# what the first line of a licence's text is in SPDX: releases for other Pythons say the same in the other way
SPDX = {"BSD 3-Clause License": "BSD-3-Clause"}


def needed(package: str = "kerasnn") -> set[str]:
    """The installed packages that `package` needs, directly or not; what another platform needs is left out."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        for line in requires(waiting.pop()) or []:
            requirement = Requirement(line)
            name = canonicalize_name(requirement.name)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and name not in found and _installed(name):
                found.add(name)
                waiting.append(name)
    return found


def _installed(name: str) -> bool:
    try:
        metadata(name)
    except PackageNotFoundError:
        return False
    return True


def licence(name: str) -> str:
    """What the package states, the newest way of stating it first."""
    told = cast(Message, metadata(name))
    classifiers = [each.rpartition("::")[2].strip() for each in told.get_all("Classifier", []) if "License ::" in each]
    first, *_ = [*(told.get("License") or "").strip().splitlines(), "not stated"]
    return re.sub(r"\s+", " ", told.get("License-Expression") or SPDX.get(first) or ", ".join(classifiers) or first)


def rows() -> list[str]:
    return [f"| {name} | {licence(name)} |" for name in sorted(needed())]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(HEAD + "\n".join(rows()) + "\n", encoding="utf-8")
