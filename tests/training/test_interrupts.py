"""The first signal asks the training to stop, the second stops it at once."""

import os
import signal
import threading

import pytest

from kerasnn.platforms import STOPPING
from kerasnn.runs.execute import interrupts


@pytest.mark.parametrize("number", STOPPING)
def test_the_first_asks_and_the_second_raises(number: signal.Signals) -> None:
    before = signal.signal(number, signal.default_int_handler)  # under nohup SIGHUP would be ignored, and not heeded
    try:
        with interrupts() as asked:
            assert not asked()
            os.kill(os.getpid(), number)
            assert asked()
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), number)
        assert signal.getsignal(number) == signal.default_int_handler
    finally:
        signal.signal(number, before)


def test_without_patience_the_first_raises() -> None:
    with interrupts(patient=False), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_another_thread_has_no_handlers_and_trains_all_the_same() -> None:
    seen: list[bool] = []

    def work() -> None:
        with interrupts() as asked:
            seen.append(asked())

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
    assert signal.getsignal(signal.SIGINT) == before
