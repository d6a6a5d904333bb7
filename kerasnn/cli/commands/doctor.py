"""`kerasnn doctor`"""

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, RunsOption
from kerasnn.errors import EnvironmentFault
from kerasnn.files.paths import RUNS
from kerasnn.language import _


@command("doctor")
def doctor(output: Output, data_dir: DataDirOption = None, out: RunsOption = RUNS) -> None:
    """Check this machine: versions, device and speed, data, folders, extras, and how to mend each fault.

    Exit code 4 if training cannot work.

    Example: kerasnn doctor
    """
    from kerasnn.views.data import checkup_view

    with output.listening() as listener:
        checkup = kerasnn.check_up(out, data_dir=data_dir, listener=listener)
    output.show(checkup, checkup_view)  # in full, also where a fault follows
    if not checkup.healthy:
        fatal = "; ".join(f"{finding.subject} {finding.detail}" for finding in checkup.findings if finding.fatal)
        raise EnvironmentFault(_("training cannot work here: {fatal}", fatal=fatal), hint=_("see the findings above"))
