"""Linux, macOS and Windows: each branch where it is taken, and whole commands where all that Windows lacks is gone."""

import _thread
import ast
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerasnn import platforms
from kerasnn.data.load import garments
from kerasnn.errors import EnvironmentFault
from kerasnn.files import atomic
from kerasnn.networks.backend import require_address_space
from tests.conftest import first
from tests.lab.client import lab_process
from tests.windows.sitecustomize import ABSENT, MODULES

ROOT = Path(__file__).resolve().parent.parent
AS_ON_WINDOWS = {
    "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "windows"), str(ROOT))),
    **{"PYTHONIOENCODING": "cp949", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "KERASNN_LANG": "ko"},
}
KNOW_SYSTEMS = {
    "kerasnn/platforms.py",
    "kerasnn/files/limits.py",  # imported alone, so that a process that reads strangers' files starts fast
}
NAMES = {"os.name", "sys.platform", "platform.system"}
UNIX_PATH = re.compile(r"/(proc|sys|etc|dev|tmp|bin|usr|var|home)(/|$)")
posix = pytest.mark.skipif(os.name != "posix", reason="what Windows lacks is taken away, so it must be there")


def mentions(tree: ast.Module) -> Iterator[str]:
    """Yield what a module says of systems: their names and files, and what only some of them have."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name in MODULES)
            case ast.ImportFrom(module=str(module)) if module in MODULES:
                yield module
            case ast.Attribute(value=ast.Name(id=module), attr=name) if f"{module}.{name}" in NAMES:
                yield f"{module}.{name}"
            case ast.Attribute(value=ast.Name(id="os" | "select" | "signal"), attr=name) if name in ABSENT:
                yield name
            case ast.Call(func=ast.Name(id="hasattr" | "getattr"), args=[ast.Name(id="os" | "signal" | "select"), *_]):
                yield ast.unparse(node)
            case ast.Constant(value=str(text)) if UNIX_PATH.match(text):
                yield text


def test_only_one_module_knows_systems() -> None:
    """`make check` asks the types of Windows and macOS too, which know every function that these lack."""
    files = sorted((ROOT / "kerasnn").rglob("*.py"))
    said = {path.relative_to(ROOT).as_posix(): [*mentions(ast.parse(path.read_text("utf-8")))] for path in files}
    found = {path: words for path, words in said.items() if words}
    assert set(found) == KNOW_SYSTEMS, found
    assert len(found["kerasnn/platforms.py"]) > 10


def without(patch: pytest.MonkeyPatch, module: Any, *names: str) -> None:
    for name in names:
        patch.delattr(module, name, raising=False)


def test_cores_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 4, 6}, raising=False)
    assert platforms.cores() == 3
    without(monkeypatch, os, "sched_getaffinity", "process_cpu_count")  # macOS and Windows before Python 3.13
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert platforms.cores() == 8
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert platforms.cores() == 1
    monkeypatch.setattr(os, "process_cpu_count", lambda: 5, raising=False)
    assert platforms.cores() == 5


def test_signals_are_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, signal, "SIGHUP")
    assert platforms.signals("SIGINT", "SIGHUP", "SIGTERM") == [signal.SIGINT, signal.SIGTERM]


def test_an_interrupt_without_a_signal_for_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[None] = []
    without(monkeypatch, signal, "pthread_kill")
    monkeypatch.setattr(_thread, "interrupt_main", lambda: sent.append(None))
    platforms.interrupt_main_thread()
    assert sent == [None]


@pytest.fixture
def hears() -> Iterator[None]:
    """Hear Ctrl-C, also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix
@pytest.mark.usefixtures("hears")
@pytest.mark.parametrize("masks", [True, False])
def test_a_process_that_is_started_survives_ctrl_c(masks: bool) -> None:
    """With a mask it inherits that of its parent; on Windows it ignores the signal as soon as it runs."""
    take = "" if masks else "del signal.pthread_sigmask"
    survives = f"import signal\n{take}\nfrom kerasnn.platforms import *\nignore_interrupts_unless_withheld()\n"
    survives += "signal.raise_signal(signal.SIGINT)\nprint('survived')"
    with platforms.interrupts_withheld():
        started = subprocess.Popen([sys.executable, "-c", survives], stdout=subprocess.PIPE)
    assert started.communicate()[0].split() == [b"survived"]
    with pytest.raises(KeyboardInterrupt):  # this process itself hears it again
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("hears")
def test_nothing_is_withheld_where_nothing_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, signal, "pthread_sigmask")
    with pytest.raises(KeyboardInterrupt), platforms.interrupts_withheld():
        signal.raise_signal(signal.SIGINT)


