"""`nightporter status --watch`: the page's text again and again. Only looks; a box that is away is waited for.

On a terminal it is drawn in place; elsewhere a new text is printed when something changed beside the time.
"""

import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TextIO

import msgspec
import trio

from agent.foundation import streams
from agent.foundation.errors import NightPorterError
from agent.health.kind import Level
from agent.status import as_text, client
from agent.status.snapshot.snapshot import Snapshot

EVERY_SECONDS = 2.0  # s; a fault is on the page within three
FOLLOWING_SECONDS = 10.0  # s, while the page itself says what changes: its times go on
AGAIN_SECONDS = 5.0  # s between two tries to hear the page's news
LEAST_SECONDS = 0.5  # s between two looks, however much happens
_HOME, _REST_OF_LINE, _REST = "\x1b[H", "\x1b[K", "\x1b[J"  # ECMA-48: CUP, EL, ED
_CLEAR = "\x1b[2J"

Fetch = Callable[[str], Awaitable[Snapshot]]
Follow = Callable[[str, Callable[[], None]], Awaitable[None]]


def run(url: str, out: TextIO, *, is_coloured: bool) -> int:
    """Watch until Ctrl-C, or until the reader is gone. The exit code is the last look's: 1 for a fault, else 0.

    Raises `UserMistake` for an address that cannot be one.
    """
    client.base_of(url)
    watch = Watch(url, out, is_coloured=is_coloured, follow=client.follow)
    try:
        trio.run(watch.run)
    except* KeyboardInterrupt:  # out of a nursery it comes in a group
        out.write("\n" if watch.is_terminal else "")
    return watch.exit_code


class Watch:
    """`fetch`, `follow` (None: there is none) and `wall` (the time here) stand for the world; `size` gives columns
    and lines of the terminal."""

    def __init__(
        self,
        url: str,
        out: TextIO,
        *,
        is_coloured: bool = False,
        fetch: Fetch = client.fetch,
        follow: Follow | None = None,
        wall: Callable[[], datetime] = datetime.now,
        size: Callable[[], tuple[int, int]] = shutil.get_terminal_size,
    ) -> None:
        self._url, self._out, self._is_coloured = url, out, is_coloured
        self._fetch, self._follow, self._wall, self._size = fetch, follow, wall, size
        self._news = trio.Event()
        self._is_following = False
        self.is_terminal = out.isatty()
        self._last: Snapshot | None = None
        self._away: datetime | None = None
        self._shown: object = None

    @property
    def exit_code(self) -> int:
        """As without watching: 1 where the last look found a fault, or the box was not reached."""
        is_fault = self._last is None or self._last.summary.level is Level.FAULT
        return 1 if is_fault or self._away is not None else 0

    async def run(self) -> None:
        """Look and show, until cancelled or until the reader is gone."""
        if self.is_terminal:
            self._out.write(_CLEAR)
        async with trio.open_nursery() as nursery:
            if self._follow is not None:
                nursery.start_soon(self._hear_news, self._follow)
            while streams.loss(self._out) is None:
                await self._look()
                await self._wait()
            nursery.cancel_scope.cancel()

    async def _wait(self) -> None:
        """Until something is new, or it is time to look all the same."""
        if not self._is_following:
            with trio.move_on_after(EVERY_SECONDS):
                await self._news.wait()
        else:
            await trio.sleep(LEAST_SECONDS)
            with trio.move_on_after(FOLLOWING_SECONDS - LEAST_SECONDS):
                await self._news.wait()
        self._news = trio.Event()

    async def _hear_news(self, follow: Follow) -> None:
        """Again and again: an older box has no news, and one that starts again ends them."""
        while True:
            try:
                await follow(self._url, self._hear)
            except NightPorterError:
                self._is_following = False  # the next look says what is wrong, if anything is
            self._news.set()
            await trio.sleep(AGAIN_SECONDS)

    def _hear(self) -> None:
        self._is_following = True
        self._news.set()

    async def _look(self) -> None:
        try:
            self._last = await self._fetch(self._url)
        except NightPorterError as error:
            self._away = self._away or self._wall()
            self._show(f"Not reached since {self._away:%H:%M:%S}, trying again. {error}\n")
        else:
            self._away = None
            self._show("")

    def _show(self, trouble: str) -> None:
        if self.is_terminal:
            columns, lines = self._size()
            text = self._text(columns, is_coloured=self._is_coloured)
            before = "How it was before:\n" if trouble and text else ""
            self._out.write(in_place(_fold(trouble, columns) + before + text, lines))
        else:
            now = (self._away, None if trouble else self._last and essence(self._last))
            if now != self._shown:
                self._shown = now
                self._out.write(f"{trouble or self._text(as_text.COLUMNS, is_coloured=False)}\n")
        self._out.flush()

    def _text(self, columns: int, *, is_coloured: bool) -> str:
        if self._last is None:
            return ""
        return as_text.render(self._last, max(streams.LEAST_COLUMNS, columns), is_coloured=is_coloured)


def in_place(text: str, lines: int) -> str:
    """What draws the text over what is on a terminal of so many lines; what does not fit is counted."""
    rows, most = text.splitlines(), max(2, lines - 1)
    if len(rows) > most:
        rows = [*rows[: most - 1], f"({len(rows) - most + 1} more lines: make the window higher)"]
    return _HOME + "".join(f"{row}{_REST_OF_LINE}\r\n" for row in rows) + _REST


def essence(snapshot: Snapshot) -> Snapshot:
    """The snapshot without what changes by itself, second by second.

    Since when something holds is reckoned back from now, and may move by a second from look to look.
    """
    replace = msgspec.structs.replace
    recent = tuple(
        replace(line, note="") if line.state.lower() == "waiting" else line for line in snapshot.commands.recent
    )
    return replace(
        snapshot,
        box=replace(snapshot.box, time="", uptime_seconds=0),
        hops=tuple(replace(hop, since="", last_answer="", next_try="") for hop in snapshot.hops),
        faults=tuple(replace(fault, since="") for fault in snapshot.faults),
        under_way=tuple(replace(work, since="") for work in snapshot.under_way),
        commands=replace(snapshot.commands, recent=recent),
        history=(),
        network=replace(snapshot.network, clock_offset_mews=None, clock_offset_ntp=None),
    )


def _fold(trouble: str, columns: int) -> str:
    """On lines that fit, so that lines can be counted."""
    lines, line = [], ""
    for word in trouble.split():
        if line and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "".join(f"{each}\n" for each in (*lines, line) if each)
