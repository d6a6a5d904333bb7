"""Results of `kerasnn doctor`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that `doctor` checked. `fatal`: training cannot work."""

    subject: str
    state: Literal["good", "note", "fault"]
    detail: str
    remedy: str | None = None
    fatal: bool = False


@dataclass(frozen=True)
class Checkup:
    findings: tuple[Finding, ...]
    healthy: bool
