"""Make a virtual environment with the locked packages and kerasnn in it, without make: `py -3.13 install.py`.

The Makefile calls it as well. One `pip install` cannot do it: where packages are held against hashes, pip refuses a
folder. An argument names another environment than `.venv`.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main(place: str = ".venv") -> None:
    """Make the environment `place`, or bring it up to date."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(f"kerasnn needs Python 3.11, 3.12 or 3.13, and this is {sys.version.split()[0]}")
    python = ROOT / place / ("Scripts" if os.name == "nt" else "bin") / "python"
    install: list[str | Path] = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", ROOT / place],
        [*install, "--require-hashes", "-r", ROOT / "constraints.txt"],
        [*install, "--no-deps", "--no-build-isolation", "--editable", ROOT],
    )
    for command in commands:
        if code := subprocess.call(command):
            sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
