"""Every act of the page that acts, in German, in a whole hotel in virtual time: its forms, its way, its result."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import trio

from agent.control.acts import By
from agent.control.desk import Desk, Doing
from agent.control.words.messages import Face as FaceName
from agent.control.words.told import Progress, Result
from agent.hotel.app import App
from agent.languages.choice import chosen
from agent.simulators.base.trouble import FaultKind
from agent.status.acting.face import Face
from agent.status.acting.password import Password
from agent.status.acting.under_way import ActsUnderWay
from agent.status.acting.web import ActingPage, acting_app
from agent.status.snapshot.snapshot import Snapshot
from provisioning.secret import Secret
from tests.languages.reading import language_of, same
from tests.print_hotel import PrintHotel

from agent.console.own_file import OwnFile  # isort: skip

PASSWORD = "canary wicker boat 33"
# Names of the hotel's things, and what is typed alike in both languages.
NAMES = re.compile(
    r"^(test|key|seen|pause|resume|lock settle|print test)( \S+)*$"
    r"|(Desk|Bar) \d|BAR\d|aurora-desk|coder-bridge|Coder Bridge|Night Porter|(encoder|printer|lock-server):\S+"
    r"|HTTP \d+|https?://\S+|desk-[0-9a-f]+|Office|Labels|\d+ (min|ms|h|s)\b|[\w-]+\.nightporter\.tar\.gz"
)
LOOKS = 4000  # at an act; virtual time runs on while a thread packs a bundle, so that it says nothing


class OpenDoor(Password):
    """Says yes without a thread, which would look idle to the clock."""

    async def is_right(self, attempt: str, peer: str) -> bool:
        await trio.lowlevel.checkpoint()
        return True


class Reads:
    """The agent's desk, for the reading of its own file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def carry_out(
        self, words: Sequence[str], tell: Callable[[Progress], None], _broken_off: trio.Event, /
    ) -> Result:
        return await self._desk.carry_out(self._desk.read(words), By("the page", FaceName.PAGE), Doing(), tell)


class Looks:
    def __init__(self, app: App) -> None:
        self._app = app

    async def snapshot(self) -> Snapshot | None:
        await trio.lowlevel.checkpoint()
        return self._app.snapshot()


class Walk:
    """A reader of the page that acts, in both languages at once. `found` is what both had."""

    def __init__(self, hotel: PrintHotel, web: httpx.AsyncClient) -> None:
        self.hotel, self.web = hotel, web
        self.found: list[str] = []

    def judge(self, german: str, english: str) -> str:
        assert language_of(german) == "de"
        self.found += same(german, english, NAMES)
        return german

    async def get(self, path: str) -> str:
        german = await self.web.get(path, headers={"Accept-Language": "de"})
        english = await self.web.get(path, headers={"Accept-Language": "en"})
        return self.judge(german.text, english.text)

    async def token(self, action: str, page: str = "/") -> str:
        text = (await self.web.get(page)).text
        found = re.search(rf'action="{re.escape(action)}".*?name="token" value="([^"]+)"', text, re.S)
        assert found, text
        return found[1]

    async def act(self, verb: str, **fields: str) -> str:
        """Do it, and read what came of it."""
        form = {"token": await self.token("/act"), "verb": verb, "yes": "yes", **fields}
        return await self.end_of(await self.web.post("/act", data=form))

    async def end_of(self, begun: httpx.Response) -> str:
        assert begun.status_code == 303, begun.text
        where = begun.headers["location"]
        for _ in range(LOOKS):
            if 'class="result' in (await self.web.get(where)).text:
                break
            await trio.sleep(0.5)
        return await self.get(where)

    async def refused(self, verb: str, **fields: str) -> str:
        """A form that a person sends and that is refused, in each language."""
        texts = []
        for language in ("de", "en"):
            form = {"token": await self.token("/act"), "verb": verb, **fields}
            answer = await self.web.post(
                "/act", data=form, headers={"Accept-Language": language}, follow_redirects=True
            )
            texts.append(answer.text)
        return self.judge(*texts)

    async def file(self, text: str) -> str:
        """Show what a file changes."""
        texts = []
        for language in ("de", "en"):
            answer = await self.web.post(
                "/provision",
                data={"token": await self.token("/provision")},
                files={"file": ("provisioning.toml", text.encode())},
                headers={"Accept-Language": language},
                follow_redirects=True,
            )
            texts.append(answer.text)
        return self.judge(*texts)

    async def plain(self, path: str, page: str = "/", **fields: str) -> str:
        return await self.end_of(await self.web.post(path, data={"token": await self.token(path, page), **fields}))


