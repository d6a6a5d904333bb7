"""How the process ends: without tearing down the interpreter, but with everything written and cleaned up."""

import subprocess
import sys
from pathlib import Path

import pytest


def ended(before: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the code `before`, then `kerasnn` with `words`, in one process."""
    script = f"import sys\n{before}\nfrom kerasnn.cli.app import run\nsys.argv = ['kerasnn', *{words!r}]\nrun()\n"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("words", "code"), [(("stages",), 0), (("train", "--stage", "x"), 2), (("evaluate", "x"), 5)])
def test_handlers_run_and_what_they_print_arrives_but_nothing_is_torn_down(words: tuple[str, ...], code: int) -> None:
    before = (
        "import atexit, tempfile\n"
        "class Slow:\n    def __del__(self): print('torn down')\n"
        "slow = Slow()\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "atexit.register(print, 'handled', folder.name)"
    )
    done = ended(before, *words)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    said, folder = done.stdout.splitlines()[-1].split()
    assert said == "handled"
    assert not Path(folder).exists()


def test_a_working_thread_is_waited_for(tmp_path: Path) -> None:
    before = (
        "import pathlib, threading, time\n"
        f"def work(): time.sleep(1); pathlib.Path({str(tmp_path / 'late')!r}).write_text('whole')\n"
        "threading.Thread(target=work).start()"
    )
    assert ended(before, "stages").returncode == 0
    assert (tmp_path / "late").read_text() == "whole"


def test_a_ctrl_c_that_python_drops_is_heard_a_moment_later() -> None:
    script = (
        "import signal, time, weakref\n"
        "from kerasnn.cli.streams import repeat_lost_interrupts\n"
        "class Module: pass\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it in the background\n"
        "repeat_lost_interrupts()\n"
        "module = Module()\n"
        "watched = weakref.ref(module, lambda _: signal.raise_signal(signal.SIGINT))\n"
        "try:\n    del module; time.sleep(30)\n"
        "except KeyboardInterrupt: print('stopped')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("stopped\n", "")


def test_a_failing_handler_does_not_change_the_exit_code() -> None:
    done = ended("import atexit\natexit.register(lambda: 1 / 0)", "evaluate", "x")
    assert done.returncode == 5
    assert "ZeroDivisionError" in done.stderr


def test_a_profiler_reports() -> None:
    command = [sys.executable, "-m", "cProfile", "-m", "kerasnn", "stages"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "function calls" in done.stdout


def test_a_slow_reader_gets_every_byte() -> None:
    shell = f"{sys.executable} -m kerasnn code adam --json | (sleep 1; wc -c)"
    through_pipe = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout
    at_once = ended("", "code", "adam", "--json").stdout
    assert int(through_pipe) == len(at_once.encode()) > 1000


def test_main_returns_to_python() -> None:
    """Only `run` ends the process: whoever calls `main` goes on."""
    script = "from kerasnn.cli.app import main\nprint('returned', main(['stages', '-q', '--json']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "returned 0"
