"""The page that acts, over real TLS with a real agent: log-in, forms, and each act against the simulators."""

import re
import signal
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trio

from agent.status.acting import certificate
from agent.status.acting.certificate import fingerprint
from tests.e2e.processes import PATIENCE, AgentProcess, RealHotel, real_hotel
from tests.e2e.test_desk import ACTS, rows
from tests.free_port import free_port

pytestmark = pytest.mark.needs("openssl")
PASSWORD = "canary wicker boat 33"
WORDS = "SELECT words FROM act ORDER BY rowid"
INSTALLER, STORM = "127.0.0.1", "127.0.0.2"


class Person:
    """A browser with its cookies at an address of its own."""

    def __init__(self, web: httpx.AsyncClient, seen: list[str]) -> None:
        self.web = web
        self.seen = seen

    async def get(self, path: str) -> httpx.Response:
        return self._heard(await self.web.get(path))

    async def post(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        origin = str(self.web.base_url).rstrip("/")
        return self._heard(await self.web.post(path, data=dict(form), headers={"Origin": origin} | headers))

    async def send_file(self, path: str, name: str, content: bytes) -> httpx.Response:
        origin = str(self.web.base_url).rstrip("/")
        token = await self.token(path)
        files = {"file": (name, content)}
        return self._heard(
            await self.web.post(path, data={"token": token}, files=files, headers={"Origin": origin})
        )

    async def log_in(self, password: str = PASSWORD) -> httpx.Response:
        return await self.post("/login", {"password": password})

    async def token(self, action: str, page: str = "/") -> str:
        return token_in((await self.get(page)).text, action)

    async def act(self, **form: str) -> httpx.Response:
        return await self.post("/act", {"token": await self.token("/act"), **form})

    async def sure(self, **form: str) -> httpx.Response:
        """As `act`, with the yes that its second page asks for."""
        asked = await self.asked(**form)
        return await self.post("/act", {**form, "yes": "yes", "token": token_in(asked.text, "/act")})

    async def asked(self, **form: str) -> httpx.Response:
        """The question that an act is answered with first, at an address of its own."""
        answer = await self.act(**form)
        assert answer.headers["location"].startswith("/sure?")
        return await self.get(answer.headers["location"])

    async def end_of(self, begun: httpx.Response) -> str:
        assert begun.status_code == 303, begun.text
        with trio.fail_after(PATIENCE):
            while True:  # a page cannot call back
                page = (await self.get(begun.headers["location"])).text
                if "Under way" not in page:
                    return page
                await trio.sleep(0.02)

    def _heard(self, answer: httpx.Response) -> httpx.Response:
        self.seen.append(answer.text + str(answer.headers))
        return answer


def token_in(page: str, action: str) -> str:
    found = re.search(rf'action="{re.escape(action)}".*?name="token" value="([^"]+)"', page, re.S)
    assert found, page
    return found[1]


class Desk:
    """A hotel, its agent, and where its page for acting is."""

    def __init__(self, hotel: RealHotel, agent: AgentProcess, port: int) -> None:
        self.hotel, self.agent, self.port = hotel, agent, port
        self.seen: list[str] = []

    @asynccontextmanager
    async def person(self, at: str = INSTALLER) -> AsyncIterator[Person]:
        context = ssl.create_default_context(cafile=str(self.hotel.state / "page-certificate" / "page.pem"))
        context.check_hostname = False  # it is asked by its address
        wire = httpx.AsyncHTTPTransport(verify=context, local_address=at, trust_env=False)
        url = f"https://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(transport=wire, base_url=url, timeout=PATIENCE) as web:
            yield Person(web, self.seen)


@asynccontextmanager
async def desk_of(folder: Path, **values: str) -> AsyncIterator[Desk]:
    port = free_port()
    more = f'\n[page]\nacting = "127.0.0.1:{port}"\npassword = "{PASSWORD}"\n'
    async with real_hotel(folder) as hotel:
        hotel.provision(more=more, **values)
        async with hotel.agent() as agent:
            await agent.wait_line("page for acting at")
            yield Desk(hotel, agent, port)
            agent.send(signal.SIGTERM)
            assert await agent.wait_exit() == 0
            assert PASSWORD not in agent.log
            assert PASSWORD.encode() not in (hotel.state / "journal.sqlite").read_bytes()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(tmp_path) as desk:
        yield desk
        assert not any(PASSWORD in seen for seen in desk.seen)


async def logged_out(person: Person) -> None:
    while True:
        if (await person.get("/")).status_code == 303:
            return
        await trio.sleep(0.02)


async def test_the_page_lets_in_by_the_password_and_shows_the_acts(desk: Desk) -> None:
    async with desk.person() as person:
        assert (await person.get("/")).headers["location"] == "/login"
        assert (await person.log_in("wrong one")).status_code == 403
        answer = await person.log_in()
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-nightporter=")
        assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict")
        page = await person.get("/")
        assert "Test key" in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"  # else a browser's forms have no Origin
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert (await person.post("/logout", {"token": token_in(page.text, "/logout")})).status_code == 303
        assert (await person.get("/")).headers["location"] == "/login"


async def test_a_test_key_is_asked_twice_and_cut_once_however_often_the_form_is_sent(desk: Desk) -> None:
    async with desk.person() as person:
        await person.log_in()
        form = {"verb": "key", "lane": "encoder:1", "room": "101", "copies": "1", "hours": "2"}
        asked = await person.asked(**form)
        assert "key encoder:1 101" in asked.text
        assert rows(desk.hotel, ACTS) == []
        yes = {**form, "yes": "yes", "token": token_in(asked.text, "/act")}
        first, second = await person.post("/act", yes), await person.post("/act", yes)
        assert first.headers["location"] == second.headers["location"]
        assert "1 key was cut for room 101." in await person.end_of(first)
        assert (await person.post("/act", yes)).headers["location"] == first.headers["location"]
    assert len(desk.hotel.bridge.cuts) == 1
    assert rows(desk.hotel, "SELECT verb, who, face FROM act") == [("key", INSTALLER, "page")]


async def test_a_storm_from_one_address_waits_and_the_installer_at_another_logs_in(desk: Desk) -> None:
    async with desk.person(STORM) as storm, desk.person() as installer:
        codes = [(await storm.log_in(f"guess {number}")).status_code for number in range(3)]
        assert codes == [403, 403, 429]
        refused = await storm.log_in(PASSWORD)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        assert "wait 1 second" in refused.text
        async with trio.open_nursery() as nursery:
            for number in range(20):
                nursery.start_soon(storm.log_in, f"more {number}")
            assert (await installer.log_in()).status_code == 303


async def test_forms_of_another_page_are_refused(desk: Desk) -> None:
    async with desk.person() as person:
        await person.log_in()
        token = await person.token("/act")
        form = {"token": token, "verb": "pause", "lane": "encoder:1"}
        assert (await person.post("/act", form, Origin="https://evil.example")).status_code == 403
        assert (await person.post("/act", form, Origin="null")).status_code == 403
        assert (await person.post("/act", form, **{"Sec-Fetch-Site": "same-site"})).status_code == 403
        assert (await person.web.post("/act", data=form)).status_code == 403
        assert (await person.post("/act", form | {"token": await person.token("/logout")})).status_code == 403
        assert (await person.post("/act", form | {"token": "x"})).status_code == 403
        assert (await person.get("/act")).status_code == 405
        wrong = await person.web.get("/", headers={"Host": "evil.example"})
        assert wrong.status_code == 421
        assert rows(desk.hotel, ACTS) == []


async def test_without_tls_nothing_is_answered(desk: Desk) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as web:
        with pytest.raises(httpx.HTTPError):
            await web.post(f"http://127.0.0.1:{desk.port}/login", data={"password": "x"})
        looking = await web.post((await desk.agent.wait_page()) + "act")
        assert looking.status_code in (404, 405)


async def test_every_simple_act_ends_in_words(desk: Desk) -> None:
    async with desk.person() as person:
        await person.log_in()
        assert "lock-server:coder-bridge: log-in: ok" in await person.end_of(await person.act(verb="test"))
        assert "box" in await person.end_of(await person.act(verb="test", hop="box"))
        assert "begins nothing more" in await person.end_of(await person.act(verb="pause", lane="encoder:1"))
        assert "(paused)" in (await person.get("/")).text
        assert "goes on" in await person.end_of(await person.act(verb="resume", lane="encoder:1"))
        assert "asks Mews at once" in await person.end_of(await person.sure(verb="takeover"))
        assert "Done." in await person.end_of(await person.act(verb="reload"))
        assert [words for (words,) in rows(desk.hotel, WORDS) if "reload" in words] == ["reload"]
        refused = await person.act(verb="seen", id="none")
        assert "Not done." in await person.end_of(refused)
        assert (await person.act(verb="watch")).status_code == 400
        assert (await person.act(verb="pause", lane="encoder:77")).status_code == 400


async def test_a_key_that_waits_for_its_card_can_be_broken_off(desk: Desk) -> None:
    desk.hotel.bridge.switch(card_seconds=20.0)
    async with desk.person() as person:
        await person.log_in()
        begun = await person.sure(verb="key", lane="encoder:1", room="101")
        where = begun.headers["location"]
        with trio.fail_after(PATIENCE):
            while True:
                page = (await person.get(where)).text
                if "Present a card" in page:
                    break
                await trio.sleep(0.02)
        await person.post(f"{where}/break-off", {"token": token_in(page, f"{where}/break-off")})
        assert "Perhaps done: look at it." in await person.end_of(begun)


async def test_a_new_provisioning_file_is_shown_then_taken_and_the_page_moves_with_it(desk: Desk) -> None:
    hotel, other = desk.hotel, free_port()
    async with desk.person() as person:
        await person.log_in()
        await person.send_file("/provision", "provisioning.toml", b"[box]\nnmae = 1\n")
        assert "cannot be used" in (await person.get("/provision")).text
        new = hotel.config.read_text().replace(f":{desk.port}", f":{other}")
        await person.send_file("/provision", "provisioning.toml", new.encode())
        shown = await person.get("/provision")
        assert f"127.0.0.1:{other}" in shown.text
        assert hotel.config.read_text() != new
        await person.post("/provision/take", {"token": token_in(shown.text, "/provision/take")})
    await desk.agent.wait_line("page for acting at", 2)
    assert hotel.config.read_text() == new
    desk.port = other
    async with desk.person() as person:
        assert (await person.log_in()).status_code == 303
    assert rows(hotel, WORDS) == [("new provisioning file",)]


async def test_a_new_password_ends_the_sessions(desk: Desk) -> None:
    async with desk.person() as person:
        await person.log_in()
        hotel = desk.hotel
        hotel.config.write_text(hotel.config.read_text().replace(PASSWORD, "another long one"))
        desk.agent.send(signal.SIGHUP)
        with trio.fail_after(PATIENCE):
            await desk.agent.while_alive(logged_out, person)
        assert (await person.log_in()).status_code == 403
        assert (await person.log_in("another long one")).status_code == 303


async def test_the_certificate_is_made_once_and_outlives_a_restart(tmp_path: Path) -> None:
    half_sent = tmp_path / "state" / "upload.raucb"  # as a power cut leaves it
    half_sent.parent.mkdir()
    half_sent.write_bytes(b"x" * 1000)
    async with desk_of(tmp_path) as desk:
        pem = desk.hotel.state / "page-certificate" / "page.pem"
        before = pem.read_bytes()
        assert not half_sent.exists()
        assert pem.stat().st_mode & 0o777 == 0o600
        async with desk.hotel.agent() as second:
            assert await second.wait_exit() != 0  # the state directory is held
    assert pem.read_bytes() == before


async def test_a_support_bundle_is_packed_and_downloaded(desk: Desk) -> None:
    async with desk.person() as person:
        await person.log_in()
        begun = await person.act(verb="bundle")
        assert "Download" in await person.end_of(begun)
        file = await person.web.get(begun.headers["location"] + "/file")
        assert file.status_code == 200
        assert file.headers["content-disposition"].startswith("attachment;")
        assert PASSWORD.encode() not in file.content


async def test_the_page_that_looks_shows_the_fingerprint_of_the_certificate(desk: Desk) -> None:
    snapshot = await desk.agent.wait_snapshot(lambda found: found.box.fingerprint != "")
    assert snapshot.box.fingerprint == fingerprint(desk.hotel.state / "page-certificate" / "page.pem")


async def test_page_and_metrics_tell_how_long_the_certificate_of_the_page_that_acts_is_good(desk: Desk) -> None:
    until = certificate.last_day(desk.hotel.state / "page-certificate" / "page.pem")
    snapshot = await desk.agent.wait_snapshot(lambda found: any(age.what == "certificate" for age in found.ages))
    assert until is not None
    [own] = [age for age in snapshot.ages if age.what == "certificate"]
    assert (own.hop, datetime.fromisoformat(own.until)) == ("box", until)
    metrics = (await desk.agent.get("metrics")).text
    [left] = re.findall(r'nightporter_certificate_remaining_seconds\{of="box"\} (\S+)', metrics)
    assert float(left) == pytest.approx((until - datetime.now(UTC)).total_seconds(), abs=60)


async def test_a_body_that_is_too_long_is_refused_before_it_is_read(desk: Desk) -> None:
    async with desk.person() as person:
        assert (await person.log_in("x" * 20_000)).status_code == 413
        await person.log_in()
        assert (await person.act(verb="key", lane="encoder:1", room="x" * 20_000)).status_code == 413
