"""`python -m kerasnn`"""

from kerasnn.cli.app import run

if __name__ == "__main__":
    run()
