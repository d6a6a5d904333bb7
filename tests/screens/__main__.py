"""Write the copies of the screens named, or of all, anew."""

import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import surround
from tests.screens import LANGUAGES, SCREENS, copy_of, prepare, screen

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        work = Path(temporary) / "prepared"
        work.mkdir()
        surround(patch, home=Path("keras-home"), work=work)
        with contextlib.redirect_stdout(io.StringIO()):
            prepare(work)
        for command in sys.argv[1:] or SCREENS:
            for lang in LANGUAGES:
                copy = Path(temporary) / "copy"
                shutil.copytree(work, copy)
                patch.chdir(copy)
                copy_of(command, lang).parent.mkdir(exist_ok=True)
                copy_of(command, lang).write_text(screen(command, lang), encoding="utf-8")
                shutil.rmtree(copy)
