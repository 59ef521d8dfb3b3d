"""A recording of what was sent to a bridge and answered, without any value of the site. Pure.

Lines of JSON: what it is, then one exchange each. Names of fields, addresses below the base, statuses, shapes and
delays are kept; every value is its kind (shapes.py), those of the log-in too.
"""

from typing import Any

import msgspec

from agent.drivers.coder_bridge.learning import variants
from agent.drivers.coder_bridge.learning.shapes import Known, date_pattern, shape
from agent.drivers.coder_bridge.protocol.exchange import Exchange
from agent.drivers.coder_bridge.protocol.profile import Answers
from agent.drivers.coder_bridge.protocol.words import Role
from provisioning.secret import Secret

_ROLES = {variant.value: str(role) for role, all in variants.FIELDS.items() for variant in all} | {"tid": "tid"}
_DATES = (Role.START, Role.END)
_TYPES = frozenset({"application/json", "text/html", "text/plain", "text/json"})


def head() -> bytes:
    """The first line."""
    return _line({"recording": 1, "of": "coder-bridge"})


def line(exchange: Exchange, answers: Answers, site: Known) -> bytes:
    """One exchange."""
    said: dict[str, Any] = {
        "slot": exchange.slot,
        "method": exchange.method,
        "path": "" if site.has_part(exchange.path) else exchange.path,
        "sent": [[name, _sent(name, value, site)] for name, value in exchange.fields.items()],
        "seconds": round(exchange.seconds, 2),
    }
    if exchange.is_lost:
        return _line(said | {"lost": True})
    media = exchange.content_type.partition(";")[0].strip().lower()
    answer = {"status": exchange.status, "type": media if media in _TYPES else "" if not media else "other"}
    return _line(said | answer | {"answer": shape(exchange.body, answers, site)})


def _sent(name: str, value: str | Secret, site: Known) -> str:
    """The kind of a field's value: what its name says, else what it looks like."""
    if isinstance(value, Secret):
        return "secret"
    if not value:
        return "empty"
    pattern, role = date_pattern(value), _ROLES.get(name, "")
    if pattern or role in _DATES:
        return f"{role} date {pattern or ''}".strip()
    return role or site.kind(value) or "text"


def _line(table: dict[str, Any]) -> bytes:
    return msgspec.json.encode(table) + b"\n"
