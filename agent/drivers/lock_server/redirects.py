"""Where a web server sends its callers instead of answering, and whether it surely did nothing itself. No I/O.

A redirect is never followed: it would carry the account or a key's order to an address that no one wrote down.
RFC 9110, section 15.4.
"""

from urllib.parse import SplitResult, urljoin, urlsplit

from msgspec import Struct

from agent.foundation.errors import CallFailed
from agent.foundation.reading.text import plain

_STATUSES = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_LENGTH = 100  # characters of an address


class Moved(Struct, frozen=True):
    """A redirect. `server` is where to: `https://host:port`, cleaned, no credentials; empty if that is unreadable.

    `is_untouched`: it asks for the very same request at another server or by another scheme, so that this one
    surely did not carry it out. Other redirects may follow an act (a form's "now look there").
    """

    server: str
    is_untouched: bool


class Redirected(CallFailed):
    """The server sends the log-in somewhere else; `server` as in `Moved`."""

    def __init__(self, moved: Moved) -> None:
        super().__init__(words(moved))
        self.server = moved.server


def moved(status: int, location: str, url: str) -> Moved | None:
    """What an answer with this status and `Location` to a request for `url` says; None if it is no redirect."""
    if status not in _STATUSES:
        return None
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        elsewhere = _server(there) != _server(here)
        is_same = (there.path, there.query) == (here.path, here.query)
        return Moved(_server(there), status != 303 and elsewhere and is_same)
    except ValueError:  # no address at all
        return Moved("", False)


def words(moved: Moved) -> str:
    """What was seen, in words."""
    return f"it sends callers on to {moved.server}" if moved.server else "it sends callers elsewhere"


def _server(address: SplitResult) -> str:
    host, port = address.hostname or "", address.port or _PORTS.get(address.scheme)
    if not host or port is None:
        raise ValueError("no server")
    return plain(f"{address.scheme}://{f'[{host}]' if ':' in host else host}:{port}", _LENGTH)
