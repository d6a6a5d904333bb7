"""The environment of a process that trains beside others."""

from typing import Final

# the digits that XLA computes depend on the number of threads; and networks this small gain nothing from a GPU, whose
# memory the first process would take for itself
ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