def test_whether_a_process_lives_is_not_asked_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert (platforms.lives(os.getpid()), platforms.lives(gone.pid)) == (True, False)
    monkeypatch.setattr(platforms, "WINDOWS", True)
    monkeypatch.setattr(os, "kill", None)
    assert platforms.lives(gone.pid) is None


def test_drafts_of_the_dead_are_removed_after_a_day_on_windows(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "WINDOWS", True)
    with atomic.replacing(surroundings / "a.txt") as draft:
        draft.write_text("half")
        left = draft.with_name(draft.name.replace(f"-{os.getpid()}-", "-4194000-"))
        left.write_text("of a process that was killed")
        atomic.sweep(surroundings)
        assert left.exists()
        os.utime(left, (0, 0))
        atomic.sweep(surroundings)
        assert (left.exists(), draft.exists()) == (False, True)


def refusing(patch: pytest.MonkeyPatch, times: int) -> list[None]:
    """Make files be in use by another program for so many attempts to replace them."""
    refused: list[None] = []
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if len(refused) < times:
            refused.append(None)
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        real(source, target)

    patch.setattr(os, "replace", replace)
    patch.setattr(os, "rename", replace)
    return refused


def test_on_windows_a_file_that_is_open_elsewhere_is_replaced_once_it_is_closed(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "WINDOWS", True)
    refused = refusing(monkeypatch, 3)
    atomic.write_text(surroundings / "a.txt", "new")
    assert ((surroundings / "a.txt").read_text(), len(refused)) == ("new", 3)


@pytest.mark.parametrize(("windows", "attempts"), [(True, 2), (False, 1)])
def test_a_file_that_cannot_be_replaced_is_told(
    windows: bool, attempts: int, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "WINDOWS", windows)
    monkeypatch.setattr(platforms, "REPLACE_SECONDS", 0.01)
    refused = refusing(monkeypatch, 1000)
    with pytest.raises(EnvironmentFault, match="used by another process"):
        atomic.write_text(surroundings / "a.txt", "new")
    assert len(refused) >= attempts
    assert list(surroundings.iterdir()) == []


