"""Asks a box how it is: the other end of `/status.json`, for `nightporter status`.

What answers may be anything: it is bounded in time and size, and decoded into the contract or refused.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

import msgspec

from agent.foundation.errors import CallFailed, NightPorterError, UserMistake
from agent.foundation.http import Answer, Peer
from agent.foundation.reading.text import plain
from agent.status.snapshot.snapshot import Snapshot

DEFAULT_URL = "http://127.0.0.1:80/"
DEADLINE_SECONDS = 5.0  # s; the page is made in milliseconds, the rest is the way there
CAP_BYTES = 2_000_000  # bytes; a snapshot with 500 orders is 100 KB, and under 1 MB with the longest words

FOLLOW_SECONDS = 3600.0  # s of one listening; then the next begins
QUIET_SECONDS = 15.0  # s; the page says something every five, if only that nothing is new
FOLLOW_BYTES = 1_000_000_000  # bytes of one listening; they are heard and not kept

_IPV6 = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")  # as people write it, without brackets
# An IPv6 address, or a name in labels of up to 63 characters. An encoded umlaut (xn--) is in no box's name.
_LABEL = r"(?!xn--)[a-z0-9_-]{1,63}"
_HOST = re.compile(rf"[0-9a-f:.]*:[0-9a-f:.]*|{_LABEL}(\.{_LABEL}){{0,8}}\.?")


async def follow(url: str, tell: Callable[[], None]) -> None:
    """Listen to the page's own news, and `tell` whenever something on it changed; for an hour at most.

    Raises `UserMistake` as `fetch` does, `NightPorterError` when the page has no such news, or they broke off.
    """
    base = base_of(url)
    async with Peer(base, connections=1) as peer:
        try:
            answer = await peer.call(
                *("GET", "/events"),
                deadline=FOLLOW_SECONDS,
                silence=QUIET_SECONDS,
                cap=FOLLOW_BYTES,
                sink=News(tell),
            )
        except CallFailed as failure:
            raise NightPorterError(f"{base} tells no news: {failure.reason}.") from None
    if answer.status != 200:
        raise NightPorterError(f"{base} tells no news: it answers with status {answer.status}.")


class News:
    """Hears what `/events` sends (`agent/status/live/routes.py`), and keeps nothing of it."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._end = b""  # of the piece before: a name may come in two

    def expect(self, size: int | None) -> None:
        """It begins, with the whole page."""

    def take(self, piece: bytes) -> None:
        """Tell of each change."""
        heard = self._end + piece
        self._end = heard[-len(_CHANGE) + 1 :]
        if _CHANGE in heard:
            self._tell()


_CHANGE = b"event: panels\n"


async def fetch(url: str = DEFAULT_URL) -> Snapshot:
    """The box's snapshot; `url` is the page's address as people write it (`base_of`).

    Raises `UserMistake` for an address that cannot be one, `NightPorterError` when no snapshot comes back;
    both are one sentence.
    """
    base = base_of(url)
    async with Peer(base, connections=1) as peer:
        try:
            answer = await peer.call("GET", "/status.json", deadline=DEADLINE_SECONDS, cap=CAP_BYTES)
        except CallFailed as failure:
            raise NightPorterError(
                f"{base} gives no answer: {failure.reason}. Is the box on, and is that the page's address?"
            ) from None
    return _snapshot(base, answer)


def base_of(url: str) -> str:
    """Scheme, host and port of a page's address (a URL, HOST or HOST:PORT).

    Raises `UserMistake`, saying what to write.
    """
    parts = _split(_with_scheme(url.strip()))
    if parts is None or parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.hostname or ""):
        raise UserMistake(f"{plain(url, 100)!r} is not a page's address: write it like http://10.4.5.20/.")
    if "@" in parts.netloc:
        raise UserMistake("The page needs no log-in: write its address without user and password.")
    if parts.path.removeprefix("/") not in ("", "status.json") or parts.query or parts.fragment:
        raise UserMistake(f"Write the page's address alone: {parts.scheme}://{parts.netloc}/.")
    return f"{parts.scheme}://{parts.netloc}"


def _with_scheme(address: str) -> str:
    if "://" in address or address.lower().startswith(("http:", "https:")):  # the latter with a slash too few
        return address
    return f"http://[{address}]" if _IPV6.fullmatch(address) else f"http://{address}"


def _split(url: str) -> SplitResult | None:
    """The parts of a URL, or None where it has none: blanks, a port that is no port, half an IPv6 address."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def _snapshot(base: str, answer: Answer) -> Snapshot:
    if answer.status == 421:
        raise NightPorterError(f"The box does not go by the name in {base}: use its IP address instead.")
    if answer.status not in (200, 503):  # 503: the agent is not there, and the box says so in a snapshot
        raise NightPorterError(
            f"{base} answers with status {answer.status} instead of a snapshot: is that a Night Porter box?"
        )
    try:
        return msgspec.json.decode(answer.body, type=Snapshot)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NightPorterError(
            f"What {base} answers is not a Night Porter snapshot: is it a box, of a version like this one?"
        ) from None
