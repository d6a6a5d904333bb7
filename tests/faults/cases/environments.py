"""Quick commands in environments as odd as machines have them: the same answers, and nothing but them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.faults.frame import Cost, Lost, Plan, Trial, case
from tests.faults.fuzzing import lay_out
from tests.faults.observed import ALARMS, MOST_SECONDS
from tests.faults.watched import ROOT

LONGEST_WAIT: Final = 120  # seconds by the clock: the machine may be busy
DISK_FULL: Final = 4
COMMANDS: Final = (
    *(("stages",), ("runs", "list"), ("explain", "relu"), ("summary",), ("claims",), ("weights", "linear.npz")),
    *(
        ("data", "show", "--dataset", "stripes.npz"),
        ("predict", "linear.npz", "picture.png"),
        ("runs", "show", "run-1"),
    ),
)
ODD: Final[Mapping[str, tuple[str, ...]]] = {
    "TZ": (
        "",
        ":",
        "Mars/Olympus",
        "UTC+99",
        "<+99>-99",
        "/etc/passwd",
        "../../etc/passwd",
        "EST5EDT,M99.9.9",
        "\x01" * 300,
    ),
    "HOME": ("", ".", "/nonexistent", "/dev/null", "/proc/1/root", "~", "$HOME", "한글", "a\nb", "/" * 3_000),
    "PYTHONWARNINGS": ("error", "always", "default", "nonsense", "error::UserWarning,,", "ignore:::::"),
    "TERM": ("", "dumb", "unknown", "xterm-256color", "linux", "emacs", "\x1b[2J"),
    "LANG": ("", "C", "POSIX", "ko_KR.eucKR", "en_US.UTF-8", "xx_YY.nonsense", "ko_KR.UTF-8@x", "/etc/passwd"),
    "LC_ALL": ("", "C", "C.UTF-8", "ko_KR.CP949", "nonsense"),
    "COLUMNS": ("", "0", "1", "-1", "2", "80", "100000", "x", "1e9", "99999999999999999999", "८०"),
    "LINES": ("0", "-5", "x"),
    "NO_COLOR": ("", "1"),
    "FORCE_COLOR": ("", "1", "x"),
    "OMP_NUM_THREADS": ("0", "-1", "x", "100000"),
    "XDG_CACHE_HOME": ("", "relative", "/dev/null"),
    "PYTHONHASHSEED": ("0", "random", "4294967295"),
    "PYTHONUTF8": ("0", "1"),
    "PYTHONIOENCODING": ("ascii", "latin-1", "utf-8:strict", "ascii:replace"),
}
CLOSED: Final = {0: "input", 1: "output", 2: "errors"}
FULL: Final = "output on a full disk"


@dataclass(frozen=True)
class Odd:
    """`settings`: of the environment. `closed`: descriptors that are closed. `full`: the output goes to a full disk."""

    words: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    closed: tuple[int, ...] = ()
    full: bool = False

    def __str__(self) -> str:
        streams = [*(f"closed {CLOSED[number]}" for number in self.closed), *([FULL] if self.full else [])]
        return ", ".join(
            [" ".join(self.words), *(f"{name}={value[:60]!r}" for name, value in self.settings.items()), *streams]
        )


@case("odd environments", goal="the same answer, without a warning; 6 s", full=150, quick=6, slow=True)
def odd_environments(plan: Plan) -> Iterator[Trial]:
    random = Random(plan.seed)
    folder = plan.folder / "inputs"
    lay_out(folder)
    usual: dict[tuple[str, ...], Any] = {}
    for number in range(plan.count):
        odd = _drawn(random, COMMANDS[number % len(COMMANDS)])
        yield Trial(str(odd), partial(_answers, folder, odd, usual))


def _drawn(random: Random, words: tuple[str, ...]) -> Odd:
    names = random.sample(sorted(ODD), random.choice((1, 1, 2, 3)))
    settings = {name: random.choice(ODD[name]) for name in names}
    words = (*words, *(["--json"] if random.random() < 0.7 else []))
    match random.randrange(4):
        case 0:
            return Odd(
                words, settings, closed=tuple(sorted(random.sample(sorted(CLOSED), random.choice((1, 1, 2, 3)))))
            )
        case 1 if random.random() < 0.3:
            return Odd(words, settings, full=True)
        case _:
            return Odd(words, settings)


def _answers(folder: Path, odd: Odd, usual: dict[tuple[str, ...], Any]) -> Cost:
    """Run it, and hold its answer against that of the same command in this environment; texts need only be there."""
    if odd.words not in usual:
        usual[odd.words] = _run(folder, Odd(odd.words))[1].stdout
    seconds, ended = _run(folder, odd)
    said = f"{ended.stdout[-200:]!r} {ended.stderr[-300:]!r}"
    if ended.returncode != (DISK_FULL if odd.full and 1 not in odd.closed else 0):
        raise Lost(f"code {ended.returncode}: {said}")
    if any(alarm.encode() in ended.stderr + ended.stdout for alarm in ALARMS):
        raise Lost(f"a warning or a traceback: {said}")
    if seconds > MOST_SECONDS:
        raise Lost(f"{seconds:.1f} s")
    if 1 not in odd.closed and not odd.full:
        as_usual = ended.stdout.strip() != b""
        if "--json" in odd.words:
            as_usual = json.loads(ended.stdout) == json.loads(usual[odd.words])
        if not as_usual:
            raise Lost(f"another answer: {said}")
    return Cost(seconds, 0.0)


def _run(folder: Path, odd: Odd) -> "tuple[float, subprocess.CompletedProcess[bytes]]":
    """The seconds of the processor's time that it took, and how it ended."""
    # the shell closes descriptors, which Python itself would do only between fork and exec
    closing = [f"{number}{'<' if number == 0 else '>'}&-" for number in odd.closed]
    streams = " ".join([*([">/dev/full"] if odd.full else []), *closing])
    before = os.times()
    try:
        ended = subprocess.run(
            ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "kerasnn", *odd.words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "KERASNN_LANG": "en", **odd.settings},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Lost(f"waits for more than {LONGEST_WAIT} s") from None
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, ended
