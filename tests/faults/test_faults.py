"""The quick form of every fault case; `make faults` runs the full counts."""

import os
from pathlib import Path

import pytest

from tests.faults.catalogue import all_cases
from tests.faults.frame import Case, Lost, Plan, Trial, case

SEED = 42

pytestmark = pytest.mark.skipif(os.name != "posix", reason="faults are made with signals, pipes and limits of Unix")


@pytest.mark.parametrize("fault", all_cases(), ids=lambda fault: fault.name)
def test_nothing_is_lost(fault: Case, tmp_path: Path) -> None:
    folder = tmp_path / "faults"
    folder.mkdir()
    result = fault.run(Plan(fault.quick, folder, SEED))
    assert result.tried >= 1
    assert result.losses == ()


def test_a_loss_is_counted_and_named(tmp_path: Path) -> None:
    def lose() -> None:
        raise Lost("the file is gone")

    fault = case("two of three", goal="nothing", full=3, quick=3)(
        lambda plan: iter([Trial("a", lambda: None), Trial("b", lose), Trial("c", lambda: None)])
    )
    result = fault.run(Plan(3, tmp_path, SEED))
    assert (result.tried, result.survived, result.lost) == (3, 2, 1)
    assert result.losses == ("b: the file is gone",)


def test_cases_have_names_of_their_own() -> None:
    names = [fault.name for fault in all_cases()]
    assert len(set(names)) == len(names)
