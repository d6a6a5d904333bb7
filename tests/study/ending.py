"""A worker that ends as one whose process is ended from the Task Manager of Windows."""

import os


def end(*arguments: object) -> None:
    """End this process with the exit code of a traceback, but without one."""
    os._exit(1)
