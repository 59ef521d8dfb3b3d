"""Whether a call is signed as the web API wants it: five lines, HMAC-SHA1 with the session's key.

Must never mend what came over the wire: it is compared as it was received (reference/visionline.md section 3).
"""

import hmac
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import md5, sha1
from urllib.parse import unquote

from agent.simulators.base.replies import Request
from agent.simulators.visionline.switches import SignedDate, SignedTarget

_SCHEME = "AWS"
_AAH = "x-aah-date"


def content_md5(body: bytes) -> str:
    """What Content-MD5 has to be: Base64 of the binary digest."""
    return b64encode(md5(body, usedforsecurity=False).digest()).decode("ascii")


def text_to_sign(method: str, md5_text: str, content_type: str, date_line: str, target: str) -> str:
    """The five lines."""
    return "\n".join((method, md5_text, content_type, date_line, target))


def signature(key: str, text: str) -> str:
    """Base64 of the HMAC."""
    return b64encode(hmac.new(key.encode(), text.encode(), sha1).digest()).decode("ascii")


def session_of(request: Request) -> str:
    """The id of the session that a call names, empty for none."""
    return _credential(request)[0]


def is_signed(request: Request, key: str, which: SignedDate, form: SignedTarget) -> bool:
    """Whether the signature is one that this key gives for this call."""
    found = _credential(request)[1].encode()
    headers = request.headers
    return any(
        hmac.compare_digest(found, signature(key, text).encode())
        for text in (
            text_to_sign(
                request.method,
                headers.get("content-md5", ""),
                headers.get("content-type", ""),
                date_line(request, which),
                target,
            )
            for target in _targets(request.target, form)
        )
    )


def date_line(request: Request, which: SignedDate) -> str:
    """Line 4; empty without the header."""
    if _AAH in request.headers and which is not SignedDate.DATE:
        return f"X-Aah-Date:{request.headers[_AAH]}"
    return "" if which is SignedDate.X_AAH_DATE else request.headers.get("date", "")


def date_of(request: Request, which: SignedDate) -> datetime | None:
    """When the call says that it was made; None where it does not, or in no way that can be read."""
    text = date_line(request, which).removeprefix("X-Aah-Date:")
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # what email.utils makes of noise
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date  # -0000


def is_sorted(target: str) -> bool:
    """Whether the parameters of the query are in alphabetical order."""
    names = [part.partition("=")[0] for part in target.partition("?")[2].split("&")]
    return names == sorted(names)


def _credential(request: Request) -> tuple[str, str]:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    session, _, found = rest.partition(":")
    return (session, found) if scheme == _SCHEME else ("", "")


def _targets(target: str, form: SignedTarget) -> tuple[str, ...]:
    match form:
        case SignedTarget.ESCAPED:
            return (target,)
        case SignedTarget.RAW:
            return (unquote(target),)
        case SignedTarget.BOTH:
            return (target, unquote(target))
