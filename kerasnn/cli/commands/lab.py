"""`kerasnn lab`"""

import json
import sys
import webbrowser
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data, OnlyRunsOption
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.records import ignore, plain

if TYPE_CHECKING:
    from kerasnn.lab.server import Served

Port = Annotated[int, typer.Option(metavar="N", min=0, max=65_535, help=N_("The port; 0 takes any free one."))]
_HOST_HELP = N_("The address to listen on. Another than 127.0.0.1 can be reached from other machines.")
Host = Annotated[str, typer.Option(metavar="ADDRESS", help=_HOST_HELP)]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help=N_("Do not open the page in a browser."))]


@command("lab")
def lab(
    output: Output,
    *,
    port: Port = 8421,
    host: Host = "127.0.0.1",
    no_browser: NoBrowser = False,
    source: Data,
    out: OnlyRunsOption = RUNS,
) -> None:
    """Open the lab: a page where networks are built, trained, watched and asked. Ctrl-C ends it.

    Example: kerasnn lab

    Example: kerasnn lab --port 0 --no-browser --lang ko
    """
    from kerasnn.lab.guard import LOOPBACK
    from kerasnn.lab.server import serve

    def announce(served: "Served") -> None:
        if output.as_json:
            sys.stdout.write(json.dumps(plain(served)) + "\n")
            sys.stdout.flush()
            return
        output.show(served, lambda lab: _("The lab is open: {url}", url=lab.url))
        output.note(_("Ctrl-C ends it; what a training has learnt by then is saved"))
        if not no_browser:
            webbrowser.open(served.url)

    if host not in LOOPBACK:
        output.warn(_("whoever reaches {host} and knows the address with its token can use this lab", host=host))
    load = partial(kerasnn.load_data, **vars(source), listener=ignore)
    with output.still():
        serve(load, runs=out, host=host, port=port, announce=announce)
