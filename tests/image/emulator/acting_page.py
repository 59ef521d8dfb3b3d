"""The page that acts, as an installer's browser uses it: over TLS, with its cookie, form after form.

The certificate is signed by no one that a browser knows, so it is taken as it is, and compared by its fingerprint.
"""

import re
import ssl
from contextlib import closing
from hashlib import sha256
from html import unescape
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlencode

import msgspec

from tests.image.emulator.lan import BOX
from tests.image.emulator.patience import until

_CONNECT_SECONDS = 5.0  # s; a handshake on an emulated processor, and no address while a machine starts
_ANSWER_SECONDS = 60.0  # s; scrypt takes 50 ms on a real machine
_TRY_SECONDS = (
    120.0  # s; a page that has its share of a loaded processor hangs up on what it cannot answer in time
)
_QUESTIONS = ("/sure", "/restart")  # where the page asks whether it is meant
_LOOK_SECONDS = 1.0  # s between two looks whether an act is over, as without a script


class Answer(msgspec.Struct, frozen=True):
    """Of one request. `place` is where it leads on to, "" where it leads nowhere."""

    status: int
    content: bytes
    place: str = ""

    @property
    def text(self) -> str:
        """A page in the letters that a person sees."""
        return unescape(self.content.decode(errors="replace"))


class ActingPage:
    """At an address; its cookie is kept from one request to the next."""

    def __init__(self, address: str = BOX, port: int = 443) -> None:
        self._address, self._port = address, port
        self._cookie = ""

    def certificate(self) -> str:
        """The SHA-256 that a new connection meets, as browsers show it; "" while nothing answers in TLS."""
        try:
            with closing(self._line()) as line:
                der = line.sock.getpeercert(binary_form=True)
        except (OSError, HTTPException):
            return ""
        shown = sha256(der or b"").hexdigest().upper()
        return ":".join(shown[at : at + 2] for at in range(0, len(shown), 2))

    def get(self, path: str = "/") -> Answer:
        """Asked again where it is refused, too late, or cut off in the middle. Raises `NeverCame`."""
        return self._ask("GET", path, {})

    def post(self, path: str, **form: str) -> Answer:
        """Send a form as it is; again as in `get`, for a form that comes twice is one act."""
        return self._ask("POST", path, form)

    def send(self, path: str, page: str = "/", **form: str) -> Answer:
        """Send a form of a page, with the token that the page has for it, and a yes where that is asked for."""
        answer = self.post(path, token=_token(self.get(page).text, path), **form)
        if not answer.place.startswith(_QUESTIONS):
            return answer
        return self.post(path, token=_token(self.get(answer.place).text, path), yes="yes", **form)

    def log_in(self, password: str) -> int:
        """The answer's status: 303 for the right one."""
        return self.post("/login", password=password).status

    def act(self, **form: str) -> str:
        """Have an act done; where that is, for `end`."""
        answer = self.send("/act", **form)
        assert answer.status == 303, answer.text
        return answer.place

    def end(self, place: str, seconds: float) -> str:
        """The page of an act once it is over."""

        def look() -> str | None:
            text = self.get(place).text
            return None if "Under way" in text else text

        return until(look, seconds, f"the end of the act at {place}", _LOOK_SECONDS)

    def _ask(self, method: str, path: str, form: dict[str, str]) -> Answer:
        def look() -> Answer | None:
            try:
                return self._ask_once(method, path, form)
            except (OSError, HTTPException):
                return None

        return until(look, _TRY_SECONDS, f"an answer to {method} {path}", _LOOK_SECONDS)

    def _ask_once(self, method: str, path: str, form: dict[str, str]) -> Answer:
        with closing(self._line()) as line:
            headers = {"Cookie": self._cookie} if self._cookie else {}
            if method == "POST":
                headers |= {"Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"}
            line.request(method, path, urlencode(form) if method == "POST" else None, headers)
            answer = line.getresponse()
            cookie = answer.getheader("Set-Cookie", "")
            self._cookie = cookie.partition(";")[0] or self._cookie
            return Answer(answer.status, answer.read(), answer.getheader("Location", ""))

    def _line(self) -> HTTPSConnection:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line = HTTPSConnection(self._address, self._port, timeout=_CONNECT_SECONDS, context=context)
        line.connect()
        line.sock.settimeout(_ANSWER_SECONDS)
        return line

    @property
    def _origin(self) -> str:
        return f"https://{self._address}" + ("" if self._port == 443 else f":{self._port}")


def _token(page: str, action: str) -> str:
    found = re.search(rf'action="{re.escape(action)}".*?name="token" value="([^"]+)"', page, re.DOTALL)
    assert found, f"no form for {action} in: {page}"
    return found[1]
