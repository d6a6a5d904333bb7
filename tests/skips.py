"""The skips that `make test-all` excuses. Any other skip fails it, because a test that did not run shows nothing."""

import pytest

# how the reason of a skip begins, and why nothing can be done about it
EXCUSED = {
    "wants the real Fashion-MNIST": "its files do not come with kerasnn; these tests run if KERASNN_DATA_DIR is set",
    "root needs setpriv": "who may read every file cannot try one that may not be read; other users can",
    "wants Node.js": "kerasnn does not need it; it runs the arithmetic of the lab's page without a browser",
    "wants the extra kerasnn[gpu]": "it is of use only with an NVIDIA card, and takes several GB",
}


def unexcused(reports: list[pytest.TestReport]) -> list[str]:
    """Return one line for each skipped test whose reason is not in EXCUSED."""
    reasons = [(report.nodeid, _reason(report)) for report in reports]
    return [f"{test}: {reason}" for test, reason in reasons if not reason.startswith(tuple(EXCUSED))]


def _reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped; pytest keeps file, line and message of a skip."""
    message = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return message.removeprefix("Skipped: ")
