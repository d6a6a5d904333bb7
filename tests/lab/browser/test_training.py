"""A training in the browser: begun, watched, stopped, paused, and what it leaves behind."""

import json
import re

import pytest

from tests.lab.browser.bench import Bench, expect
from tests.lab.runs import kerasnn

pytestmark = pytest.mark.full


def test_a_training_from_the_button_to_its_run_folder(bench: Bench) -> None:
    run = bench.choose("softmax").set(epochs=4).train()
    assert bench.end()
    assert (bench.run, bench.epochs) == (run, 4)
    shown = json.loads(kerasnn(bench.lab, "runs", "show", run, "--json"))
    assert (shown["status"], len(shown["history"])) == ("done", 4)
    assert (bench.lab.runs / run / "model.keras").is_file()
    for curve, metric, form in [("loss-curve", "val_loss", "{:.4f}"), ("accuracy-curve", "val_accuracy", "{:.1%}")]:
        chart = bench.on(curve)
        chart.focus()
        for epoch in shown["history"]:
            bench.page.keyboard.press("Home" if epoch["epoch"] == 1 else "ArrowRight")
            expect(chart).to_have_attribute("aria-valuenow", str(epoch["epoch"]))
            said = chart.get_attribute("aria-valuetext").replace(" %", "%")
            assert form.format(epoch[metric]) in said
    expect(bench.on("runs")).to_contain_text(run)
    assert run in bench.on("command").text_content() or "--epochs 4" in bench.on("command").text_content()


def test_a_stopped_training_can_be_continued(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    expect(bench.on("train")).to_be_disabled()
    assert bench.stop()
    done = bench.epochs
    assert bench.status(run) == "stopped"
    assert bench.resume(run, done) == done + 1


def test_paused_for_an_epoch_and_a_batch(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    bench.on("pause").click()
    expect(bench.on("continue")).to_be_enabled()
    done = bench.epochs
    bench.on("one-batch").click()
    expect(bench.on("continue")).to_be_enabled()
    bench.on("one-epoch").click()
    expect(bench.on("epoch")).to_have_text(re.compile(rf"^({done + 1}|{done + 2})$"))
    expect(bench.on("continue")).to_be_enabled()
    bench.on("continue").click()
    bench.wait_for_epochs(done + 3)
    bench.stop()
    assert bench.status(run) == "stopped"


def test_a_wrong_value_is_refused_at_its_control(bench: Bench) -> None:
    bench.expected.append("422")
    bench.choose("adam")
    expect(bench.on("command")).to_contain_text("kerasnn train adam")
    for name, value in [
        ("epochs", "0"),
        ("epochs", "2.5"),
        ("dropout", "1.5"),
        ("hidden", "many"),
        ("learning_rate", "-1"),
    ]:
        control = bench.setting(name)
        before = bench.on("command").text_content()
        control.fill(value)
        expect(control).to_have_attribute("aria-invalid", "true")
        assert control.get_attribute("aria-describedby").split()[-1] == f"wrong-{name}"
        wrong = bench.page.locator(f"#wrong-{name}")
        expect(wrong).to_be_visible()
        expect(wrong).not_to_be_empty()
        expect(bench.on("train")).to_be_disabled()
        assert bench.on("command").text_content() == before
        control.fill("")
        expect(control).to_have_attribute("aria-invalid", "false")
        expect(bench.on("train")).to_be_enabled()


def test_a_killed_trainer_fails_its_training_and_not_the_next(bench: Bench) -> None:
    import os
    import signal

    bench.expected.append("422")  # an answer asked for just before the page knows that the network is gone
    run = bench.choose("softmax").train_long()
    (trainer,) = bench.lab.trainers()
    os.kill(trainer, signal.SIGKILL)
    assert "SIGKILL" in bench.end()
    assert bench.status(run) == "failed"
    expect(bench.on("train")).to_be_enabled()
    after = bench.set(epochs=2).train()
    bench.end()
    assert (bench.status(after), bench.epochs) == ("done", 2)
