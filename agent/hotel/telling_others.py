"""[telemetry]: figures by remote-write and red and green by a webhook, for as long as a file asks for them.

Loaded only where it does. What is not told yet outlives a new file; the addresses and passwords are the file's.
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import trio

from agent.foundation.http import Peer
from agent.foundation.timing import Clock
from agent.health import box_kinds
from agent.health.health import Health
from agent.health.kind import BOX
from agent.hotel.tally import Tally
from agent.status.snapshot.facts import UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot
from agent.status.snapshot.words import span
from agent.status.telemetry.figures import Figures
from agent.status.telemetry.metrics import families
from agent.status.telemetry.ring import Ring
from agent.status.telemetry.write_request import series_of
from agent.status.telling.remote_write import RemoteWrite
from agent.status.telling.webhook import Told, Webhook
from provisioning.model import Telemetry
from provisioning.secret import Secret

OpenPeer = Callable[[str], Peer]


class TellingOthers:
    """`figures` and `snapshot` are asked each time that something is told; `now` is the time by Mews' clock, and
    `announce` hears what is worth a line of the log."""

    def __init__(
        self,
        health: Health,
        tally: Tally,
        snapshot: Callable[[], Snapshot],
        figures: Callable[[], Figures],
        *,
        clock: Clock,
        now: Callable[[], datetime],
        open_peer: OpenPeer,
        announce: Callable[[str], None],
    ) -> None:
        self._health, self._snapshot, self._figures = health, snapshot, figures
        self._clock, self._now, self._open_peer = clock, now, open_peer
        self._announce = announce
        self._ring = Ring()
        self._refused = 0  # samples, by the addresses of earlier files
        self._told: dict[Secret, Told] = {}
        self._write: RemoteWrite | None = None
        self._hook: Told | None = None
        tally.samples_dropped = self._samples_dropped

    async def run(self, setting: Telemetry, name: str) -> None:
        """All that this file asks for, until cancelled; `name` is the box's."""
        try:
            async with trio.open_nursery() as nursery:
                if setting.remote_write is not None:
                    nursery.start_soon(self._run_write, setting, setting.remote_write, name)
                if setting.webhook is not None:
                    nursery.start_soon(self._run_hook, setting, setting.webhook)
        finally:
            kinds = (box_kinds.TELEMETRY_LATE, box_kinds.TELEMETRY_REFUSED, box_kinds.TELEMETRY_WEBHOOK)
            self._health.clear(BOX, *kinds)

    def lines(self) -> tuple[UpkeepFacts, ...]:
        """What the page says of it."""
        lines = []
        if self._write is not None:
            lines.append(UpkeepFacts("telemetry", "Figures for others", self._of_write(self._write)))
        if self._hook is not None:
            lines.append(UpkeepFacts("webhook", "Red and green for others", _of_hook(self._hook)))
        return tuple(lines)

    async def _run_write(self, setting: Telemetry, address: str, name: str) -> None:
        base, path = _parts(address)
        async with self._open_peer(base) as peer:
            self._write = RemoteWrite(
                *(peer, path, self._ring, lambda: series_of(families(self._snapshot(), self._figures()))),
                self._health,
                common={"job": "nightporter", "instance": name},
                headers=_agent_header(self._snapshot()) | _authorised(setting),
                clock=self._clock,
                now=self._now,
                announce=self._announce,
            )
            try:
                await self._write.run()
            finally:
                self._refused += self._write.refused
                self._write = None

    async def _run_hook(self, setting: Telemetry, address: Secret) -> None:
        base, path = _parts(address.reveal())
        self._hook = told = self._told.setdefault(address, Told())
        self._told = {address: told}
        async with self._open_peer(base) as peer:
            headers = _agent_header(self._snapshot()) | _bearer(setting.webhook_token)
            hook = Webhook(
                *(peer, path, told, self._snapshot, self._health),
                headers=headers,
                clock=self._clock,
                now=self._now,
            )
            try:
                await hook.run()
            finally:
                self._hook = None

    def _samples_dropped(self) -> int:
        return self._ring.dropped + self._refused + (self._write.refused if self._write else 0)

    def _of_write(self, write: RemoteWrite) -> str:
        if write.last_taken is None:
            return "Not taken yet."
        last = f"Taken {span(int(self._clock() - write.last_taken))} ago"
        return f"{last}; {write.waiting} minutes wait." if write.waiting > 1 else f"{last}."


def _of_hook(told: Told) -> str:
    if told.at is None:
        return "Nothing was told yet."
    light = told.light or "a state that perhaps did not arrive"
    return f"Told last: {light}, at {told.at:%Y-%m-%d %H:%M} UTC."


def _parts(address: str) -> tuple[str, str]:
    """Where to connect to, and what to ask for there."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}", parts._replace(scheme="", netloc="").geturl() or "/"


def _agent_header(snapshot: Snapshot) -> dict[str, str]:
    return {"User-Agent": f"NightPorter/{snapshot.box.version}"}


def _authorised(setting: Telemetry) -> dict[str, str]:
    if setting.remote_write_user is None or setting.remote_write_password is None:
        return _bearer(setting.remote_write_token)
    pair = f"{setting.remote_write_user}:{setting.remote_write_password.reveal()}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _bearer(token: Secret | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token.reveal()}"}
