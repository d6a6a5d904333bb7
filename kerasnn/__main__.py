"""The entry point of `python -m kerasnn` and of the console script."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it silently."""
    try:
        from kerasnn.cli.app import run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
