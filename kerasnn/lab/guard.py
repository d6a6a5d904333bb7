"""Who may ask the server: only this start's pages, by token, host and origin, and only within limits of size and time.

Any page that is open in the same browser can send requests to this machine, and a host name that somebody else owns can
point to it. The token keeps the former out, the check of the host the latter.
"""

import asyncio
import hmac
import ipaddress
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kerasnn.lab.complaints import log_bug

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  # listening there is the user's wish, with --host
AUTHORITY: Final = re.compile(r"(?P<name>[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
LARGEST_HEAD: Final = 32_000  # bytes
LARGEST_BODY: Final = 16_000_000  # bytes: a photograph
SLOWEST_BODY: Final = 20.0  # seconds
LARGEST_REST: Final = 32_000_000  # bytes of a refused request that are read, so that its client gets to the answer
SLOWEST_REST: Final = 5.0  # seconds
SAFE: Final = ("GET", "HEAD")
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


@dataclass(frozen=True)
class Door:
    """What opens the server: its `token`, the `host` it listens on, and its `port`."""

    token: str
    host: str
    port: int

    @property
    def cookie(self) -> str:
        """The name of the cookie, with the port: a browser sends cookies to all ports of a host."""
        return f"kerasnn-lab-{self.port}"

    def admits_host(self, header: str) -> bool:
        """Return whether a Host header names this server: loopback, or the address that was asked for."""
        found = AUTHORITY.fullmatch(header)
        if found is None or int(found["port"] or self.port) != self.port:
            return False
        name = found["name"].strip("[]").lower()
        if name in LOOPBACK or name == self.host.lower():
            return True
        return self.host in EVERYWHERE and _is_address(name)  # a name could be rebound to this machine

    def admits_token(self, offered: Iterable[str]) -> bool:
        """Return whether one of the tokens is the right one; how long that takes does not tell how much of it is."""
        return any(hmac.compare_digest(each.encode("utf-8", "replace"), self.token.encode()) for each in offered)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """The ASGI application in front of the lab's own."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in, with the headers that every answer has; answer the rest with a reason."""
        if scope["type"] != "http":
            return
        headers, query = Headers(scope=scope), parse_qs(scope["query_string"].decode("latin-1"))
        in_query = query.get("token", []) if scope["path"] == "/" else []
        refusal = self._refusal(scope, headers, in_query)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(HEADERS)
                answer.setdefault("cache-control", "no-store")
                if refusal is None and in_query:
                    flags = "Path=/; HttpOnly; SameSite=Strict"
                    answer.append("set-cookie", f"{self.door.cookie}={self.door.token}; {flags}")
            await send(message)

        if refusal is not None:
            await _read_rest(receive)
            await refusal(scope, receive, sending)
            return
        try:
            await self.app(scope, _Bounded(receive), sending)
        except Exception as bug:  # `application` has answered, or the answer is broken off here
            log_bug(f"{scope['method']} {scope['path'][:100]}", bug)

    def _refusal(self, scope: Scope, headers: Headers, in_query: list[str]) -> JSONResponse | None:
        door = self.door
        if len(headers.getlist("host")) != 1 or not door.admits_host(headers["host"]):
            return refused(421, "the host is not this server's", "its own address")
        if not door.admits_token([*in_query, *_tokens(headers, door)]):
            return refused(401, "the token is missing or wrong", "the address that kerasnn lab printed")
        page = f"http://{headers['host']}"  # the only one that may ask: not one on another address of this machine
        if headers.get("origin", page).lower() != page.lower():
            return refused(403, "the request comes from another page", "one from the lab's own page")
        if scope["method"] not in SAFE and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return refused(403, "the request comes from another site", "one from the lab's own page")
        return _refused_for_size(scope, headers.get("content-length", "0"))


def _refused_for_size(scope: Scope, length: str) -> JSONResponse | None:
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
        return refused(431, "the head of the request is too large", f"at most {LARGEST_HEAD:,} bytes")
    if not (length.isascii() and length.isdigit() and len(length) < 20) or int(length) > LARGEST_BODY:
        return refused(413, "the request is too large", f"at most {LARGEST_BODY:,} bytes")
    return None


def refused(status: int, message: str, expected: str) -> JSONResponse:
    """Return an error in the form that --json has."""
    error = {"code": 2, "message": message, "expected": expected, "hint": None}
    return JSONResponse({"error": error}, status, {"connection": "close"})


def _tokens(headers: Headers, door: Door) -> list[str]:
    scheme, _space, bearer = headers.get("authorization", "").partition(" ")
    found = [bearer.strip()] if scheme.lower() == "bearer" else []
    # not http.cookies, which gives up at an odd cookie of another program on this machine
    cookies = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
    return [*found, *(value for name, _sign, value in cookies if name == door.cookie)]


async def _read_rest(receive: Receive) -> None:
    """Read what is left of a request, within limits: else the connection is reset before its client sees the answer."""
    left = LARGEST_REST
    with suppress(TimeoutError):
        async with asyncio.timeout(SLOWEST_REST):
            while left > 0 and (message := await receive())["type"] == "http.request" and message.get("more_body"):
                left -= len(message.get("body", b""))


class _Bounded:
    """A body of a request that may be neither too long nor too slow."""

    def __init__(self, receive: Receive) -> None:
        self.receive, self.left = receive, LARGEST_BODY
        self.until: float | None = None
        self.complete = False

    async def __call__(self) -> Message:
        if self.complete:
            return await self.receive()  # whether the client has gone; that may take for ever
        loop = asyncio.get_running_loop()
        self.until = self.until or loop.time() + SLOWEST_BODY
        try:
            message: Any = await asyncio.wait_for(self.receive(), self.until - loop.time())
        except TimeoutError:
            return {"type": "http.disconnect"}
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            return {"type": "http.disconnect"}
        self.complete = not message.get("more_body", False)
        return message  # type: ignore[no-any-return]
