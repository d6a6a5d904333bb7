"""The entry point of `python -m kerasnn` and of the console script."""

import os
import sys

from kerasnn.files import working_folder


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it silently."""
    working_folder.leave()
    try:
        if "_KERASNN_COMPLETE" in os.environ:  # Tab was pressed: nobody waits for Typer to be imported
            from kerasnn.cli.completion import complete

            if (code := complete(os.environ)) is not None:
                sys.exit(code)
        from kerasnn.cli.app import run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
