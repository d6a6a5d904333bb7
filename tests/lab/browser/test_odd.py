"""What nobody thought of: a student clicks what can be clicked, at the wrong moment."""

import json
import shutil
from typing import Any

import pytest

from tests.lab.browser.bench import Bench, expect, opened

pytestmark = pytest.mark.full


def all_runs(bench: Bench) -> list[str]:
    return [each["run"] for each in bench.lab.ask("/api/runs").json]


def test_a_double_click_trains_once(bench: Bench) -> None:
    before = all_runs(bench)
    bench.choose("softmax").set(epochs=2).on("train").dblclick()
    bench.end()
    assert len(all_runs(bench)) == len(before) + 1


def test_trained_twice_in_a_row_both_are_there(bench: Bench) -> None:
    first = bench.choose("softmax").set(epochs=2).train()
    bench.end()
    second = bench.train()
    bench.end()
    assert first != second
    assert [bench.status(each) for each in (first, second)] == ["done", "done"]
    assert bench.record(first)["history"][-1]["val_loss"] == bench.record(second)["history"][-1]["val_loss"]


def test_another_stage_is_chosen_while_one_is_trained(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    bench.choose("sgd").choose("dropout")
    bench.wait_for_epochs(bench.epochs + 1)
    assert bench.run == run
    bench.stop()
    assert bench.record(run)["stage"] == "softmax"
    other = bench.set(epochs=1).train()
    bench.end()
    assert (bench.record(other)["stage"], bench.epochs) == ("dropout", 1)


def test_settings_changed_during_a_training_are_for_the_next(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    bench.set(epochs=3, seed=7)
    bench.wait_for_epochs(bench.epochs + 5)
    bench.stop()
    assert bench.record(run)["settings"]["seed"] != 7
    other = bench.train()
    bench.end()
    assert (bench.record(other)["settings"]["seed"], bench.epochs) == (7, 3)


def test_a_rate_far_too_high_is_explained(bench: Bench) -> None:
    run = bench.choose("adam").set(epochs=3, learning_rate=1000).train()
    verdict = bench.end()
    assert len(verdict) > 20
    assert bench.status(run) in ("diverged", "failed", "done")
    expect(bench.on("train")).to_be_enabled()


def test_a_batch_of_one_image_is_paused_at_once(bench: Bench) -> None:
    run = bench.choose("softmax").set(batch_size=1).train_long()
    bench.on("pause").click()
    expect(bench.on("continue")).to_be_enabled()
    done = bench.epochs
    bench.on("one-batch").click()
    expect(bench.on("continue")).to_be_enabled()
    assert bench.epochs in (done, done + 1)
    bench.stop()
    assert bench.status(run) == "stopped"


def test_the_language_changes_with_a_lesson_open(bench: Bench) -> None:
    bench.reveal("lecture")
    bench.on("lesson-words").fill("because of the stripes")
    question = bench.on("lesson-question").text_content()
    bench.speak("ko")
    expect(bench.on("lesson-question")).not_to_have_text(question)
    expect(bench.on("lesson-words")).to_have_value("because of the stripes")
    bench.speak("en")
    expect(bench.on("lesson-question")).to_have_text(question)


def test_an_older_network_can_be_asked_while_another_learns(bench: Bench) -> None:
    old = bench.choose("softmax").set(epochs=2).train()
    bench.end()
    run = bench.train_long()
    expect(bench.on("model").locator(f'option[value="{old}"]')).to_have_count(1)
    bench.on("model").select_option(old)
    bench.wait_for_epochs(bench.epochs + 3)
    expect(bench.on("model")).to_have_value(old)
    bench.draw((0.2, 0.3), (0.8, 0.4))
    assert bench.expect_answer()["model"] == old
    assert bench.run == run
    bench.stop()


def test_a_second_training_waits_for_the_first(bench: Bench, chromium: Any) -> None:
    first = bench.choose("softmax").train_long()
    with opened(chromium, bench.lab) as other:
        second = other.choose("softmax").set(epochs=2).train()
        expect(other.on("stop")).to_be_enabled()
        assert other.epochs == 0
        bench.wait_for_epochs(bench.epochs + 2)
        bench.stop()
        other.end()
        assert (other.epochs, other.status(second), other.status(first)) == (2, "done", "stopped")


def test_a_waiting_training_is_stopped_before_it_begins(bench: Bench, chromium: Any) -> None:
    bench.choose("softmax").train_long()
    with opened(chromium, bench.lab) as other:
        other.choose("softmax").set(epochs=2).train()
        other.stop()
        expect(other.on("train")).to_be_enabled()
    bench.wait_for_epochs(bench.epochs + 1)
    bench.stop()


def test_a_run_deleted_under_the_page(bench: Bench) -> None:
    bench.expected += ["404", "422"]  # the run of the address, and its model
    run = bench.choose("softmax").set(epochs=1).train()
    bench.end()
    shutil.rmtree(bench.lab.runs / run)
    bench.page.reload()
    expect(bench.on("train")).to_be_enabled()
    other = bench.train()
    bench.end()
    assert bench.run == other


def test_a_refused_setting_does_not_hold_up_another_stage(bench: Bench) -> None:
    bench.expected.append("422")
    bench.choose("adam").setting("epochs").fill("0")
    expect(bench.on("train")).to_be_disabled()
    bench.choose("softmax")
    expect(bench.on("train")).to_be_enabled()
    bench.set(epochs=1).train()
    bench.end()
    assert json.loads(bench.lab.ask(f"/api/runs/{bench.run}").content)["stage"] == "softmax"


def test_trained_and_left_at_once(bench: Bench) -> None:
    bench.choose("softmax").set(epochs=2)
    with bench.page.expect_request("**/api/trainings?*"):
        bench.on("train").click()
    bench.page.reload()
    expect(bench.on("epoch")).not_to_be_empty()
    expect(bench.on("train")).to_be_visible()
