"""Hostile requests: each has to be refused, in bounded time, and to leave the lab as it was."""

import io
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

from tests.lab.client import Client

LONG: Final = 30.0  # seconds that a refusal may take: slow requests are waited for
REFUSED: Final = range(400, 504)
Send = Callable[[Client], bytes]


@dataclass(frozen=True)
class Attack:
    """A hostile request. `send` returns what came back; `allowed`: the statuses that refuse it, and 0 for none."""

    name: str
    send: Send
    allowed: tuple[int, ...]

    def refused_by(self, client: Client) -> str:
        """Return what is wrong with the answer; empty if the request was refused."""
        answer = self.send(client)
        status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0
        if status == 500 or b"Traceback" in answer:
            return f"a bug answered: {answer[-300:]!r}"
        return "" if status in self.allowed else f"{status}: {answer[-300:]!r}"


def head(method: str, path: str, **fields: str) -> Send:
    return lambda client: client.raw(client.head(path, method, connection="close", **fields), LONG)


def body(path: str, content: bytes, **fields: str) -> Send:
    length = {"content_length": str(len(content)), "content_type": "application/json"}
    return lambda client: client.raw(
        client.head(path, "POST", connection="close", **{**length, **fields}) + content, LONG
    )


def as_json(path: str, value: object) -> Send:
    return body(path, json.dumps(value).encode())


def picture(content: bytes, name: str = "picture.png", model: str = "softmax") -> Send:
    def send(client: Client) -> bytes:
        answer = client.send_picture(model, content, name)
        return b"HTTP/1.1 %d x\r\n\r\n" % answer.status + answer.content

    return send


def attacks() -> Iterator[Attack]:
    """Yield all hostile requests; where they are sorted, by what they try."""
    yield from (Attack(f"host {host!r}", head("GET", "/api/lab", host=host), (421, 400)) for host in HOSTS)
    yield Attack("no host", lambda client: _without(client, b"host"), (400, 421))
    yield Attack("two hosts", lambda client: _twice(client, b"host: evil.example"), (400, 421))
    yield from (Attack(f"origin {each!r}", head("POST", "/api/trainings", origin=each), (403,)) for each in ORIGINS)
    yield from (
        Attack(f"from {each}", head("POST", "/api/trainings", sec_fetch_site=each), (403,))
        for each in ("cross-site", "same-site", "nonsense")
    )
    yield from (Attack(f"token {name}", head("GET", path, **fields), (401, 400)) for name, path, fields in TOKENS)
    yield from (Attack(f"method {each}", head(each, "/api/lab"), (400, 404, 405)) for each in METHODS)
    yield from (Attack(f"path {path[:60]}", head("GET", path), (400, 404, 422)) for path in PATHS)
    yield from (Attack(f"model {name!r:.60}", _asked(name), (422,)) for name in MODELS)
    yield from (Attack(f"json {text[:40]!r}", body("/api/trainings", text), (422, 413)) for text in JSON)
    yield from (
        Attack(
            f"{name} {value!r:.40}", as_json("/api/trainings", {"stage": "adam", "overrides": {name: value}}), (422,)
        )
        for name in SETTINGS
        for value in VALUES
    )
    yield from (Attack(f"body {value!r:.60}", as_json("/api/trainings", value), (422,)) for value in BODIES)
    yield from (Attack(f"pixels {value!r:.40}", _pixels(value), (422,)) for value in PIXELS)
    yield from (Attack(f"picture: {name}", picture(content, name), (422, 413)) for name, content in pictures())
    yield from sizes()


