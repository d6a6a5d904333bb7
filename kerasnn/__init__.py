"""The lecture on neural networks, runnable: seven stages on Fashion-MNIST.

>>> import kerasnn
>>> run = kerasnn.train("dropout")
>>> kerasnn.evaluate(run.run).test.accuracy
"""

from typing import TYPE_CHECKING, Any

from kerasnn.errors import KerasnnError as KerasnnError

if TYPE_CHECKING:
    from kerasnn.api import build as build
    from kerasnn.api import claims as claims
    from kerasnn.api import code as code
    from kerasnn.api import compare_runs as compare_runs
    from kerasnn.api import compare_sklearn as compare_sklearn
    from kerasnn.api import evaluate as evaluate
    from kerasnn.api import explain as explain
    from kerasnn.api import judge_claims as judge_claims
    from kerasnn.api import list_runs as list_runs
    from kerasnn.api import load_data as load_data
    from kerasnn.api import log_to_mlflow as log_to_mlflow
    from kerasnn.api import open_run as open_run
    from kerasnn.api import predict as predict
    from kerasnn.api import race as race
    from kerasnn.api import remove_runs as remove_runs
    from kerasnn.api import report as report
    from kerasnn.api import reproduce as reproduce
    from kerasnn.api import resume as resume
    from kerasnn.api import stages as stages
    from kerasnn.api import summary as summary
    from kerasnn.api import tour as tour
    from kerasnn.api import tracking_callbacks as tracking_callbacks
    from kerasnn.api import train as train
    from kerasnn.api import tune as tune
    from kerasnn.api import verify as verify

__all__ = [
    "KerasnnError",
    "build",
    "claims",
    "code",
    "compare_runs",
    "compare_sklearn",
    "evaluate",
    "explain",
    "judge_claims",
    "list_runs",
    "load_data",
    "log_to_mlflow",
    "open_run",
    "predict",
    "race",
    "remove_runs",
    "report",
    "reproduce",
    "resume",
    "stages",
    "summary",
    "tour",
    "tracking_callbacks",
    "train",
    "tune",
    "verify",
]


def __getattr__(name: str) -> Any:
    """The functions, when first asked for: the command line passes through here and needs none of them for --help."""
    if name not in __all__:
        raise AttributeError(f"module 'kerasnn' has no attribute '{name}'")
    from kerasnn import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return __all__
