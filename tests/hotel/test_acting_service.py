"""The page that acts of the running agent: its certificate is made again in time, and presented at once."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import trio
from msgspec.structs import replace
from trio.testing import MockClock

from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.control.words.events import StepTaken
from agent.health.health import Health
from agent.hotel.acting_certificate import AGAIN_SECONDS, LOOK_SECONDS
from agent.hotel.acting_place import ActingPlace
from agent.hotel.acting_service import ActingService, Agent
from agent.status.acting import certificate
from tests.control.fake_hotel import FakeHotel, FakeRows
from tests.provisioning.text import good, minimal
from tests.status.samples import snapshot

pytestmark = pytest.mark.needs("openssl")
PASSWORD = "canary wicker boat 33"
PATIENCE = 20.0  # s
BUSY = 1.0  # s that openssl and a machine may take which does much else at the same time
MADE, LAST_DAY = datetime(2030, 5, 1, 12, tzinfo=UTC), datetime(2039, 12, 31, 12, tzinfo=UTC)


class Box:
    """A service, and what its agent was told. `wall` is the box's own time."""

    def __init__(self, folder: Path, clock: MockClock) -> None:
        self.folder, self._clock = folder, clock
        self.wall, self.place = MADE, ActingPlace()
        self.health, hub = Health(trio.current_time), Hub()
        self.said: list[str] = []
        self._news = trio.Event()
        hub.listen(lambda event: self._hear(event.text) if isinstance(event, StepTaken) else None)
        self.health.on_change = lambda *_: self._happens()
        file = good(minimal(add=f'[page]\nacting = "127.0.0.1:443"\npassword = "{PASSWORD}"\n'))
        file = replace(file, page=replace(file.page, acting="127.0.0.1:0"))  # any free port
        agent = Agent(
            config=folder / "provisioning.toml",
            state=folder,
            host_name="aurora-desk",
            health=self.health,
            hub=hub,
            file=lambda: file,
            wait_read=trio.sleep_forever,
            snapshot=snapshot,
            paused=tuple,
            show=self._show,
            looks_at=str,
            language=lambda _: "en",
            wall=lambda: self.wall,
        )
        desk = Desk(FakeHotel(), hub, Acts(FakeRows(), hub, lambda: 7))
        self.service = ActingService(agent, desk, folder / "no-helper")

    async def wait_said(self, words: str) -> None:
        with trio.fail_after(PATIENCE):
            while not any(words in line for line in self.said):
                await self._news.wait()

    async def wait_place(self, other_than: ActingPlace) -> ActingPlace:
        with trio.fail_after(PATIENCE):
            while self.place in (other_than, ActingPlace()):
                await self._news.wait()
        return self.place

    async def looks_at_its_certificate(self) -> None:
        """A look becomes due, and is over when something is told of it."""
        self._clock.jump(LOOK_SECONDS)
        with trio.fail_after(PATIENCE):
            await self._news.wait()

    async def presented(self) -> str:
        """The fingerprint that a new connection meets."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host, _, port = self.place.listens_at.rpartition(":")
        line = trio.SSLStream(await trio.open_tcp_stream(host, int(port)), context, https_compatible=True)
        async with line:
            await line.do_handshake()
            shown = sha256(line.getpeercert(binary_form=True) or b"").hexdigest().upper()
        return ":".join(shown[at : at + 2] for at in range(0, 64, 2))

    def codes(self) -> set[str]:
        return {fault.kind.code for fault in self.health.active()}

    def _hear(self, text: str) -> None:
        self.said.append(text)
        self._happens()

    def _show(self, place: ActingPlace) -> None:
        self.place = place
        self._happens()

    def _happens(self) -> None:
        news, self._news = self._news, trio.Event()
        news.set()


@pytest.fixture
async def box(tmp_path: Path, mock_clock: MockClock) -> AsyncIterator[Box]:
    mock_clock.rate = 1.0  # sockets and openssl take their time; a test skips hours by a jump
    box = Box(tmp_path, mock_clock)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.service.serve)
        await box.wait_said("page for acting at")
        yield box
        nursery.cancel_scope.cancel()


async def test_one_that_runs_out_is_replaced_and_no_one_has_to_restart_or_to_log_in_again(
    box: Box, mock_clock: MockClock
) -> None:
    before, shown = box.place, await box.presented()
    assert shown == before.fingerprint
    url = f"https://{before.listens_at}"
    async with httpx.AsyncClient(verify=False, base_url=url, timeout=PATIENCE, trust_env=False) as web:
        headers = {"Origin": url}
        assert (await web.post("/login", data={"password": PASSWORD}, headers=headers)).status_code == 303
        box.wall = LAST_DAY
        await box.looks_at_its_certificate()
        after = await box.wait_place(before)
        assert (await web.get("/")).status_code == 200
    assert after.listens_at == before.listens_at
    assert await box.presented() == after.fingerprint != before.fingerprint
    assert f"because the one before runs out; its SHA-256 is {after.fingerprint}" in box.said[-1]
    assert sum("page for acting at" in line for line in box.said) == 1


async def test_one_that_counts_stays(box: Box, mock_clock: MockClock) -> None:
    before = box.place
    await box.looks_at_its_certificate()
    assert (box.place, await box.presented()) == (before, before.fingerprint)


async def test_where_no_other_one_can_be_made_that_is_a_warning_and_the_one_before_is_presented(
    box: Box, mock_clock: MockClock
) -> None:
    before = box.place
    pem = box.folder / certificate.FOLDER / certificate.NAME
    pem.unlink()
    pem.mkdir()  # in the way
    await box.looks_at_its_certificate()
    assert box.codes() == {"E-PAGE-CERTIFICATE"}
    assert (box.place, await box.presented()) == (before, before.fingerprint)
    pem.rmdir()
    mended = trio.current_time()
    after = await box.wait_place(before)
    assert trio.current_time() - mended <= AGAIN_SECONDS + BUSY
    assert box.codes() == set()
    assert await box.presented() == after.fingerprint
