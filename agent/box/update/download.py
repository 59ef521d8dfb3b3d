"""Fetches an update bundle from a web server into a file, through the one way out (`agent/foundation/http.py`).

Plain http is allowed, because the signature is checked afterwards, and nothing secret is sent. Redirects are not
followed: what is fetched is what was named.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urlsplit

import trio

from agent.foundation.errors import CallFailed, NightPorterError, UserMistake, reason_of
from agent.foundation.http import Peer

MOST_BYTES = 640 * 1024 * 1024  # bytes; a root slot has 512 MB and a kernel slot 96
ALL_SECONDS = 3600.0  # s; 230 MB at 0.5 Mbit/s
SILENT_SECONDS = 60.0  # s without a byte
RESERVE_BYTES = 64 * 1024 * 1024  # bytes that stay free on /data: the journal needs room while we fetch


def is_url(source: str) -> bool:
    """Whether this is a web address, as opposed to a file."""
    return source.lower().startswith(("http://", "https://"))


async def fetch(url: str, path: Path, tell: Callable[[str], None], *, silent: float = SILENT_SECONDS) -> None:
    """The file at `url`, whole and synced, in `path`; `tell` hears how far it is.

    Raises `UserMistake` for an address that cannot be one or has no such file, `NightPorterError` for a transfer
    that broke or a disk that is full; nothing is left then.
    """
    parts = _split(url)
    with BundleFile(path, tell) as bundle:
        await _get(parts, bundle, silent)


async def _get(parts: SplitResult, bundle: "BundleFile", silent: float) -> None:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    async with Peer(f"{parts.scheme}://{parts.netloc}", connections=1) as peer:
        with trio.move_on_after(silent) as silence:
            bundle.heard = lambda: _prolong(silence, silent)
            try:
                answer = await peer.call("GET", path, deadline=ALL_SECONDS, cap=MOST_BYTES, sink=bundle)
            except CallFailed as failure:
                raise NightPorterError(f"The bundle could not be fetched: {failure.reason}.") from None
    if silence.cancelled_caught:
        raise NightPorterError(f"The bundle could not be fetched: nothing came for {silent:g} s.")
    if 300 <= answer.status < 400:
        raise UserMistake("That address only points to another one: write the address of the bundle itself.")
    if answer.status != 200:
        raise UserMistake(f"There is no bundle at that address: the server answers with status {answer.status}.")
    bundle.finish()


def _prolong(scope: trio.CancelScope, seconds: float) -> None:
    scope.deadline = trio.current_time() + seconds


def _split(url: str) -> SplitResult:
    wrong = UserMistake("That is no address of a bundle: write it like http://10.4.5.9/nightporter-amd64.raucb.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - urlsplit checks a port only when asked for it
    except ValueError:
        raise wrong from None
    if not parts.hostname or parts.fragment:
        raise wrong
    if "@" in parts.netloc:
        raise UserMistake("Bundles are fetched without a log-in: write the address without user and password.")
    return parts


class BundleFile:
    """Writes the pieces into the file as long as there is room, and says every tenth."""

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._size: int | None = None
        self._got = 0
        self._told = 0
        self.heard: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
        except OSError as error:
            raise _full(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a disk that is full says so again
            self._file.close()
        if error is not None:
            self._path.unlink(missing_ok=True)

    def expect(self, size: int | None) -> None:
        self._size = size
        self._need(size or 0)
        words = f"{_megabytes(size)} MB" if size else "a bundle of unknown size"
        self._tell(f"Fetching {words}.")

    def take(self, piece: bytes) -> None:
        self.heard()
        self._need(len(piece))
        try:
            self._file.write(piece)
        except OSError as error:
            raise _full(error) from None
        self._got += len(piece)
        self._say()

    def finish(self) -> None:
        """All is there: make it last."""
        if not self._got:
            raise UserMistake("The file at that address is empty.")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _full(error) from None

    def _need(self, more: int) -> None:
        disk = os.statvfs(self._path.parent)
        free = disk.f_bavail * disk.f_frsize - RESERVE_BYTES
        if free < more:
            size = f" of {_megabytes(self._size)} MB" if self._size else ""
            raise NightPorterError(f"The box's data partition has no room for a bundle{size}.")

    def _say(self) -> None:
        if self._size and self._got * 10 // self._size > self._told:
            self._told = self._got * 10 // self._size
            self._tell(f"Fetching: {self._told * 10} %.")


def _full(error: OSError) -> NightPorterError:
    return NightPorterError(f"The bundle cannot be kept on the data partition: {reason_of(error)}.")


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)
