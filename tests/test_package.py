"""The wheel built from this checkout contains everything that the program needs."""

import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from kerasnn.lecture.stages import STAGES

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_models_and_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("kerasnn-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for stage in STAGES:
        suffix = ".npz" if stage.library == "scikit-learn" else ".keras"
        assert {f"kerasnn/models/{stage.name}{suffix}", f"kerasnn/models/{stage.name}.json"} <= names
    assert {"kerasnn/lecture/published.json", "kerasnn/py.typed", "kerasnn/__main__.py"} <= names
    assert "kerasnn/locale/ko/LC_MESSAGES/kerasnn.mo" in names
    assert not any(name.startswith(("tests/", "models/")) for name in names)


def test_the_lock_names_no_host_and_hashes_everything() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(requirements) > 50
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(requirements)
    assert all("==" in requirement for requirement in requirements)


@pytest.mark.parametrize("extra", metadata("kerasnn").get_all("Provides-Extra") or [])
def test_an_extra_is_installed_in_a_version_it_declares(extra: str) -> None:
    needed = [requirement for requirement in _required("kerasnn") if _belongs_to(requirement, extra)]
    needed += [
        part for each in needed for name in each.extras for part in _required(each.name) if _belongs_to(part, name)
    ]
    assert needed
    try:
        versions = [version(requirement.name) for requirement in needed]
    except PackageNotFoundError:
        pytest.skip(f"wants the extra kerasnn[{extra}]")
    assert [each.name for each, found in zip(needed, versions, strict=True) if found not in each.specifier] == []


def _required(package: str) -> list[Requirement]:
    return [Requirement(text) for text in requires(package) or []]


def _belongs_to(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return marker is not None and marker.evaluate({"extra": extra}) and not marker.evaluate({"extra": ""})
