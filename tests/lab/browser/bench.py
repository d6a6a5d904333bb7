"""The lab's page in a browser, as a student uses it: by what can be seen, clicked and typed."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.lab.client import PATIENCE, LabProcess

CURRENT: Final = '[aria-current]:not([aria-current="false"]), [aria-selected="true"], [aria-pressed="true"]'
LONG: Final = 10_000  # epochs: a training that a test has to stop
SENT: Final = """(() => {
  const before = window.fetch;
  window.asked = [];  // what was sent to be answered: Chromium tells nobody what is in a form
  window.fetch = (path, options) => {
    if (String(path).startsWith("/api/predictions")) {
      const form = options.body instanceof FormData;
      const sent = form ? Object.fromEntries(options.body) : JSON.parse(options.body);
      window.asked.push({ model: sent.model, picture: form ? sent.picture : null });
    }
    return before(path, options);
  };
})()"""
ANSWERED: Final = """async () => {
  const of = (name) => document.querySelector(`[data-testid="${name}"]`);
  const meters = [...document.querySelectorAll('[role="meter"][data-testid^="probability-"]')];
  const { model = null, picture = null } = window.asked.at(-1) ?? {};
  const shown = { answer: of("answer").textContent, model, values: meters.map((each) => Number(each.ariaValueNow)),
                  names: meters.map((each) => each.textContent) };
  return { ...shown, bytes: picture ? [...new Uint8Array(await picture.arrayBuffer())] : [] };
}"""
FILE: Final = """([name, kind, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
  return transfer;
}"""


def expect(found: Any) -> Any:
    """Return Playwright's assertions, which wait for what they assert."""
    from playwright.sync_api import expect as assertions

    assertions.set_options(timeout=1000 * PATIENCE)
    return assertions(found)


@dataclass
class Bench:
    """A page of `lab`. `said`: its errors and warnings; `expected`: parts of those that a test causes on purpose."""

    page: Any
    lab: LabProcess
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Hear everything that the page complains about, and every request to another host."""
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.add_init_script(SENT)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda each: self.said.append(str(each)))
        self.page.on("request", self._note)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def _note(self, request: Any) -> None:
        to = urlsplit(request.url)
        if to.scheme not in ("data", "blob") and to.netloc != f"127.0.0.1:{self.lab.port}":
            self.elsewhere.append(request.url)

    def open(self, state: str = "") -> "Bench":
        """Load the page with the token, and with the `state` that an address has after its #."""
        self.page.goto(f"http://127.0.0.1:{self.lab.port}/?token={self.lab.token}#{state}")
        expect(self.on("train")).to_be_enabled()
        return self

    def unexpected(self) -> list[str]:
        """Return what the page complained about, and nobody expected."""
        return [each for each in self.said if not any(part in each for part in self.expected)]

    def on(self, name: str) -> Any:
        """Return the element with this data-testid."""
        return self.page.get_by_test_id(name)

    def setting(self, name: str) -> Any:
        return self.on(f"setting-{name}")

    def set(self, **values: object) -> "Bench":
        """Type settings, and wait until the server has agreed to them."""
        for name, value in values.items():
            with self.page.expect_response("**/api/configurations*") as answer:
                self.setting(name).fill(str(value))
            assert answer.value.status == 200, answer.value.text()
        return self

    def choose(self, stage: str) -> "Bench":
        self.on(f"stage-{stage}").click()
        self.expect_stage(stage)
        return self

    def expect_stage(self, stage: str) -> None:
        """Wait until this stage, and no other, is the one that is chosen."""
        chosen = self.page.locator('[data-testid^="stage-"]').locator(f":scope:is({CURRENT})")
        expect(chosen).to_have_attribute("data-testid", f"stage-{stage}")

    @property
    def said_in_address(self) -> dict[str, str]:
        """What the address says after its #."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).fragment).items()}

    @property
    def run(self) -> str:
        return self.said_in_address["run"]

    @property
    def epochs(self) -> int:
        return int(self.on("epoch").text_content())

    def train(self) -> str:
        """Begin a training, and return its run."""
        with self.page.expect_response(re.compile("/api/trainings[?]")) as answer:
            self.on("train").click()
        assert answer.value.status == 201, answer.value.text()
        run: str = answer.value.json()["run"]
        return run

    def train_long(self) -> str:
        """Begin a training that goes on until it is stopped, and wait for its first epoch."""
        run = self.set(epochs=LONG).train()
        self.wait_for_epochs(1)
        return run

    def wait_for_epochs(self, count: int) -> None:
        """Wait until at least so many epochs are done."""
        at_least = rf"^({'|'.join(str(each) for each in range(count, 10))}|\d{{{max(2, len(str(count)) + 1)},}})$"
        if count >= 10:
            at_least = rf"^(?!({'|'.join(str(each) for each in range(count))})$)\d+$"
        expect(self.on("epoch")).to_have_text(re.compile(at_least))

    def end(self) -> str:
        """Wait for the end of the training, and return its verdict."""
        expect(self.on("verdict")).not_to_be_empty()
        verdict: str = self.on("verdict").text_content()
        return verdict

    def stop(self) -> str:
        self.on("stop").click()
        return self.end()

    def speak(self, language: str) -> None:
        """Choose the language, and wait until the page is in it."""
        self.on("language").select_option(language)
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        expect(self.on("train")).not_to_have_text("")

    def record(self, run: str) -> Any:
        """Return what a run's folder says of it."""
        return json.loads((self.lab.runs / run / "run.json").read_text(encoding="utf-8"))

    def resume(self, run: str, done: int) -> int:
        """Let the lab go on with a run of which `done` epochs are done, until the next; return which that was."""
        answer = self.lab.ask("/api/trainings", {"resume": run})
        assert answer.status == 201, answer.content
        events = self.lab.events(answer.json["run"])
        epochs = (int(said["epoch"]) for kind, said in events if kind == "epoch" and said["epoch"] > done)
        found = next(epochs)
        self.lab.do(answer.json["run"], "stop")
        return found

    def status(self, run: str) -> str:
        found: str = self.record(run)["status"]
        return found

    def drop(self, name: str, kind: str, content: bytes) -> None:
        """Drop a file where pictures are dropped."""
        transfer = self.page.evaluate_handle(FILE, [name, kind, list(content)])
        for event in ("dragenter", "dragover", "drop"):
            self.on("drop-picture").dispatch_event(event, {"dataTransfer": transfer})

    def paste(self, name: str, kind: str, content: bytes) -> None:
        transfer = self.page.evaluate_handle(FILE, [name, kind, list(content)])
        paste = "data => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))"
        self.page.evaluate(paste, transfer)

    def draw(self, *places: tuple[float, float]) -> None:
        """Draw one stroke through `places` of the pad, from (0, 0) to (1, 1); the page asks again and again."""
        self.on("draw-pad").scroll_into_view_if_needed()
        box = self.on("draw-pad").bounding_box()
        mouse = self.page.mouse
        (x, y), *others = [
            (box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in places
        ]
        with self.page.expect_response("**/api/predictions*"):
            mouse.move(x, y)
            mouse.down()
        for x, y in others:
            with self.page.expect_response("**/api/predictions*"):
                mouse.move(x, y, steps=4)
        mouse.up()

    def answered(self) -> Any:
        """Return the answer, the `values` of the meters, and the model and the `bytes` of the picture last sent."""
        return self.page.evaluate(ANSWERED)

    def expect_answer(self) -> Any:
        """Wait for an answer: ten probabilities that sum to 100, the largest that of the class which is named."""
        expect(self.on("answer")).not_to_be_empty()
        found = self.answered()
        assert len(found["values"]) == 10
        assert abs(sum(found["values"]) - 100) <= 1  # each is rounded to a tenth
        (named,) = (
            value for value, name in zip(found["values"], found["names"], strict=True) if found["answer"] in name
        )
        assert named == max(found["values"])  # which several may be, rounded
        return found

    def reveal(self, part: str) -> None:
        """Bring a section into sight."""
        section = self.page.locator(f"#{part}")
        section.scroll_into_view_if_needed()


@contextmanager
def opened(browser: Any, lab: LabProcess, **options: Any) -> Iterator[Bench]:
    """Open the page in a browser context of its own; after the block, it must have worked in silence."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **{"locale": "en-US", **options})
    try:
        bench = Bench(context.new_page(), lab)
        yield bench.open()
        unexpected = bench.unexpected()
        assert unexpected == [], unexpected
        assert bench.elsewhere == []
    finally:
        context.close()


def quieten(lab: LabProcess) -> None:
    """Stop what is still trained or waits."""
    with suppress(OSError):
        queue = lab.ask("/api/queue").json
        for run in [*queue["waiting"], *filter(None, [queue["current"]])]:
            lab.do(run, "stop")
            lab.until(run)


def until(check: Callable[[], bool]) -> None:
    """Wait until something holds that is no state of one element. Raises: AssertionError if it never does."""
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end


def written(folder: Path, content: bytes) -> Path:
    path = folder / "picture.png"
    path.write_bytes(content)
    return path
