"""`kerasnn doctor`"""

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, OutOption
from kerasnn.errors import EnvironmentFault
from kerasnn.files.paths import RUNS
from kerasnn.language import _

app = command_app()


@command(app, "doctor")
def doctor(output: Output, data_dir: DataDirOption = None, out: OutOption = RUNS) -> None:
    """Check this machine: versions, device and speed, data, folders, extras, and what to do about each fault.

    Code 4 where training could not work.

    Example: kerasnn doctor
    """
    from kerasnn.views.doctor import checkup_view

    checkup = kerasnn.check_up(out, data_dir=data_dir)
    output.show(checkup, checkup_view)
    if not checkup.healthy:
        fatal = "; ".join(f"{finding.subject} {finding.detail}" for finding in checkup.findings if finding.fatal)
        raise EnvironmentFault(_("training cannot work here: {fatal}", fatal=fatal), hint=_("see the findings above"))