HOSTS: Final = (
    *("evil.example", "evil.example:8421", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1.nip.io"),
    *("0.0.0.0", "[::]", "127.0.0.2", "127.1", "2130706433", "0x7f000001", "017700000001", "localhost.", "LOCALHOST."),
    *("127.0.0.1:1", "localhost:80", "localhost:99999", "localhost:-1", "localhost:", "localhost:0x50", "[::1", "::1"),
    *("user@localhost", "localhost/", "localhost?x", "localhost#x", "localhost,evil.example", "localhost evil", ""),
)
ORIGINS: Final = (
    *("null", "https://127.0.0.1", "http://127.0.0.1", "http://localhost", "http://localhost:1", "http://evil.example"),
    *("http://127.0.0.1.evil.example", "http://localhost@evil.example", "file://", "moz-extension://a", "", "//"),
    *("http://[::1", "javascript:1", "http://0.0.0.0"),
)
NONE: Final = {"authorization": "x"}
TOKENS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("missing", "/", NONE),
    ("empty", "/?token=", NONE),
    ("wrong", "/?token=wrong", NONE),
    ("many", "/?" + "&".join(["token=a"] * 900), NONE),
    ("in the query of another path", "/api/lab?token=wrong", NONE),
    ("odd bytes", "/?token=%ff%00%c0%80", NONE),
    ("empty bearer", "/api/lab", {"authorization": "Bearer "}),
    ("wrong bearer", "/api/lab", {"authorization": "Bearer wrong"}),
    ("half a bearer", "/api/lab", {"authorization": "Bearer"}),
    ("basic", "/api/lab", {"authorization": "Basic dG9rZW46dG9rZW4="}),
    ("umlauts", "/api/lab", {"authorization": "Bearer \xfc\xfc\xfc"}),
    ("long", "/api/lab", {"authorization": "Bearer " + "a" * 9000}),
    ("cookies", "/api/lab", {**NONE, "cookie": "; ".join(["kerasnn-lab-8421=a"] * 300)}),
    ("odd cookies", "/api/lab", {**NONE, "cookie": '"\\";=;;==;[{}]=";'}),
    ("static", "/static/main.js", NONE),
)
METHODS: Final = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "POST", "get", "PROPFIND", "A" * 300)
PATHS: Final = (
    *(
        "/static/../routes.py",
        "/static/..%2froutes.py",
        "/static/%2e%2e/routes.py",
        "/static/.",
        "/static/..",
        "/static/",
    ),
    *("/static/%00", "/static/main.js%00.css", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/C:%5cx"),
    *("/etc/passwd", "//etc/passwd", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api", "/api/", "/%ff%fe"),
    *("/api/runs/..", "/api/runs/%2e%2e", "/api/runs/..%2f..%2fetc", "/api/runs/%00", "/api/runs/" + "a" * 3000),
    *(
        "/api/runs/.lock",
        "/api/runs/latest%0a",
        "/api/runs/linked",
        "/api/runs/linked/model",
        "/api/runs/%20",
        "/api/runs/-",
    ),
    *(
        "/api/runs/../model",
        "/api/trainings/..%2f/events",
        "/api/trainings/nothing/events",
        "/api/trainings/%00/events",
    ),
    *("/api/runs/linked/../model", "/api/trainings/linked/events", "http://evil.example/", "/api/lab/..%c0%af"),
)
MODELS: Final[tuple[Any, ...]] = (
    *(
        "",
        ".",
        "..",
        "/etc/passwd",
        "../runs",
        "linked",
        "a" * 10_000,
        "a\0b",
        "C:\\x",
        "\ud800",
        "x/y",
        "~",
        "stripes.npz",
    ),
    *(None, 1, [], {}, True),
)
DEEP: Final = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
JSON: Final = (
    *(
        b"",
        b"{",
        b"[]",
        b"1",
        b'"a"',
        b"null",
        b"\xff\xfe{}",
        b'{"stage": NaN}',
        b'{"stage": "adam", "seed": Infinity}',
    ),
    *(
        b"[" * 90_000,
        DEEP[:190_000],
        b'{"stage": "' + b"a" * 300_000 + b'"}',
        b'{"stage": ' + b"9" * 5000 + b"}",
        b"\0" * 100,
    ),
    b'{"stage": "adam", "overrides": {"learning_rate": 1e999}}',
    b'{"stage": "adam", "overrides": {"epochs": ' + b"9" * 4000 + b"}}",
)
SETTINGS: Final = ("hidden", "learning_rate", "epochs", "batch_size", "optimizer", "dropout", "seed")
VALUES: Final[tuple[Any, ...]] = (-1, True, "x", [[1]], {"a": 1}, 10**30)
BODIES: Final[tuple[Any, ...]] = (
    {},
    {"stage": None},
    {"stage": 1},
    {"stage": ["adam"]},
    {"stage": "nothing"},
    {"stage": "a" * 100_000},
    {"stage": "\ud800"},
    {"stage": "adam", "overrides": []},
    {"stage": "adam", "overrides": {"nothing": 1}},
    {"stage": "adam", "overrides": {"": 1}},
    {"stage": "adam", "overrides": {"flatten": False}},
    {"stage": "adam", "overrides": {"hidden": [100_000, 100_000]}},
    {"stage": "adam", "overrides": {"hidden": [8] * 5000}},
    {"stage": "adam", "overrides": {"activation": "__import__('os')"}},
    {"stage": "adam", "overrides": {"initializer": ["zeros"]}},
    {"stage": "adam", "overrides": {"batch_norm": 1}},
    {"stage": "adam", "overrides": {"nesterov": "no"}},
    {"stage": "adam", "overrides": {"patience": 0.5}},
    {"stage": "adam", "seed": "x"},
    {"stage": "adam", "seed": -1},
    {"stage": "adam", "paused": 1},
    {"resume": "../.."},
    {"resume": "linked"},
    {"resume": {}},
    {"resume": "latest", "more_epochs": -1},
)
PIXELS: Final[tuple[Any, ...]] = (
    *(
        None,
        [],
        5,
        "a" * 784,
        {},
        [0] * 783,
        [0] * 785,
        [-1] * 784,
        [256] * 784,
        ["0"] * 784,
        [True] * 784,
        [[0]] * 784,
    ),
    *([1e308] * 784, [None] * 784),
)


def _changed(name: str, value: Any) -> dict[str, Any]:
    return {"stage": "adam", "overrides": {name: value}}


def _asked(model: Any) -> Send:
    return as_json("/api/predictions", {"model": model, "pixels": [0] * 784})


def _pixels(pixels: Any) -> Send:
    return as_json("/api/predictions", {"model": "softmax", "pixels": pixels})


def _without(client: Client, name: bytes) -> bytes:
    lines = client.head().split(b"\r\n")
    return client.raw(b"\r\n".join(each for each in lines if not each.startswith(name)), LONG)


def _twice(client: Client, line: bytes) -> bytes:
    first, rest = client.head(connection="close").split(b"\r\n", 1)
    return client.raw(first + b"\r\n" + line + b"\r\n" + rest, LONG)


def png(width: int, height: int, rows: bytes) -> bytes:
    """Return a PNG whose header promises a size, whatever `rows` has."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def saved(form: str, size: int = 16) -> bytes:
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (size, size, 3), np.uint8)
    Image.fromarray(noise).save(stream, form, **({"progressive": True} if form == "JPEG" else {}))
    return stream.getvalue()


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield files that are no pictures, or none that should be decoded."""
    jpeg = saved("JPEG")
    scan = jpeg[jpeg.index(b"\xff\xda") : jpeg.rindex(b"\xff\xd9")]
    whole = saved("PNG")
    yield "a bomb.png", png(60_000, 60_000, bytes(10_000_000))
    yield "a negative size.png", png(1 << 31, 1, b"")
    yield "no pixels.png", png(0, 0, b"")
    yield "too few rows.png", png(3000, 3000, b"abc")
    yield "10,000 scans.jpg", jpeg[: jpeg.index(b"\xff\xda")] + scan * 10_000 + b"\xff\xd9"
    yield "half.png", whole[: len(whole) // 2]
    yield "zeros.png", bytes(1000)
    yield "empty.png", b""
    yield "hdf5.png", b"\x89HDF\r\n\x1a\n" + bytes(1000)
    yield "zip.png", b"PK\x03\x04" + bytes(1000)
    yield "eps.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
    yield "svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
    yield "../../../tmp/x.png", b"text"
    yield "a\0b.png", b"text"
    yield "long" * 1000, b"text"
    yield "heic.png", b"\0\0\0\x18ftypheic" + bytes(1000)


def sizes() -> Iterator[Attack]:
    """Yield requests that are larger or slower than they may be, or whose parts do not agree."""
    large = 17_000_000
    yield Attack("17 MB", body("/api/predictions", bytes(large)), (413,))
    yield Attack("a length of 17 MB, and no body", head("POST", "/api/trainings", content_length=str(large)), (413,))
    yield Attack("a length of 10**30", head("POST", "/api/trainings", content_length="1" + "0" * 30), (400, 413))
    yield Attack("a negative length", head("POST", "/api/trainings", content_length="-1"), (400, 413))
    yield Attack("a length in hex", head("POST", "/api/trainings", content_length="0x10"), (400, 413))
    yield Attack("a body that never comes", head("POST", "/api/trainings", content_length="10"), (408, 422))
    yield Attack("two lengths", lambda client: _twice(client, b"content-length: 5\r\ncontent-length: 6"), (400, 413))
    yield Attack("17 MB in chunks", _in_chunks(b"20000\r\n" + bytes(0x20000) + b"\r\n", 130), (408, 413, 422))
    yield Attack("chunks that are none", _in_chunks(b"zz\r\nabc\r\n", 1), (400, 408, 422))
    yield Attack("a head of 100 kB", head("GET", "/", x="a" * 100_000), (400, 431, 0))
    yield Attack("10,000 fields", head("GET", "/", **{f"x{n}": "a" for n in range(10_000)}), (400, 431, 0))
    yield Attack("half a head", lambda client: client.raw(client.head()[:-4], LONG), (400, 408, 0))
    yield Attack("nothing at all", lambda client: client.raw(b"", LONG), (0,))
    yield Attack("nonsense", lambda client: client.raw(b"\x16\x03\x01\x02\x00\x01\r\n\r\n", LONG), (400, 0))
    yield Attack("HTTP/2", lambda client: client.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", LONG), (400, 421, 0))
    yield Attack("a form without an edge", body("/api/predictions", b"a", content_type="multipart/form-data"), (422,))
    edge = "multipart/form-data; boundary=x"
    yield Attack("a form without an end", body("/api/predictions", b"--x\r\n" + b"a" * 9000, content_type=edge), (422,))
    many = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' for _ in range(1000)) + b"--x--\r\n"
    yield Attack("a form of 1,000 fields", body("/api/predictions", many, content_type=edge), (422,))


def _in_chunks(chunk: bytes, count: int) -> Send:
    def send(client: Client) -> bytes:
        start = client.head("/api/predictions", "POST", transfer_encoding="chunked", connection="close")
        return client.raw(start + chunk * count, LONG)

    return send


ATTACKS: Final = tuple(attacks())
