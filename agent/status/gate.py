"""The page's doorkeeper: refuses what no honest reader sends, and puts the security headers on every answer.

- An unknown Host is refused, so that a foreign web page cannot read this one through a DNS name of its own
  that it points at the box (DNS rebinding).
- A body larger than `BODY_BYTES`, or of a length that is not said, is refused before a byte of it is read:
  neither hypercorn nor starlette caps it by itself. HTTP/1.1 framing then holds the client to the length it said.
"""

from collections.abc import Callable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 1024  # a log-in form fits; nothing that is read here needs any

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Gate:
    """Wraps an ASGI application. `box_name` is asked at each request: a new provisioning file may change it."""

    def __init__(self, app: ASGIApp, box_name: Callable[[], str]) -> None:
        self._app = app
        self._box_name = box_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._refusal(Headers(scope=scope)) or self._app
        await app(scope, receive, _with_headers(send))

    def _refusal(self, headers: Headers) -> ASGIApp | None:
        name = self._box_name()
        if not is_known_host(headers.get("host", ""), name):
            return _sentence(421, f"The box is not known by that name: use its IP address{_or_name(name)}.")
        if "transfer-encoding" in headers:
            return _sentence(411, "A request with a body must say its length (Content-Length).")
        if int(headers.get("content-length", "0")) > BODY_BYTES:  # the HTTP parser let only digits through
            return _sentence(413, f"A request to this box has at most {BODY_BYTES} bytes.")
        return None


def is_known_host(header: str, box_name: str) -> bool:
    """Whether a Host header (`name`, `name:port`, `[address]:port`) names this box: its name, or any IP address.

    A page of somebody else's cannot make a browser send an address that is not the page's own.
    """
    host = _without_port(header).lower().removesuffix(".")
    names = {"localhost"}
    if box_name:
        names |= {box_name.lower(), f"{box_name.lower()}.local"}
    return host in names or _is_address(host)


def _without_port(header: str) -> str:
    if header.startswith("["):
        address, bracket, _ = header[1:].partition("]")
        return address if bracket else ""
    return header.partition(":")[0]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _or_name(name: str) -> str:
    return f", or http://{name}.local/" if name else ""


def _sentence(status: int, text: str) -> ASGIApp:
    return PlainTextResponse(text + "\n", status_code=status)


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
