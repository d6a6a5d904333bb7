"""Connect to a Ray cluster, or start one on this machine."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _

LOCAL: Final = "local"
CONNECT_SECONDS: Final = 5


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Any]:
    """Connect to the cluster at `address` while the block runs; yield the `ray` module.

    An existing connection is used and left open; a connection or cluster that is made here is closed again.

    Raises: EnvironmentFault if Ray is not installed or the cluster cannot be reached.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray: Any = import_module("ray")
    except ImportError:
        raise EnvironmentFault(
            _("Ray is not installed"), expected=_("the extra 'ray'"), hint=_("python -m pip install 'kerasnn[ray]'")
        ) from None
    if ray.is_initialized():
        yield ray
        return
    _check_reachable(address)
    options = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address, logging_level=logging.ERROR, log_to_driver=False, **options)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise _no_cluster(address, str(error).splitlines()[0]) from None
    try:
        yield ray
    finally:
        with suppress(ConnectionError):
            ray.shutdown()


def _check_reachable(address: str) -> None:
    """Raise EnvironmentFault unless something at `address` speaks gRPC, as Ray does.

    Ray itself would try for minutes before giving up.
    """
    if address in (LOCAL, "auto") or os.environ.get("RAY_USE_TLS", "0") != "0":
        return
    grpc: Any = import_module("grpc")  # TensorFlow depends on it
    # without a proxy, as Ray connects
    with grpc.insecure_channel(address.removeprefix("ray://"), [("grpc.enable_http_proxy", 0)]) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
        except grpc.FutureTimeoutError:
            raise _no_cluster(address, _("no answer within {seconds} seconds", seconds=CONNECT_SECONDS)) from None


def _no_cluster(address: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        _("there is no Ray cluster at '{address}': {reason}", address=address, reason=reason),
        expected=_("HOST:PORT, ray://HOST:PORT, auto, or local"),
        hint=_("start one with: ray start --head"),
    )
