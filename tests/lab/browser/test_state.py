"""Language, reload, the back button, other tabs, links, and a server that is killed: nothing is lost."""

import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.lab.browser.bench import Bench, expect, opened
from tests.lab.browser.conftest import save_ten_classes
from tests.lab.client import lab_process

pytestmark = pytest.mark.full


def test_the_language_changes_during_a_training(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    label = bench.on("train").text_content()
    done = bench.epochs
    for language in ("ko", "en", "ko"):
        bench.speak(language)
        if language == "ko":
            expect(bench.on("train")).not_to_have_text(label)
            expect(bench.page.locator("h1 ~ nav, h2").first).to_have_text(re.compile("[가-힣]"))
        else:
            expect(bench.on("train")).to_have_text(label)
        bench.page.wait_for_url(re.compile(f"language={language}"))
        assert bench.run == run
        assert bench.epochs >= done
        bench.wait_for_epochs(done := bench.epochs + 1)
    assert re.search("[가-힣]", bench.stop())


def test_a_reload_goes_on_with_the_same_training(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    bench.wait_for_epochs(10)
    bench.page.reload()
    bench.wait_for_epochs(10)
    assert bench.run == run
    expect(bench.on("stop")).to_be_enabled()
    bench.wait_for_epochs(bench.epochs + 1)
    bench.stop()
    done = bench.epochs
    assert len(bench.record(run)["history"]) == done
    bench.page.reload()
    assert bench.end()
    assert (bench.run, bench.epochs) == (run, done)


def test_back_and_forth(bench: Bench) -> None:
    bench.choose("softmax").choose("dropout")
    bench.page.go_back()
    bench.expect_stage("softmax")
    bench.page.go_forward()
    bench.expect_stage("dropout")
    run = bench.choose("softmax").train_long()
    bench.page.go_back()
    bench.page.go_back()
    bench.expect_stage("dropout")
    bench.page.go_forward()
    bench.page.go_forward()
    bench.expect_stage("softmax")
    assert bench.run == run
    expect(bench.on("stop")).to_be_enabled()
    bench.wait_for_epochs(bench.epochs + 1)
    bench.stop()


def test_two_tabs_show_the_same_training(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    other = Bench(bench.page.context.new_page(), bench.lab)
    other.page.goto(bench.page.url)
    other.wait_for_epochs(bench.epochs)
    other.on("stop").click()
    assert other.end() == bench.end()
    assert (other.run, other.epochs) == (run, bench.epochs)
    assert other.unexpected() == []


def test_the_link_restores_all_that_is_set(bench: Bench, chromium: Any) -> None:
    bench.choose("dropout").set(epochs=7, seed=2024, batch_size=16, hidden="30, 20", learning_rate=0.003)
    bench.speak("ko")
    bench.page.wait_for_url(re.compile("language=ko"))
    expect(bench.on("command")).to_contain_text("0.003")
    command = bench.on("command").text_content()
    address = bench.page.url
    with opened(chromium, bench.lab) as other:
        other.open(address.partition("#")[2])
        other.page.reload()
        other.expect_stage("dropout")
        for name, value in [("epochs", "7"), ("seed", "2024"), ("batch_size", "16"), ("hidden", "30, 20")]:
            expect(other.setting(name)).to_have_value(value)
        expect(other.on("command")).to_have_text(command)
        expect(other.on("language")).to_have_value("ko")


def test_a_link_that_says_nonsense_opens_the_page(bench: Bench) -> None:
    bench.expected += ["404", "422"]
    bench.page.goto("about:blank")
    bench.page.goto(
        f"http://127.0.0.1:{bench.lab.port}/#stage=nothing&run=never&model=never&epochs=abc&language=xx&hidden=a,b"
    )
    expect(bench.page.locator('[data-testid^="setting-"][aria-invalid="true"]')).to_have_count(1)
    expect(bench.on("train")).to_be_disabled()
    bench.choose("adam").set(epochs=1).train()
    bench.end()
    assert bench.epochs == 1


def test_a_killed_server_is_missed_and_its_run_can_be_continued(chromium: Any, tmp_path: Path) -> None:
    dataset = save_ten_classes(tmp_path)
    with lab_process(tmp_path, "--dataset", dataset) as killed, opened(chromium, killed) as bench:
        bench.expected += ["ERR_", "401", "422"]  # 422: the killed run has no model yet
        killed.wait_until_warm()
        run = bench.choose("softmax").train_long()
        bench.wait_for_epochs(5)
        notice = bench.page.locator("#notice")
        expect(notice).to_be_empty()
        killed.end(signal.SIGKILL)
        expect(bench.on("stop")).to_be_disabled()
        expect(notice).not_to_be_empty()
        missed = notice.text_content()
        done = bench.epochs
        with lab_process(tmp_path, "--dataset", dataset, "--port", killed.port) as again:
            answer = bench.page.wait_for_event("response", lambda each: each.status == 401)
            assert answer.url.startswith(f"http://127.0.0.1:{killed.port}/")
            expect(notice).not_to_have_text(missed)
            bench.lab = again
            bench.open(f"run={run}")
            assert bench.end()
            assert bench.epochs >= done - 1
            assert bench.resume(run, bench.epochs) == bench.epochs + 1
