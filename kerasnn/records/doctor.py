"""What doctor found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing `doctor` looked at. `fatal`: training could not work."""

    subject: str
    state: Literal["good", "note", "fault"]
    detail: str
    remedy: str | None = None
    fatal: bool = False


@dataclass(frozen=True)
class Checkup:
    findings: tuple[Finding, ...]
    healthy: bool
