"""The Typer app and `main`, the one place that turns an error into a message and an exit code."""

import atexit
import errno
import os
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from kerasnn.cli.console import Output
from kerasnn.cli.registry import LazyGroup
from kerasnn.cli.streams import (
    forget_empty_screen,
    forgiving_streams,
    interrupts_ignored,
    repeat_lost_interrupts,
    replace_closed_streams,
)
from kerasnn.cli.usage_errors import usage_error, with_command
from kerasnn.cli.words import refuse_empty_names, refuse_undecodable
from kerasnn.errors import EnvironmentFault, Interrupted, KerasnnError, UsageError
from kerasnn.files.faults import TOO_LARGE, TOO_MANY
from kerasnn.language import LANGUAGES, N_, _, set_language
from kerasnn.networks.fatal import tell_with
from kerasnn.platforms import stopping_signals

_FULL: Final = (N_("free space on the disk"), N_("free some space, or set TMPDIR to a folder on another disk"))
_ALLOWED: Final = N_("files and folders that you may read and write")
_DENIED: Final = (_ALLOWED, N_("copy it to a folder of your own, or ask its owner"))
_BROKEN: Final = (N_("a disk that can be read and written"), N_("try again, or move the files to another disk"))
_REMEDIES: Final = {  # by the number of an OSError: what was expected, and what to do
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _DENIED),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), TOO_MANY),
    errno.EFBIG: TOO_LARGE,
    errno.EIO: _BROKEN,
}


def _usual_spelling(word: str) -> str:
    """Return a command or flag as kerasnn spells it: `learning_rate` is `learning-rate`."""
    return word.lower().replace("_", "-")


app = typer.Typer(
    name="kerasnn",
    cls=LazyGroup,
    help=N_("The lecture on neural networks, runnable: each of its stages on Fashion-MNIST."),
    epilog=N_("Begin with: kerasnn train dropout"),
    no_args_is_help=False,  # it would exit with code 2
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"], "token_normalize_func": _usual_spelling},
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
        Literal["en", "ko"] | None, typer.Option("--lang", help=N_("English or Korean; may also follow a command."))
    ] = None,
) -> None:
    if context.invoked_subcommand is None:
        context.get_help()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 if all went well, else that of the error, as in `errors`.

    An exception that is no KerasnnError, and cannot be turned into one, is a bug and is raised.
    """
    argv = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language_in(argv))
    # Typer reads the flags too late for an error about the flags themselves
    output = Output(as_json="--json" in argv, debug="--debug" in argv, no_color="--no-color" in argv)
    tell_with(lambda error: _die(output, error))
    with forgiving_streams():
        try:
            return _run(output, argv)
        except BrokenPipeError:
            return 0  # the reader, such as `head`, has had enough
        except (KerasnnError, typer.TyperException, typer.Abort, KeyboardInterrupt, OSError, MemoryError) as error:
            expected = _lost_folder(error) or _expected(error, argv, output)
            if expected is None:
                raise  # a bug: the only case with a traceback
            if isinstance(expected, Interrupted) and expected.hint is None and not output.has_shown:
                expected.hint = shlex.join(["kerasnn", *argv])  # a study continues with what it lacks
            return _fail(output, expected)


def _run(output: Output, argv: Sequence[str]) -> int:
    refuse_undecodable(argv)
    refuse_empty_names(argv)
    try:
        # not standalone: Typer would print its own messages and choose the exit code
        result = app(list(argv), prog_name="kerasnn", standalone_mode=False, obj=output)
    except SystemExit as ended:  # what Typer makes of a closed pipe
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise
    if result == Interrupted.code:  # what Typer makes of Ctrl-C, without a message
        raise KeyboardInterrupt
    output.finish()
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _expected(error: BaseException, argv: Sequence[str], output: Output) -> KerasnnError | None:
    """Return the expected failure that an exception stands for, or None if it is a bug."""
    match error:
        case KerasnnError():
            return with_command(error, argv)
        case typer.TyperException():
            return with_command(usage_error(error, argv), argv)
        case typer.Abort() | KeyboardInterrupt():
            rest = _("the result is complete; files that follow it, such as figures, may be missing")
            return Interrupted(rest if output.has_shown else _("there is no result yet"))
        case MemoryError() | OSError(errno=errno.ENOMEM):
            return EnvironmentFault(_("out of memory"), hint=_("use fewer --hidden units or a smaller --batch-size"))
        case OSError():
            return _file_error(error)
    return None


def _lost_folder(error: BaseException) -> KerasnnError | None:
    """Return the failure that the working folder is gone, if something was looked for in it when `error` was raised."""
    lost = (each for each in _chain(error) if isinstance(each, FileNotFoundError))
    if any(each.filename is None or not os.path.isabs(os.fsdecode(each.filename)) for each in lost):  # noqa: PTH117
        try:
            Path.cwd()
        except FileNotFoundError:
            return EnvironmentFault(_("the working folder no longer exists"), hint=_("cd to another folder"))
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and those that were being handled when it was raised."""
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__context__


def _file_error(error: OSError) -> KerasnnError | None:
    name = error.filename or _("the output or a temporary file")
    if error.errno == errno.ENAMETOOLONG:  # a wrong name, not a fault of the machine
        return UsageError(_("the name is too long for a file: {name}", name=str(error.filename)[:60]))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = _("the disk is full: {name} could not be written", name=name)
    elif error.errno in _REMEDIES:
        message = _("{name}: {reason}", name=name, reason=error.strerror)
    else:
        return None
    expected, hint = _REMEDIES[error.errno]
    return EnvironmentFault(message, expected=_(expected), hint=_(hint))


def _language_in(argv: Sequence[str]) -> str | None:
    """Return the language that --lang asks for, before parsing, so that usage errors are in that language too."""
    for word, after in zip(argv, [*argv, ""][1:], strict=True):
        asked = after if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if asked in LANGUAGES:
            return asked
    return None


def _fail(output: Output, error: KerasnnError) -> int:
    with interrupts_ignored(), suppress(OSError):  # if stderr is gone too, there is nowhere left to write
        if output.debug:
            output.status.print_exception()
        output.error(error)
    return error.code


def _die(output: Output, error: KerasnnError) -> None:
    """End the process, which C code would end otherwise, as an expected error does."""
    with output.still():
        code = _fail(output, error)
    atexit._run_exitfuncs()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


def run() -> None:
    """Run the console script. Other signals end it as Ctrl-C does: tidily, with what a training has learnt saved."""
    replace_closed_streams()
    forget_empty_screen()
    repeat_lost_interrupts()
    for number in stopping_signals():
        signal.signal(number, signal.default_int_handler)
    code = main()
    for number in stopping_signals():
        signal.signal(number, signal.SIG_IGN)  # a clean-up at exit must not change the exit code
    if not _is_watched() and not _has_other_threads():
        atexit._run_exitfuncs()  # temporary folders, worker processes, coverage: all that sys.exit would run
        with forgiving_streams():  # flushes what they have printed
            pass
        os._exit(code)  # sys.exit takes a second, in which TensorFlow frees its memory piece by piece
    sys.exit(code)


def _is_watched() -> bool:
    """Return True under a debugger, a profiler or `coverage run`, which have work to do after `run`."""
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    tools = map(monitoring.get_tool, range(6)) if monitoring else ()
    return sys.gettrace() is not None or sys.getprofile() is not None or any(tools)


def _has_other_threads() -> bool:
    """Return True if a thread is still working that sys.exit would wait for."""
    return any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
