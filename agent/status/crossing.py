"""From the page that looks to the one that acts, and back: the other one's address for who opened this one. Pure.

A reader stays with the name by which they asked, where the other page listens at every address; the doorkeeper
(`server/doorkeeper.py`) let no name through that is not the box's own. Addresses of listeners are HOST:PORT.
"""

import re

_PORT = re.compile(r":\d*$")
_EVERY = {"0.0.0.0", "[::]"}  # noqa: S104 - compared, not bound
_USUAL = {"http": "80", "https": "443"}


def acting_url(asked: str, listens_at: str) -> str:
    """Where the page that acts is, for a reader whose Host was `asked`; "" where none is served."""
    return _url("https", asked, listens_at)


def looking_url(asked: str, listens_at: str) -> str:
    """Where the page that looks is; "" where none is served."""
    return _url("http", asked, listens_at)


def _url(scheme: str, asked: str, listens_at: str) -> str:
    if not listens_at:
        return ""
    host, _, port = listens_at.rpartition(":")
    name = _PORT.sub("", asked) if host in _EVERY else host
    return f"{scheme}://{name}/" if port == _USUAL[scheme] else f"{scheme}://{name}:{port}/"