def test_a_text_has_the_same_bytes_everywhere(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.linesep", "\r\n")
    atomic.write_text(surroundings / "a.csv", "a\r\nb\n")
    assert (surroundings / "a.csv").read_bytes() == b"a\r\nb\n"


def test_a_folder_is_not_flushed_on_windows(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    platforms.flush(surroundings)
    monkeypatch.setattr(platforms, "WINDOWS", True)
    monkeypatch.setattr(os, "open", None)
    platforms.flush(surroundings)


@posix
def test_a_folder_that_others_can_write_to(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert platforms.only_we_can_write(surroundings)
    surroundings.chmod(0o777)
    assert not platforms.only_we_can_write(surroundings)
    without(monkeypatch, os, "getuid")  # Windows shows no rights of others in the mode of a folder
    assert platforms.only_we_can_write(surroundings)
    link = surroundings / "link"
    link.symlink_to(surroundings)
    assert not platforms.only_we_can_write(link)


def test_without_limits_of_a_process_none_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert platforms.address_space_limit() is None
    require_address_space()


def test_a_question_does_not_select_the_terminal_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def answers(*lists: Any) -> tuple[list[Any], ...]:
        asked.append(lists)
        return lists[:3]

    monkeypatch.setattr(select, "select", answers)
    platforms.await_line()
    monkeypatch.setattr(platforms, "WINDOWS", True)
    platforms.await_line()
    assert len(asked) == 1


@pytest.mark.parametrize("windows", [True, False])
def test_a_port_is_taken_from_no_living_server(windows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "WINDOWS", windows)
    with socket.socket() as listener:
        platforms.allow_restart(listener)
        assert bool(listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) != windows


def test_what_linux_alone_tells_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert platforms.system_file(str(ROOT / "nowhere")) == []
    monkeypatch.setattr(platforms, "system_file", lambda path, wanted=bool: [])
    without(monkeypatch, os, "sysconf")
    assert (platforms.memory_left(), platforms.processor_lines("model name")) == (None, [])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/proc/meminfo": ["MemAvailable:    1000 kB"]}, 1_024_000),
        ({"/sys/fs/cgroup/memory.max": ["5000"], "/sys/fs/cgroup/memory.current": ["2000"]}, 3000),
        ({"/sys/fs/cgroup/memory.max": ["max"], "/sys/fs/cgroup/memory.current": ["2000"]}, 16_000_000),
        ({}, 16_000_000),
    ],
)
def test_memory_that_is_left(files: dict[str, list[str]], expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "system_file", lambda path, wanted=bool: files.get(path, []))
    monkeypatch.setattr(os, "sysconf", lambda name: 4000, raising=False)  # pages, and the bytes of one
    assert platforms.memory_left() == expected


def as_on_windows(folder: Path, *words: object) -> str:
    """Run kerasnn in Korean on a Korean console, where all that Windows lacks is gone; return what it printed."""
    command = [sys.executable, "-m", "kerasnn", *map(str, words)]
    environment = {**os.environ, **AS_ON_WINDOWS}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="cp949", check=False, start_new_session=True
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return done.stdout


PRETENCE = """
import os, signal, pathlib, kerasnn.platforms as platforms
exec(compile('''
def lacks(): return hasattr(os, "getuid"), hasattr(signal, "SIGHUP"), hasattr(os, "getpid")
def limits(): import resource
''', "x", "exec"), vars(platforms))
print(platforms.lacks(), hasattr(os, "getuid"), platforms.WINDOWS)
def tried(act, *arguments):
    try: act(*arguments)
    except OSError as error: return type(error).__name__
    except ImportError: return "ImportError"
file = pathlib.Path("a"); file.touch(); other = pathlib.Path("b"); other.touch()
with file.open("rb"): print(tried(file.unlink), tried(os.replace, "b", "a"), tried(platforms.limits))
print(tried(pathlib.Path("nul.txt").write_text, ""), tried(pathlib.Path("a:b").mkdir), tried(file.unlink))
"""


@posix
def test_the_pretence_refuses_what_windows_refuses(surroundings: Path) -> None:
    environment = {**os.environ, **AS_ON_WINDOWS}
    command = [sys.executable, "-c", PRETENCE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, start_new_session=True)
    assert done.stdout.splitlines() == [
        "(False, False, True) True True",
        "PermissionError PermissionError ImportError",
        "OSError OSError None",
    ]


@posix
def test_quick_commands_as_on_windows(surroundings: Path, npz: Path) -> None:
    answer = as_on_windows(surroundings, "predict", "dropout", ROOT / "docs" / "pictures" / "shirt.png")
    assert "셔츠" in answer
    as_on_windows(surroundings, "train", "--stage", "sgd", "--epochs", 1, "--dataset", npz.name)
    as_on_windows(surroundings, "runs", "remove", "latest", "--yes")
    assert not any((surroundings / "runs").iterdir())


@pytest.fixture
def few(surroundings: Path) -> Path:
    """Return 400 garments to learn from and 100 to test on, with their classes beside them."""
    every = garments()
    learning, test = first(every.learning, 400), first(every.test, 100)
    path = surroundings / "few.npz"
    np.savez(path, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    (surroundings / "classes.txt").write_text("\n".join(every.classes) + "\n", encoding="utf-8")
    return path


@posix
@pytest.mark.full
def test_every_kind_of_command_as_on_windows(surroundings: Path, few: Path) -> None:
    data, study = ("--dataset", few.name), ("--seeds", 2, "--workers", 2, "-q", "--json")
    for words in (
        ("train", "dropout", "--epochs", 2, *data),
        ("train", "--resume", "latest", "--more-epochs", 1),
        ("doctor",),
        ("summary", "dropout"),
        ("evaluate", "latest", *data, "--plots", "plots"),
        ("predict", "latest", ROOT / "docs" / "pictures" / "shirt.png", "--plots", "plots"),
        ("report", "latest", "--out", "report.html"),
        ("code", "latest", "--out", "script.py"),
    ):
        as_on_windows(surroundings, *words)
    assert "훈련" in (surroundings / "report.html").read_text("utf-8")
    tuned = json.loads(as_on_windows(surroundings, "tune", "softmax", "--try", "epochs 1 2", *data, *study))
    assert tuned["trained"] == 6
    found = json.loads(as_on_windows(surroundings, "reproduce", "softmax", "sgd", *data, *study))
    assert (found["seeds"], len(found["stages"]), found["trained"]) == ([42, 43], 2, 4)


@posix
@pytest.mark.full
def test_the_lab_as_on_windows(surroundings: Path, few: Path) -> None:
    with lab_process(surroundings, "--dataset", few.name, **AS_ON_WINDOWS) as lab:
        lab.wait_until_warm()
        run, record = lab.train("softmax", epochs=2)
        assert (record["status"], (lab.runs / run / "model.keras").is_file()) == ("done", True)
        assert lab.end() == 0
        assert "Traceback" not in lab.said
