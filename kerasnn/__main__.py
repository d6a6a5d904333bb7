"""`python -m kerasnn`, and the console script."""

import sys


def main() -> None:
    """Run the command line; a Ctrl-C that comes while it is still being loaded ends it without a word."""
    try:
        from kerasnn.cli.app import run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
