"""Blots out of a text what a support bundle must not carry, whatever let it in there. Pure.

The parts of a bundle have no place for a secret or a guest to begin with; this is the second lock. It knows the
secrets of the provisioning file by their values, and by their form what Mews' tokens, signed tokens, log-ins in
addresses and e-mail addresses look like.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from agent.foundation.reading.text import without
from provisioning.secret import HIDDEN, Secret

_FORMS = re.compile(
    r"\b[0-9A-F]{32}(?:-[0-9A-F]{16,})?\b"  # a token of Mews: two runs of hexadecimal capitals
    r"|\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}"  # RFC 7519: a JSON Web Token begins with {" in Base64
    r"|(?<=://)[^\s/@\"']{1,200}@"  # user and password in an address
    r"|[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80})+",
    re.ASCII,
)
_AUTHORIZATION = re.compile(r"(?i)\b(authorization:\s*(?:[\w-]+\s+)?|bearer\s+)[\w+/=.~:-]{6,}")


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """`text` without these secrets, as they are and as JSON writes them, and without what looks like one."""
    known = {form for secret in secrets for form in (secret, _in_json(secret))}
    cleaned = without(text, known)
    return _AUTHORIZATION.sub(rf"\1{HIDDEN}", _FORMS.sub(HIDDEN, cleaned))


def secrets_of(value: object) -> Iterator[str]:
    """The texts of all secrets in a file's values."""
    match value:
        case Secret():
            yield value.reveal()
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from secrets_of(getattr(value, name))
        case Mapping():
            for each in value.values():
                yield from secrets_of(each)
        case tuple() | list():
            for each in value:
                yield from secrets_of(each)


def _in_json(secret: str) -> str:
    return msgspec.json.encode(secret).decode()[1:-1]
