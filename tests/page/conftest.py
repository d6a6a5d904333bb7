"""Pages that several tests use, each written only once."""

from pathlib import Path

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from tests.conftest import prefer_keras


@pytest.fixture(scope="session")
def run_page(tmp_path_factory: pytest.TempPathFactory, even: Dataset) -> Path:
    """The page of a run on tiny images, with claims, and with a name that wants escaping."""
    folder = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        run = kerasnn.train("early-stopping", dataset=even, hidden=[8], epochs=4, out=folder / "<b>&runs")
    claims = folder / "claims.json"
    claims.write_text(
        '{"claims": [{"name": "a", "slide": "ReLU", "states": "x < y & <script>alert(1)</script>", "verdict": "holds",'
        ' "estimates": [{"says": "x - y", "mean": -0.01, "low": -0.02, "high": -0.005}]}]}',
        encoding="utf-8",
    )
    page = folder / "run.html"
    return kerasnn.save_report(
        kerasnn.report(run.run, out=folder / "<b>&runs", dataset=even, claims=claims, ideas=True), page
    )


@pytest.fixture(scope="session")
def comparison_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("page") / "comparison.html"
    return kerasnn.save_report(kerasnn.report("sgd", "softmax", dataset="garments", lang="ko"), page)
