"""The certificate of the page that acts, as the running agent has it: made, presented, and made again in time.

Another one is presented to each new connection without a restart of anything: connections and log-ins go on, and
browsers ask their people once more. Must never take a certificate that works away for want of another one.
"""

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import trio

from agent.foundation.errors import NightPorterError, reason_of
from agent.status.acting import certificate

LOOK_SECONDS = 600.0  # s between two looks whether it runs out; it is made again a day before
AGAIN_SECONDS = 2.0  # s, where one was due and could not be made: who mended that waits to see it


class PageCertificate:
    """Below `state`. `wall` is the box's own time; `announce` hears of each that was made, since browsers warn."""

    def __init__(self, state: Path, wall: Callable[[], datetime], announce: Callable[[str], None]) -> None:
        self._state, self._wall, self._announce = state, wall, announce

    async def context(self, names: Sequence[str]) -> ssl.SSLContext:
        """What a listener serves with. Raises `NightPorterError`."""
        await self._ensure(names)
        context = certificate.bare_context()
        self._load(context)
        return context

    async def keep(
        self, names: Sequence[str], context: ssl.SSLContext, told: Callable[[NightPorterError | None], None]
    ) -> None:
        """Have `context` present one that counts, until cancelled. `told` hears after each look: None where all is
        well, else what kept another one from being made; the one before is presented meanwhile.
        """
        pause = LOOK_SECONDS
        while True:
            await trio.sleep(pause)
            try:
                if await self._ensure(names):
                    self._load(context)
            except NightPorterError as trouble:
                told(trouble)
                pause = AGAIN_SECONDS
            else:
                told(None)
                pause = LOOK_SECONDS

    @property
    def fingerprint(self) -> str:
        """As browsers show it; "" where there is none."""
        return certificate.fingerprint(self._path)

    @property
    def last_day(self) -> datetime | None:
        """Until when it is good; None before there is one."""
        return certificate.last_day(self._path)

    @property
    def _path(self) -> Path:
        return self._state / certificate.FOLDER / certificate.NAME

    async def _ensure(self, names: Sequence[str]) -> bool:
        """Whether one was made."""
        made: list[str] = []
        today = self._wall().date()
        await trio.to_thread.run_sync(
            partial(certificate.ensure, self._state, names, today=today, made=made.append)
        )
        for why in made:
            shown = self.fingerprint
            self._announce(f"page for acting: a certificate was made, because {why}; its SHA-256 is {shown}")
        return bool(made)

    def _load(self, context: ssl.SSLContext) -> None:
        try:
            certificate.load(context, self._path)
        except OSError as error:  # it was there a moment ago
            raise NightPorterError(f"The certificate of the page cannot be read ({reason_of(error)}).") from None
