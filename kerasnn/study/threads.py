"""The number of cores, and the environment variables of a process that trains beside others."""

import os
from typing import Final

# One thread, because XLA's results depend on the number of threads in their last bits, and must not depend on the
# machine. No GPU, because networks this small gain nothing from one, and the first process would take all its memory.
ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
