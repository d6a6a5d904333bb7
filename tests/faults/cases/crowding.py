"""Several trainings at the same time, in the same folder."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from kerasnn.runs.folder import all_runs, latest_run, read_record
from tests.conftest import save_npz
from tests.faults.frame import Lost, Plan, Trial, case
from tests.faults.training import PATIENCE, assert_readable, start

AT_ONCE, QUICK_AT_ONCE = 8, 4
FILES = {
    "sgd": {"run.json", "history.csv", "model.npz"},  # the quicker one to start
    "softmax": {"run.json", "history.csv", "model.keras", "state.npz", "plots"},
}
STAGES = ("softmax", "sgd", "sgd", "sgd")


@case(
    "eight trainings started at once",
    goal="eight complete run folders, each with what its own process printed",
    full=10,
    quick=1,
    slow=True,
)
def crowds(plan: Plan) -> Iterator[Trial]:
    data = save_npz(plan.folder / "stripes.npz")
    for number in range(plan.count):
        out = plan.folder / f"round-{number}"
        yield Trial(f"round {number}", partial(_train_at_once, data, out, AT_ONCE if plan.count > 1 else QUICK_AT_ONCE))


def _train_at_once(data: Path, out: Path, together: int) -> None:
    flags = ["--epochs", "2", "--seed", "7", "--dataset", str(data), "--out", str(out), "-q"]
    stages = [STAGES[number % len(STAGES)] for number in range(together)]
    processes = [start(["train", "--stage", stage, *flags]) for stage in stages]
    ended = [(process.communicate(timeout=PATIENCE), process.returncode) for process in processes]
    for (_, said), code in ended:
        if code:
            raise Lost(f"code {code}: {said.decode()[-300:]}")
    runs = all_runs(out)
    if len(runs) != together:
        raise Lost(f"{len(runs)} run folders")
    for run in runs:
        assert_readable(run)
        names = {path.name for path in run.iterdir()}
        record = read_record(run)
        if names != FILES[record["stage"]] or record["status"] != "done":
            raise Lost(f"{run.name} holds {sorted(names)}")
        if str(run) not in "".join(printed.decode().replace("\n", "") for (printed, _), _ in ended):
            raise Lost(f"nobody printed {run.name}")
    latest_run(out)
    shutil.rmtree(out)
