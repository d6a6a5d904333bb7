"""Write a report as one HTML file that loads nothing."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kerasnn.files.atomic import write_text
from kerasnn.language import speaking
from kerasnn.records import Report
from kerasnn.views.page.compose import compose

_PACKAGE: Final = "kerasnn.views.page"


def save_report(report: Report, file: str | Path) -> Path:
    """Write `report` to `file` as one HTML page, atomically, in the report's own language."""
    path = Path(file)
    with speaking(report.language):
        write_text(path, page_text(report))
    return path


def page_text(report: Report) -> str:
    """Return `report` as HTML."""
    style = files(_PACKAGE).joinpath("style.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader(_PACKAGE, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["kind"] = _kind
    # the content security policy allows only the style with this digest
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template("page.html").render(page=compose(report), style=style, digest=digest)


def _kind(block: Any) -> str:
    return type(block).__name__.lower()
