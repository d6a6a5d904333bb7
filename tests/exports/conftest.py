"""Chromium, as for the lab's page."""

from tests.lab.browser.conftest import chromium

__all__ = ["chromium"]
