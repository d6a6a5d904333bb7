"""Words of a command line that are refused before Typer reads them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kerasnn.errors import UsageError
from kerasnn.language import _

# flags whose value is the name of a file or folder
NAMING: Final = ("--out", "--runs", "--plots", "--csv", "--tensorboard", "--mlflow", "--data-dir", "--claims")


def refuse_undecodable(argv: Sequence[str]) -> None:
    """Raise UsageError if a word is not UTF-8."""
    for word in argv:
        # Python puts a byte that is not UTF-8 into a str as half of a surrogate pair, which nothing can print
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            shown = word.encode("utf-8", "backslashreplace").decode()
            raise UsageError(_("'{word}' is not UTF-8", word=shown), expected=_("names in UTF-8"))


def refuse_empty_names(argv: Sequence[str]) -> None:
    """Raise UsageError if a file or folder is named by nothing, which pathlib would take for the working folder."""
    for flag, value in pairwise([*argv, "-"]):
        named = flag.removesuffix("=")
        if named in NAMING and (flag.endswith("=") or value == ""):
            raise UsageError(_("{flag} is empty", flag=named), expected=_("the name of a file or folder"))
