"""Hostile model files: each is refused with code 5, in time and memory, with nothing executed and nothing else read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.hostile_models import CANARY, HOSTILE, OUTSIDE, Writer

MOST_SECONDS = 5.0
MOST_MEGABYTES = 600
LONGEST_WAIT = 60  # a machine may be busy; the limit of 5 s is of the processor's time
TOUCHED = 99

# runs a command and ends with TOUCHED where Python itself starts a process, opens a connection, unpickles or unmarshals
# code, or opens a file of this folder other than the model and its card
WATCHED = f"""
import sys, time
began = time.process_time()
from pathlib import Path
from kerasnn.cli.app import main
import kerasnn.networks.storage, kerasnn.runs.find, kerasnn.prediction, kerasnn.evaluation, kerasnn.data.load
allowed = set(sys.argv[1].split(","))
def watch(event, arguments):
    if event in ("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "socket.connect",
                 "pickle.find_class", "exec.code") or (event == "marshal.loads" and not importing()):
        print("TOUCHED", event, arguments, flush=True)
        sys.stdout.flush()
        import os
        os._exit({TOUCHED})
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = Path(str(arguments[0]))
        if (path.parent.resolve() == Path.cwd() or str(path) == "/etc/passwd") and path.name not in allowed:
            print("TOUCHED", event, arguments, flush=True)
            import os
            os._exit({TOUCHED})
def importing():
    frame = sys._getframe()
    while frame:
        if "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
sys.addaudithook(watch)
code = main(sys.argv[2:])
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].split()[1]
print("MEASURED", time.process_time() - began, int(peak) / 1024)
sys.exit(code)
"""


def _commands(path: Path) -> list[list[str]]:
    return [
        ["evaluate", str(path), "--dataset", "garments"],
        ["predict", str(path), "picture.png"],
        ["summary", "--model", str(path)],
    ]


def _refused(folder: Path, name: str, write: Writer, command: int) -> None:
    folder.mkdir()
    path = folder / name
    write(path)
    os.mkfifo(folder / OUTSIDE)
    Image.new("L", (28, 28), 90).save(folder / "picture.png")
    allowed = ",".join((name, "evil.json", "run.json", "picture.png"))
    words = [sys.executable, "-c", WATCHED, allowed, *_commands(path)[command % 3]]
    seconds, megabytes, code, said = _measured(words, folder)
    if code != 5:
        raise Lost(f"code {code} instead of 5: {said[-400:]}")
    if "Traceback" in said or "Error: " not in said:
        raise Lost(f"not said in a sentence: {said[-400:]}")
    if seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
        raise Lost(f"refused after {seconds:.1f} s with {megabytes:.0f} MB")
    if (folder / CANARY).exists():
        raise Lost("what the file asked for was executed")


def _measured(words: list[str], folder: Path) -> tuple[float, float, int, str]:
    """Seconds of the processor, megabytes at most and exit code of a process, and all it said."""
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=LONGEST_WAIT, check=False)
    except subprocess.TimeoutExpired:
        raise Lost(f"still at it after {LONGEST_WAIT} s") from None
    *_, last = done.stdout.decode(errors="replace").splitlines() or [""]
    said = (done.stdout + done.stderr).decode(errors="replace")
    if not last.startswith("MEASURED"):
        raise Lost(f"code {done.returncode}: {said[-400:]}")
    _, seconds, megabytes = last.split()
    return float(seconds), float(megabytes), done.returncode, said


@case(
    "hostile model files",
    goal="refused in 5 s and 600 MB, code 5, nothing run, nothing else read",
    full=len(HOSTILE),
    quick=6,
)
def hostile_models(plan: Plan) -> Iterator[Trial]:
    step = max(1, len(HOSTILE) // plan.count)
    chosen = list(HOSTILE.items())[::step][: plan.count]
    for number, (name, (file, write)) in enumerate(chosen):
        yield Trial(name, partial(_refused, plan.folder / str(number), file, write, number))
