"""For everyone: by keyboard alone, with a screen reader, on a phone; quietly, and from this machine alone."""

from importlib.resources import files
from typing import Any

import pytest

from tests.lab.browser.bench import Bench, expect, opened
from tests.lab.client import LabProcess

pytestmark = pytest.mark.full
HEAVIEST = 300_000  # bytes that the page may load to begin with
FOCUSED = """() => {
  const seen = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  const now = document.activeElement;
  return { id: now.dataset.testid ?? "", html: now.outerHTML.slice(0, 200), page: now === document.body,
           visible: seen(now) || [...(now.labels ?? [])].some(seen) };
}"""
FOUND = """() => axe.run().then((found) => found.violations.map((each) =>
  [each.impact, each.id, each.nodes.map((node) => node.html.slice(0, 200))]))"""


def tab_to(bench: Bench, name: str, *, back: bool = False) -> None:
    """Press Tab until the element with this data-testid has the focus; where it is on the way can be seen."""
    for _step in range(200):
        bench.page.keyboard.press("Shift+Tab" if back else "Tab")
        found = bench.page.evaluate(FOCUSED)
        assert found["visible"] or found["page"], found["html"]
        if found["id"] == name:
            return
    raise AssertionError(f"no way to {name} by Tab")


def test_a_training_by_keyboard_alone(bench: Bench) -> None:
    keyboard = bench.page.keyboard
    tab_to(bench, "stage-softmax")
    keyboard.press("Enter")
    bench.expect_stage("softmax")
    tab_to(bench, "setting-epochs")
    keyboard.press("Control+a")
    with bench.page.expect_response("**/api/configurations*"):
        keyboard.type("5000")
    expect(bench.setting("epochs")).to_have_value("5000")
    tab_to(bench, "train")
    keyboard.press("Enter")
    bench.wait_for_epochs(1)
    tab_to(bench, "stop")
    keyboard.press("Enter")
    assert bench.end()
    assert bench.record(bench.run)["settings"]["epochs"] == 5000
    tab_to(bench, "draw-pad")
    tab_to(bench, "language", back=True)


def violations(bench: Bench) -> list[Any]:
    bench.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: list[Any] = bench.page.evaluate(FOUND)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_violation_that_axe_finds(chromium: Any, lab: LabProcess, theme: str, language: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="wants axe-core: pip install axe-playwright-python")
    options = {"color_scheme": theme, "reduced_motion": "reduce", "locale": {"en": "en-US", "ko": "ko-KR"}[language]}
    with opened(chromium, lab, **options) as bench:
        expect(bench.page.locator("html")).to_have_attribute("lang", language)
        assert violations(bench) == []
        bench.choose("adam").set(epochs=2).train()
        bench.end()
        bench.draw((0.2, 0.3), (0.8, 0.3), (0.5, 0.9))
        with bench.page.expect_response("**/units/**"):
            bench.on("probability-3").hover()
            bench.reveal("inside")
        assert violations(bench) == []
        bench.reveal("lecture")
        bench.on("lesson-show").click()
        expect(bench.on("lesson-answer")).to_be_visible()
        assert violations(bench) == []


def test_the_first_load_is_light_and_of_this_server(chromium: Any, lab: LabProcess) -> None:
    with opened(chromium, lab) as bench:
        loaded: dict[str, int] = {}
        other = Bench(bench.page.context.new_page(), lab)
        bodies: list[Any] = []
        other.page.on("response", lambda each: bodies.append(each))  # noqa: PLW0108  # Playwright wants a function of Python
        other.open()
        other.page.wait_for_load_state("networkidle")
        for each in bodies:
            loaded[each.url] = loaded.get(each.url, 0) + len(each.body())
        assert any(url.endswith("main.js") for url in loaded)
        assert sum(loaded.values()) <= HEAVIEST, loaded
        assert (other.elsewhere, other.unexpected()) == ([], [])


def test_what_comes_from_elsewhere_and_what_breaks_the_policy_would_be_noticed(bench: Bench) -> None:
    bench.page.evaluate(
        "() => { const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image); }"
    )
    bench.page.evaluate("() => console.warn('no text \"x\"')")
    expect(bench.page.locator("body > img")).to_have_count(1)
    assert any("Content Security Policy" in each for each in bench.said)
    assert any("no text" in each for each in bench.said)
    bench.expected += ["Content Security Policy", "no text", "violates"]
    bench.elsewhere.clear()


def test_nothing_is_wider_than_a_phone(chromium: Any, lab: LabProcess) -> None:
    with opened(chromium, lab) as bench:
        bench.page.set_viewport_size({"width": 390, "height": 844})
        widths = [bench.page.evaluate("() => document.documentElement.scrollWidth")]
        bench.on("train").click()
        bench.end()
        for part in ("settings", "network", "training", "picture", "inside", "lecture", "take", "runs"):
            bench.reveal(part)
            widths.append(bench.page.evaluate("() => document.documentElement.scrollWidth"))
        assert max(widths) <= 390, widths
