"""The Typer app, and `main`, the one place where an error becomes a message and an exit code."""

import errno
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Literal

import typer

from kerasnn.cli.console import Output
from kerasnn.cli.registry import Catalogue
from kerasnn.cli.streams import forgiving_streams, interrupts_ignored, replace_closed_streams
from kerasnn.cli.usage_errors import usage_error
from kerasnn.errors import EnvironmentFault, Interrupted, KerasnnError, UsageError
from kerasnn.language import LANGUAGES, N_, _, set_language

app = typer.Typer(
    name="kerasnn",
    cls=Catalogue,
    help=N_("The lecture on neural networks, runnable: seven stages on Fashion-MNIST."),
    epilog=N_("Begin with: kerasnn train --stage dropout"),
    no_args_is_help=False,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"kerasnn {version('kerasnn')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=N_("Print the version."))
    ] = False,
    lang: Annotated[
        Literal["en", "ko"] | None, typer.Option("--lang", help=N_("English or Korean; also after any command."))
    ] = None,
) -> None:
    if context.invoked_subcommand is None:
        context.get_help()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code of CONVENTIONS: 0 done, 1 a bug, 2..7 and 130 as in `errors`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language_in(words))
    output = Output(as_json="--json" in words, debug="--debug" in words, no_color="--no-color" in words)
    with forgiving_streams():
        try:
            return _run(output, words)
        except BrokenPipeError:
            return 0
        except (KerasnnError, typer.TyperException, typer.Abort, KeyboardInterrupt, OSError, MemoryError) as error:
            expected = _expected(error, words)
            if expected is None:
                raise
            return _fail(output, expected)


def _run(output: Output, words: Sequence[str]) -> int:
    _refuse_undecodable(words)
    try:
        result = app(list(words), prog_name="kerasnn", standalone_mode=False, obj=output)
    except SystemExit as ended:  # typer's answer to a reader who has gone away
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    if result == Interrupted.code:  # typer's answer to Ctrl-C, without a word
        raise KeyboardInterrupt
    output.finish()
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _refuse_undecodable(words: Sequence[str]) -> None:
    for word in words:
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            shown = word.encode("utf-8", "backslashreplace").decode()
            raise UsageError(_("'{word}' is not UTF-8", word=shown), expected=_("names in UTF-8"))


def _expected(error: BaseException, words: Sequence[str]) -> KerasnnError | None:
    """What ended the command, as a failure that is no bug; None where it is one."""
    match error:
        case KerasnnError():
            return error
        case typer.TyperException():
            return usage_error(error, words)
        case typer.Abort() | KeyboardInterrupt():
            return Interrupted(_("interrupted"))
        case MemoryError() | OSError(errno=errno.ENOMEM):
            return EnvironmentFault(_("out of memory"), hint=_("fewer --hidden units or a smaller --batch-size"))
        case OSError():
            return _expected_of_files(error)
    return None


def _expected_of_files(error: OSError) -> KerasnnError | None:
    match error.errno:
        case errno.ENAMETOOLONG:
            return UsageError(_("a name is too long for a file: {name}", name=str(error.filename)[:60]))
        case errno.ENOSPC | errno.EDQUOT:
            return EnvironmentFault(
                _("the disk is full: {name} could not be written", name=error.filename or _("a temporary file")),
                expected=_("room on the disk"),
                hint=_("make room, or set TMPDIR to a folder on another disk"),
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _refused_by_the_system(
                error,
                expected=_("files and folders that you may read and write"),
                hint=_("copy it to one of your own, or ask its owner"),
            )
        case errno.EMFILE | errno.ENFILE:
            return _refused_by_the_system(
                error,
                expected=_("fewer open files"),
                hint=_("end other programs, or raise the limit: ulimit -n 4096"),
            )
        case errno.EIO:
            return _refused_by_the_system(
                error,
                expected=_("a disk that can be read and written"),
                hint=_("try again, or with the files on another disk"),
            )
    return None


def _refused_by_the_system(error: OSError, *, expected: str, hint: str) -> KerasnnError:
    name = error.filename or _("a temporary file")
    return EnvironmentFault(_("{name}: {reason}", name=name, reason=error.strerror), expected=expected, hint=hint)


def _language_in(words: Sequence[str]) -> str | None:
    """What --lang asks for, looked up before anything is parsed, so that errors of parsing speak it too."""
    for word, after in zip(words, [*words, ""][1:], strict=True):
        asked = after if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if asked in LANGUAGES:
            return asked
    return None


def _fail(output: Output, error: KerasnnError) -> int:
    with interrupts_ignored(), suppress(OSError):  # nowhere is left to say it
        if output.debug:
            output.status.print_exception()
        output.error(error)
    return error.code


def run() -> None:
    """The console script. SIGTERM ends it as Ctrl-C does: tidily, and a training with what it learnt."""
    replace_closed_streams()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = main()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # all is said and kept; only TensorFlow's own end is still to come
    sys.exit(code)
