"""The page's doorkeeper: refuses what no honest reader sends, and puts the security headers on every answer.

- An unknown Host is refused (`agent/status/server/host_header.py` says why).
- A page of another origin is refused, where a browser tells of it: it may neither act nor take a stream's place.
- A body larger than `BODY_BYTES`, or of a length that is not said, is refused before a byte of it is read:
  neither h11 nor starlette caps it by itself. HTTP/1.1 framing then holds the client to the length it said.
"""

from collections.abc import Callable, Collection, Mapping

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.status.server.host_header import is_known_host, refusal
from agent.status.server.sentences import Choose, english, sentence

BODY_BYTES = 1024  # a log-in form fits; nothing that is read here needs any

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action {forms}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Rules(msgspec.Struct, frozen=True):
    """What differs from page to page: the most bytes of a request's body by its path, and where its forms may go,
    as the policy has it.
    """

    body_bytes: Callable[[str], int]
    forms: str


LOOKING = Rules(lambda _path: BODY_BYTES, "'self'")  # the search by room, and the log's filter


class Gate:
    """Wraps an ASGI application. The box's name and the `further` ones are asked for at each request: a new
    provisioning file may change them. `language` chooses one by a reader's Accept-Language.
    """

    def __init__(
        self,
        app: ASGIApp,
        box_name: Callable[[], str],
        further: Callable[[], Collection[str]],
        rules: Rules = LOOKING,
        language: Choose = english,
    ) -> None:
        self._app, self._rules, self._language = app, rules, language
        self._headers = {name: value.format(forms=rules.forms) for name, value in _HEADERS.items()}
        self._box_name, self._further = box_name, further

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._refusal(scope, Headers(scope=scope)) or self._app
        await app(scope, receive, _with_headers(send, self._headers))

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        name = self._box_name()
        if not is_known_host(headers.get("host"), name, self._further()):
            return self._sentence(scope, 421, refusal(name))
        if not _is_own_origin(scope, headers):
            return self._sentence(scope, 403, "A page of another address may not ask this box.")
        if "transfer-encoding" in headers:
            return self._sentence(scope, 411, "A request with a body must say its length (Content-Length).")
        most = self._rules.body_bytes(scope["path"])
        if int(headers.get("content-length", "0")) > most:  # the HTTP parser let only digits through
            return self._sentence(scope, 413, f"A request to this box has at most {most} bytes.")
        return None

    def _sentence(self, scope: Scope, status: int, text: str) -> ASGIApp:
        return sentence(scope, self._language, status, text)


def _is_own_origin(scope: Scope, headers: Headers) -> bool:
    """Whether the page that asks came from the address that it asks; what is no browser's page does not say."""
    own = f"{scope['scheme']}://{headers.get('host', '')}"
    return all(origin.lower() == own.lower() for origin in headers.getlist("origin"))


def _with_headers(send: Send, added: Mapping[str, str]) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in added.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
