"""Chromium, wherever this machine has it."""

import shutil
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launched(playwright: Any) -> Any:
    """Return the browser, driven by Playwright; inside a container it has no sandbox of its own."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
