"""The process that trains for the lab, seen from inside: one training at a time, with programs compiled once.

Nothing heavy is imported at the top, because the process must set its number of threads first.
"""

import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault, Interrupted, KerasnnError
from kerasnn.lab.orders import READY, Command, Order, Report
from kerasnn.lab.reins import Reins
from kerasnn.language import _, speaking
from kerasnn.networks import child
from kerasnn.records import Run, plain_object
from kerasnn.study.shared_dataset import SharedDataset

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.state import Programs

MOST_PROGRAMS: Final = 20  # the process ends after this many: TensorFlow never frees the 40 MB that each takes


def serve(connection: "Connection[Report, Order | Command]", shared: SharedDataset, log: Path) -> None:
    """Train what comes through `connection` until it is closed; `log`: the file for all output."""
    child.settle(log)
    tempfile.tempdir = str(shared.folder)  # the process may be killed, and its parent removes this folder
    from kerasnn.networks.threads import choose_threads

    choose_threads(None)
    from kerasnn.lab.warming import warm
    from kerasnn.training.state import Programs

    data, programs = shared.open(), Programs()
    for _stage in warm(data, programs):
        connection.send(Report(READY))
        if connection.poll():  # whoever waits comes first; what is not compiled yet is compiled when it is needed
            break
    while True:
        try:
            order = connection.recv()
        except EOFError:
            return
        if isinstance(order, Order):  # a command for a training that has just ended comes too late
            with speaking(order.lang):
                _train(order, connection, data, programs)
            if programs.count >= MOST_PROGRAMS:  # without READY the parent sends nothing that would be lost
                return
            connection.send(Report(READY))


def _train(
    order: Order, connection: "Connection[Report, Order | Command]", data: "Dataset", programs: "Programs"
) -> None:
    run, reins = order.folder.name, Reins(order, connection)
    try:
        connection.send(Report("done", run, plain_object(_conduct(order, reins, data, programs))))
    except KerasnnError as error:
        record = plain_object(error.record) if isinstance(error.record, Run) else {}
        stopped = isinstance(error, Interrupted)
        content = record if stopped else {"error": error.details, "record": record}
        connection.send(Report("stopped" if stopped else "failed", run, content))
    except MemoryError:
        fault = EnvironmentFault(_("out of memory"), hint=_("use fewer --hidden units or a smaller --batch-size"))
        connection.send(Report("failed", run, {"error": fault.details}))
    except OSError as error:  # of the disk; the parent's end of the connection is only lost with the parent
        fault = EnvironmentFault(_("{name}: {reason}", name=order.folder, reason=error.strerror or error))
        connection.send(Report("failed", run, {"error": fault.details}))


def _conduct(order: Order, reins: Reins, data: "Dataset", programs: "Programs") -> Run:
    from kerasnn.lecture.settings import find_stage, resolve
    from kerasnn.runs.environment import environment
    from kerasnn.runs.execute import train_run
    from kerasnn.runs.folder import locked
    from kerasnn.runs.record import Clock, TrainingPlan, start_record
    from kerasnn.runs.resume import Again, resume_run
    from kerasnn.training.state import Conduct
    from kerasnn.training.train import architecture_of, choose_engine

    stage = find_stage(order.stage)
    plan = TrainingPlan(stage, *resolve(stage, order.overrides), choose_engine(stage, None))
    is_keras = stage.library == "keras"
    callbacks = []
    if is_keras:
        from kerasnn.lab.onlooker import Onlooker

        reins.onlooker = Onlooker(architecture_of(plan.settings, data))
        callbacks.append(reins.onlooker)
    conduct = Conduct(reins.listen, callbacks, programs=programs, gate=reins.gate)
    if order.more_epochs is not None:
        return resume_run(order.folder, lambda record: data, Again(order.more_epochs), conduct)
    machine = environment(with_keras=is_keras)
    run = start_record(plan, data, machine, name=order.folder.name, started=order.started.isoformat())
    with locked(order.folder):
        return train_run(run, order.folder, data, Clock(time.perf_counter(), 0.0), conduct)
