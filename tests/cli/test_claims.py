"""`kerasnn claims` through `main`."""

from pathlib import Path

import pytest

import kerasnn
from kerasnn.lecture.claims import CLAIMS
from tests.cli.test_commands import Cli, once


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_the_list(cli: Cli) -> None:
    rows = cli.json("claims")
    assert [row["name"] for row in rows] == [claim.name for claim in CLAIMS]
    assert {"name", "slide", "kind", "states", "evidence"} == set(rows[0])
    text = cli("claims")
    assert all(claim.name in text for claim in CLAIMS)
    assert cli.json("claims", "nothing", code=2)["error"]["message"] == "there is no claim 'nothing'"
    assert "did you mean 'hidden-beats-softmax'?" in cli.json("claims", "hidden-beat-softmax", code=2)["error"]["hint"]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_flag_that_needs_judge_is_refused_whatever_its_value(cli: Cli, seed: int) -> None:
    assert "--judge" in cli.json("claims", "--seed", seed, code=2)["error"]["message"]


@pytest.mark.full
def test_the_verdicts(cli: Cli, npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kerasnn, "judge_claims", once(kerasnn.judge_claims))
    words = ("claims", "--judge", "hidden-beats-softmax", "sparse-equals-one-hot", "--seeds", 2, "--dataset", npz)
    found = cli.json(*words)
    assert found["seeds"] == [42, 43]
    assert [claim["name"] for claim in found["claims"]] == ["hidden-beats-softmax", "sparse-equals-one-hot"]
    assert found["claims"][1]["verdict"] == "holds"
    assert found["claims"][1]["exact"]["difference"] <= found["claims"][1]["exact"]["tolerance"]
    estimate = found["claims"][0]["estimates"][0]
    assert estimate["mean"] == pytest.approx(sum(estimate["values"]) / 2)
    for width in ("60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        text = cli(*words)
        assert max(map(len, text.splitlines())) <= int(width)
        assert f"{estimate['mean']:+.4f}" in text
        assert "Of 2 claims:" in text
