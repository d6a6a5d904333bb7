"""The quick form of every fault case; slow ones run only in `make test-all`. `make faults` runs the full counts."""

import os
import signal
from pathlib import Path

import pytest

from tests.faults.catalogue import all_cases
from tests.faults.frame import Case, Lost, Plan, Trial, case
from tests.faults.fuzzing import controls
from tests.faults.training import epochs_told

SEED = 42

pytestmark = pytest.mark.skipif(os.name != "posix", reason="faults are made with signals, pipes and limits of Unix")


@pytest.mark.parametrize(
    "fault",
    [pytest.param(each, id=each.name, marks=pytest.mark.full if each.slow else ()) for each in all_cases()],
)
def test_nothing_is_lost(fault: Case, tmp_path: Path) -> None:
    folder = tmp_path / "faults"
    folder.mkdir()
    result = fault.run(Plan(fault.quick, folder, SEED))
    assert result.tried == fault.quick
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


def test_what_is_never_tried_is_lost(tmp_path: Path) -> None:
    fault = case("one of three", goal="nothing", full=3, quick=3)(lambda plan: iter([Trial("a", lambda: None)]))
    result = fault.run(Plan(3, tmp_path, SEED))
    assert (result.tried, result.survived, result.lost) == (3, 1, 2)
    assert result.losses[0] == "trial 2 of 3: it was never made"


def test_a_list_is_tried_no_further_than_its_end(tmp_path: Path) -> None:
    fault = case("a list of one", goal="nothing", full=1, quick=1, most=1)(
        lambda plan: iter([Trial(str(number), lambda: None) for number in range(plan.count)])
    )
    assert fault.run(Plan(3, tmp_path, SEED)).tried == 1


def test_epochs_are_told_by_whole_lines() -> None:
    line = "epoch  9/60  loss 0.1000  val_loss 0.1000  val_accuracy 1.0000  0.1 s  best\n"
    assert epochs_told("") == 0
    assert epochs_told(f"a notice\n{line}{line.replace(' 9', '10')}") == 10
    assert epochs_told(line + line.replace(" 9", "10").removesuffix("\n")) == 9


def test_a_child_that_wasnot_killed_is_told() -> None:
    from tests.faults.saving import not_killed

    assert not_killed(signal.SIGKILL) is None
    assert not_killed(1 << 8) == "the process that saves ended by itself, with 1"


@pytest.mark.parametrize("sign", ["\x1b", "\0", "\x07", "\b", "\x7f", "\x9b", "\u202e", "\u2066"], ids=ascii)
def test_what_a_terminal_would_obey_is_found(sign: str) -> None:
    assert controls(f"Error: a{sign}[2J\n") == [ascii(sign)]


def test_what_is_shown_is_no_control() -> None:
    assert controls("한글 naïve — ⢸\tand more\r\n") == []


def test_cases_have_names_of_their_own() -> None:
    names = [fault.name for fault in all_cases()]
    assert len(set(names)) == len(names)
