"""Dependencies: known, permissive licences and locks with hashes; and every promise of SECURITY.md has a test."""

import re
from pathlib import Path

import pytest

from tests.faults.catalogue import all_cases
from tests.licences import needed, rows

ROOT = Path(__file__).resolve().parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LICENCES = (ROOT / "docs" / "internals" / "licences.md").read_text(encoding="utf-8")
# all of them let a program that uses the package be given on
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|Python Software Foundation|PSF-2\.0|Mozilla Public License 2\.0|MPL-2\.0|ISC|Zlib|CC0"
)
NOT_STATED = {"namex"}  # by Keras' author, for Keras; its metadata states none


def test_every_package_stands_in_the_list_with_its_licence() -> None:
    """Where this fails after a change of dependencies: make licences."""
    assert len(rows()) > 20
    assert [row for row in rows() if row not in LICENCES] == []


def test_every_licence_is_permissive() -> None:
    listed = dict(re.findall(r"^\| (\S+) \| (.+) \|$", LICENCES, flags=re.MULTILINE))
    unknown = {name for name, licence in listed.items() if name != "package" and not PERMISSIVE.search(licence)}
    assert unknown - {"---"} <= NOT_STATED


def test_what_is_needed_is_found_through_others() -> None:
    assert {"tensorflow", "keras", "h5py", "requests", "pygments"} <= needed()
    assert "pytest" not in needed()


@pytest.mark.parametrize(
    "lock", ["constraints.txt", "constraints-audit.txt", "constraints-full.txt", "constraints-site.txt"]
)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 20
    assert "://" not in text
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_every_promise_names_tests_that_exist() -> None:
    promises = re.findall(r"^\| (.+?) \| (.+?) \|$", SECURITY, flags=re.MULTILINE)[2:]
    assert len(promises) >= 10
    cases = {case.name for case in all_cases()}
    for promise, tests in promises:
        named = re.findall(r"`([^`]+)`", tests)
        assert named, promise
        for name in named:
            path, _, function = name.partition("::")
            known = name in cases or (function and f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"))
            assert known, f"{promise}: there is no {name}"
