"""How a request to VisiOnline is signed: five lines, and what is signed is what goes over the wire. No I/O.

Never takes the time itself: the caller reads the clock once, and that one text is signed and sent.
Facts: reference/visionline.md, section 3 (five lines, HMAC-SHA1, the worked examples).
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import md5
from urllib.parse import quote

from msgspec import Struct

from provisioning.model import DateHeader, SignedTarget
from provisioning.secret import Secret

BASE = "/api/v1"
CONTENT_TYPE = "application/json;charset=utf-8"  # signed as it is sent, so it is written in one place
# A kept connection that the server is about to close takes the next request and drops it: a key that surely was
# not cut looks as if it perhaps had been. A connection for each request costs some milliseconds of TLS.
_USUAL = {"Accept": "application/json", "Connection": "close"}


class Session(Struct, frozen=True):
    """A log-in that was answered: its id, which every signed request names, and the key that signs."""

    id: str
    key: Secret


class Rules(Struct, frozen=True):
    """What a site's server expects of a signature."""

    date_header: DateHeader = DateHeader.DATE
    signed_target: SignedTarget = SignedTarget.ESCAPED


class Call(Struct, frozen=True):
    """A request before it is signed. `path` is what goes over the wire behind `/api/v1`, escaped, with its query;
    `plain` is the same without escapes."""

    method: str
    path: str
    plain: str
    body: bytes | None = None


def call(
    method: str, segments: Sequence[str], query: Mapping[str, str] | None = None, body: bytes | None = None
) -> Call:
    """A request to `/api/v1/SEGMENT/...`; the query's names are put in alphabetical order, here and once."""
    pairs = sorted((query or {}).items())
    plain = "/" + "/".join(segments) + _query(pairs)
    escaped = "/" + "/".join(map(_escaped, segments))
    return Call(
        method, escaped + _query([(_escaped(name), _escaped(value)) for name, value in pairs]), plain, body
    )


def written(moment: datetime) -> str:
    """An aware datetime as the signed date: RFC 1123, UTC."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def headers(call: Call, date: str, rules: Rules, session: Session | None) -> dict[str, str]:
    """All headers of a request; without a session (the log-in) it is dated and not signed."""
    lines = _USUAL | {str(rules.date_header): date}
    if call.body is not None:
        lines |= {"Content-Type": CONTENT_TYPE, "Content-MD5": content_md5(call.body)}
    if session is not None:
        lines["Authorization"] = f"AWS {session.id}:{signature(to_sign(call, date, rules), session.key)}"
    return lines


def to_sign(call: Call, date: str, rules: Rules) -> str:
    """The five lines."""
    has_body = call.body is not None
    target = call.path if rules.signed_target is SignedTarget.ESCAPED else call.plain
    return "\n".join(
        (
            call.method,
            content_md5(call.body or b"") if has_body else "",
            CONTENT_TYPE if has_body else "",
            date if rules.date_header is DateHeader.DATE else f"{rules.date_header}:{date}",
            BASE + target,
        )
    )


def signature(text: str, key: Secret) -> str:
    """Base64 of the HMAC-SHA1 over the text."""
    digest = hmac.digest(key.reveal().encode(), text.encode(), "sha1")
    return b64encode(digest).decode("ascii")


def content_md5(body: bytes) -> str:
    """Base64 of the binary MD5 digest."""
    return b64encode(md5(body, usedforsecurity=False).digest()).decode("ascii")


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else ""


def _escaped(text: str) -> str:
    return quote(text, safe="")