@asynccontextmanager
async def walk(folder: Path, **values: object) -> AsyncIterator[Walk]:
    hotel = PrintHotel(folder)
    hotel.provision(**values)
    async with hotel.agent() as app, trio.open_nursery() as nursery:
        desk = await app.wait_desk()
        own = OwnFile(hotel.config, Reads(desk), Looks(app))
        nursery.start_soon(own.watch_trials)
        face = Face(
            desk=desk,
            helper=own,
            password=OpenDoor(Secret(PASSWORD)),
            acts=ActsUnderWay(nursery),
            box_name=lambda: "aurora-desk",
            names=tuple,
            paused=lambda: ["encoder:3"],
            is_box=lambda: True,
            uploads=folder,
            announce=lambda _: None,
            language=lambda wish: chosen(wish, "en"),
            looks_at=lambda: "0.0.0.0:80",
        )
        transport = httpx.ASGITransport(acting_app(ActingPage(face)))
        async with httpx.AsyncClient(
            transport=transport, base_url="https://127.0.0.1", headers={"Origin": "https://127.0.0.1"}
        ) as web:
            made = Walk(hotel, web)
            await made.get("/login")
            await web.post("/login", data={"password": PASSWORD})
            yield made
        nursery.cancel_scope.cancel()


async def test_the_forms_and_the_desks_acts_are_german(tmp_path: Path, autojump_clock: object) -> None:
    async with walk(tmp_path) as page:
        await page.get("/")
        for hop in ("", "mews", "box", "lock-server:coder-bridge", "encoder:1", "printer:Office"):
            await page.act("test", hop=hop)
        await page.act("key", lane="encoder:1", room="101", copies="2", hours="2")
        await page.act("print test", lane="printer:Office")
        await page.act("print test", lane="printer:Labels")
        for verb in ("pause", "pause", "resume", "resume"):
            await page.act(verb, lane="encoder:1")
        await page.act("takeover")
        await page.act("reload")
        await page.act("bundle")
        await page.refused("key", lane="encoder:9", room="101")
        await page.refused("key", lane="encoder:1", room="")
        await page.refused("key", lane="encoder:1", room="101", copies="99")
        await page.refused("dance")
        await page.get("/act/0000")
    assert page.found == []


async def test_acts_that_fail_are_german(tmp_path: Path, autojump_clock: object) -> None:
    async with walk(tmp_path) as page:
        page.hotel.bridge.fail(FaultKind.S500, "guest_key", seconds=30.0)
        await page.act("key", lane="encoder:1", room="101")
        page.hotel.bridge.heal()
        page.hotel.bridge_line.is_silent = True
        assert '<li class="fails">' in await page.act("test", hop="lock-server:coder-bridge")
        await page.act("key", lane="encoder:2", room="102")
        page.hotel.bridge_line.is_silent = False
        page.hotel.mews_line.is_silent = True
        await page.act("test", hop="mews")
        page.hotel.mews_line.is_silent = False
        await page.get("/")
        orders = re.findall(r'<option value="(desk-[0-9a-f]+)"', await page.get("/"))
        for order in orders:
            await page.act("lock settle", id=order)
            await page.act("seen", id=order)
            await page.act("seen", id=order)
    assert page.found == []


async def test_what_a_file_changes_its_trial_and_its_end_are_german(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with walk(tmp_path) as page:
        present = page.hotel.config.read_text()
        await page.file(present)
        changed = present.replace('name = "Desk 1"', 'name = "Concierge"').replace(
            "poll_seconds = 1.0", "poll_seconds = 2.0"
        )
        changed = (
            changed.replace("[limits]\n", "[limits]\nkey_minutes = 9\n") if "key_minutes" in changed else changed
        )
        await page.file(changed)
        shown = await page.file(changed)
        token = re.search(r'action="/provision/take".*?value="([^"]+)"', shown, re.S)
        assert token
        taken = await page.web.post("/provision/take", data={"token": token[1]})
        await page.end_of(taken)
        where = taken.headers["location"]
        await page.plain("/provision/keep", where)
        await page.plain("/provision/keep", where)
        await page.plain("/provision/back")
        await page.plain("/restart")
    assert page.found == []


async def test_the_language_that_an_address_asks_for_stays_on_the_page(
    tmp_path: Path, autojump_clock: object
) -> None:
    german = {"Accept-Language": "de"}
    async with walk(tmp_path) as page:
        assert language_of((await page.web.get("/", headers=german)).text) == "de"
        asked = await page.web.get("/?lang=en", headers=german)
        assert language_of(asked.text) == "en"
        assert 'hreflang="de">Deutsch</a>' in asked.text
        refused = await page.web.post("/act", data={"token": "forged"}, headers=german)
        assert (refused.status_code, language_of(refused.text)) == (403, "en")
        assert language_of((await page.web.get("/", headers=german)).text) == "en"
        assert language_of((await page.web.get("/?lang=tlh", headers=german)).text) == "de"
        outside = httpx.AsyncClient(transport=page.web._transport, base_url="https://127.0.0.1")
        assert (await outside.get("/?lang=de")).headers["location"] == "/login?lang=de"
