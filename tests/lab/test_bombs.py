"""Pictures that cost too much are refused by the lab, in time."""

import time

import numpy as np
import pytest

from tests.lab.client import Driver
from tests.lab.test_picture import png

LARGE = png(np.zeros((7000, 7000, 2), np.uint8))  # grey and transparent: four bytes a pixel, twice
WIDE = png(np.zeros((7200, 7200), np.uint8))  # more than 50 million pixels


@pytest.mark.parametrize("content", [LARGE, WIDE], ids=["large", "wide"])
def test_a_bomb_is_refused(content: bytes, page: Driver) -> None:
    parts = (
        '--e\r\nContent-Disposition: form-data; name="model"\r\n\r\nsoftmax\r\n--e\r\nContent-Disposition: form-data; '
    )
    body = parts.encode() + b'name="picture"; filename="a.png"\r\n\r\n' + content + b"\r\n--e--\r\n"
    began = time.monotonic()
    answer = page.ask("/api/predictions", body, headers={"content-type": "multipart/form-data; boundary=e"})
    assert answer.status == 422, answer.content
    assert time.monotonic() - began < 25
