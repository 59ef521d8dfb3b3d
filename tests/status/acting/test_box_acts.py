"""What the page has the box's helper do, over HTTP in TLS, with a stand-in for the helper that remembers."""

import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
import trio

from agent.commands.model import Kind
from agent.commands.record import Record
from agent.control.acts import Acts
from agent.control.desk import Desk
from agent.control.hub import Hub
from agent.handover.helper import (
    ConfirmFile,
    Done,
    End,
    Reboot,
    Request,
    RestartAgent,
    RollBackFile,
    TakeFile,
    Update,
)
from agent.status.acting import bodies, certificate
from agent.status.acting.face import Face, Helper
from agent.status.acting.password import Password
from agent.status.acting.under_way import ActsUnderWay
from agent.status.acting.web import ActingPage, acting_app
from agent.status.server.address import Address, bind
from agent.status.server.serving import serve_listener
from provisioning.secret import Secret
from tests.control.fake_hotel import NOW, FakeHotel, FakeRows

pytestmark = pytest.mark.needs("openssl")
PASSWORD = "canary wicker boat 33"
PATIENCE = 20.0  # s
CARD = Record("card-1", "1", Kind.KEY, "encoder:1", "101", 1, ended=int(NOW.timestamp()))


class FakeHelper:
    """Does as it is told to say; `updates` are the bytes of each update at the moment it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.updates: list[bytes] = []
        self.says = Done(End.DONE, "It was done.")

    async def ask(self, request: Request, hear: Callable[[str], None]) -> Done:
        self.asked.append(request)
        if isinstance(request, Update):
            self.updates.append(await trio.Path(request.source).read_bytes())
        hear("A line of progress.")
        return self.says


class Box:
    """A page, what stands behind it, and who has logged in to it."""

    def __init__(
        self, folder: Path, web: httpx.AsyncClient, helper: FakeHelper, page: ActingPage, acts: Acts
    ) -> None:
        self.folder, self.web, self.helper, self.page, self.acts = folder, web, helper, page, acts
        self.origin = {"Origin": str(web.base_url).rstrip("/")}

    async def token(self, action: str, page: str = "/") -> str:
        text = (await self.web.get(page)).text
        found = re.search(rf'action="{re.escape(action)}".*?name="token" value="([^"]+)"', text, re.S)
        assert found, text
        return found[1]

    async def post(self, path: str, **form: str) -> httpx.Response:
        return await self.web.post(path, data=form, headers=self.origin)

    async def send(self, path: str, content: bytes, token: str) -> httpx.Response:
        files = {"file": ("file.raucb", content)}
        return await self.web.post(path, data={"token": token}, files=files, headers=self.origin)

    async def end_of(self, begun: httpx.Response) -> str:
        assert begun.status_code == 303, begun.text
        with trio.fail_after(PATIENCE):
            while True:  # a page cannot call back
                page = (await self.web.get(begun.headers["location"])).text
                if "Under way" not in page:
                    return page

    def written(self) -> list[tuple[str, str, str, str]]:
        return [(act.who, act.face, act.words, act.end) for act in reversed(self.acts.recent())]


def face_in(folder: Path, helper: Helper, desk: Desk, nursery: trio.Nursery) -> Face:
    """What the page of a made-up box is given."""
    return Face(
        desk=desk,
        helper=helper,
        password=Password(Secret(PASSWORD)),
        acts=ActsUnderWay(nursery),
        box_name=lambda: "aurora",
        names=tuple,
        paused=tuple,
        is_box=lambda: True,
        uploads=folder,
        announce=lambda _: None,
        looks_at=lambda: "0.0.0.0:80",
    )


@asynccontextmanager
async def box_in(folder: Path) -> AsyncIterator[Box]:
    helper, hub = FakeHelper(), Hub()
    acts = Acts(FakeRows(), hub, lambda: 7)
    hotel = FakeHotel()
    hotel.cards = [CARD.id]
    hotel.records[CARD.id] = CARD
    desk = Desk(hotel, hub, acts)
    pem = await trio.to_thread.run_sync(certificate.ensure, folder, ("aurora",))
    async with trio.open_nursery() as nursery:
        page = ActingPage(face_in(folder, helper, desk, nursery))
        listener, app = await bind("127.0.0.1:0"), acting_app(page)
        serve = partial(serve_listener, listener, app, tls=certificate.context_of(pem))
        address: Address = await nursery.start(serve)
        trust = ssl.create_default_context(cafile=str(pem))
        trust.check_hostname = False  # it is asked by its address
        url = f"https://127.0.0.1:{address.port}"
        async with httpx.AsyncClient(verify=trust, base_url=url, timeout=PATIENCE, trust_env=False) as web:
            box = Box(folder, web, helper, page, acts)
            assert (await box.post("/login", password=PASSWORD)).status_code == 303
            yield box
        nursery.cancel_scope.cancel()


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    async with box_in(tmp_path) as box:
        yield box


async def test_an_update_is_streamed_to_the_helper_once_and_written_down(box: Box) -> None:
    bundle = bytes(range(256)) * 4096  # 1 MB, more than any form
    token = await box.token("/update")
    first = await box.send("/update", bundle, token)
    assert "It was done." in await box.end_of(first)
    again = await box.send("/update", bundle, token)
    assert again.headers["location"] == first.headers["location"]
    assert box.helper.updates == [bundle]
    assert box.written() == [("127.0.0.1", "page", "update from a file", "done")]


async def test_an_update_without_room_or_content_or_proof_leaves_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "That file is empty." in (await box.send("/update", b"", await box.token("/update"))).text
    assert (await box.send("/update", b"x" * 1000, "forged")).status_code == 403
    monkeypatch.setattr("agent.status.acting.upload.RESERVE_BYTES", 2**60)
    full = await box.send("/update", b"x" * 300_000, await box.token("/update"))
    assert "no room for that file" in full.text
    assert not (box.folder / "upload.raucb").exists()
    assert box.helper.asked == []
    assert box.written() == []


async def test_an_update_that_says_it_is_too_long_is_refused_unread(box: Box) -> None:
    length = str(bodies.UPDATE_BYTES + bodies.FORM_BYTES + 1)
    head = f"POST /update HTTP/1.1\r\nHost: {box.web.base_url.netloc.decode()}\r\nContent-Length: {length}\r\n\r\n"
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    port = box.web.base_url.port
    assert port is not None
    async with await trio.open_ssl_over_tcp_stream("127.0.0.1", port, ssl_context=blind) as stream:
        await stream.send_all(head.encode())
        answer = bytes(await stream.receive_some(4096)).lower()
    assert answer.startswith(b"http/1.1 413 ")
    assert b"connection: close" in answer


async def test_agent_and_box_are_restarted_by_forms_of_their_own(box: Box) -> None:
    assert "It was done." in await box.end_of(await box.post("/restart", token=await box.token("/restart")))
    asked = await box.post("/restart", token=await box.token("/restart"), box="yes")
    assert (asked.headers["location"], box.helper.asked) == ("/restart", [RestartAgent()])
    sure = await box.token("/restart", "/restart")
    assert "It was done." in await box.end_of(await box.post("/restart", token=sure, box="yes", yes="yes"))
    assert box.helper.asked == [RestartAgent(), Reboot()]
    assert [words for _, _, words, _ in box.written()] == ["restart the agent", "restart the box"]


async def test_a_file_is_shown_taken_and_then_kept_or_given_back(box: Box) -> None:
    sent = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    shown = await box.web.get(sent.headers["location"])
    assert (await box.web.get("/provision")).status_code == 200  # has an address, to come back to
    assert "A line of progress." in shown.text
    token = taking(shown.text)
    assert box.written() == []  # only looked at
    box.helper.says = Done(End.DONE, "On trial.", 120.0)
    taken = await box.post("/provision/take", token=token)
    assert "on trial for 120 seconds" in await box.end_of(taken)
    where = taken.headers["location"]
    box.helper.says = Done(End.REFUSED, "No file is on trial here.")
    kept = await box.post("/provision/keep", token=await box.token("/provision/keep", where))
    assert "No file is on trial here." in await box.end_of(kept)
    await box.end_of(await box.post("/provision/back", token=await box.token("/provision/back", where)))
    assert box.helper.asked == [
        TakeFile(b"[box]\n", None, True),
        TakeFile(b"[box]\n"),
        ConfirmFile(),
        RollBackFile(),
    ]
    assert [(words, end) for _, _, words, end in box.written()] == [
        ("new provisioning file", "done"),
        ("keep the file on trial", "mistake"),
        ("back to the file before", "mistake"),
    ]


async def test_a_form_takes_the_file_that_stood_beside_it_and_none_that_was_sent_since(box: Box) -> None:
    first = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    beside = taking((await box.web.get(first.headers["location"])).text)
    await box.send("/provision", b"[mews]\n", await box.token("/provision"))  # in another tab
    refused = await box.post("/provision/take", token=beside)
    assert (refused.status_code, "load the page again" in refused.text) == (403, True)
    newest = taking((await box.web.get("/provision")).text)
    taken = await box.post("/provision/take", token=newest)
    again = await box.post("/provision/take", token=newest)  # a double click
    assert again.headers["location"] == taken.headers["location"]
    await box.end_of(taken)
    assert box.helper.asked[2:] == [TakeFile(b"[mews]\n")]  # after two looks


async def test_a_file_that_was_refused_leaves_nothing_of_the_one_before_to_be_taken(box: Box) -> None:
    first = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    beside = taking((await box.web.get(first.headers["location"])).text)
    await box.send("/provision", b"x" * (2 << 20), await box.token("/provision"))
    refused = await box.post("/provision/take", token=beside)
    assert (refused.status_code, "choose it again" in refused.text) == (400, True)
    assert (await box.web.get("/provision")).headers["location"] == "/"


def taking(shown: str) -> str:
    """The token of the form that takes the file of this page."""
    token = re.search(r'action="/provision/take".*?value="([^"]+)"', shown, re.S)
    assert token
    return token[1]


async def test_a_file_that_is_far_too_long_is_heard_to_its_end_and_refused_in_words(box: Box) -> None:
    answer = await box.send("/provision", b"x" * (4 << 20), await box.token("/provision"))
    assert "A provisioning file has at most 1 MB." in answer.text
    assert box.helper.asked == []
    assert (await box.web.get("/provision")).headers["location"] == "/"  # no difference to show


async def test_the_question_before_an_act_has_an_address_and_names_things_as_people_do(box: Box) -> None:
    form = {"verb": "key", "lane": "encoder:1", "room": "101", "copies": "1", "hours": "2"}
    asked = await box.post("/act", token=await box.token("/act"), **form)
    question = (await box.web.get(asked.headers["location"])).text
    assert all(each in question for each in ("Front desk left", "<dd>101</dd>", "key encoder:1 101"))
    assert "<script" not in question
    assert box.written() == []


async def test_a_card_to_look_after_is_chosen_by_room_device_and_time(box: Box) -> None:
    page = (await box.web.get("/")).text
    assert '<option value="card-1">Room 101 at Front desk left, 26 Nov 13:00.</option>' in page


async def test_who_is_no_longer_logged_in_hears_what_that_meant_for_the_click(box: Box) -> None:
    token = await box.token("/act")
    box.page.end_sessions()
    looked, acted = await box.web.get("/"), await box.post("/act", token=token, verb="reload")
    assert "You are no longer logged in" in (await box.web.get(looked.headers["location"])).text
    assert "what you sent was not done" in (await box.web.get(acted.headers["location"])).text
    box.web.cookies.clear()
    assert (await box.web.get("/")).headers["location"] == "/login"


async def test_the_pages_are_in_the_readers_language_and_link_to_the_page_that_looks(box: Box) -> None:
    german = await box.web.get("/", headers={"Accept-Language": "de"})
    assert '<html lang="en">' in german.text  # this stand-in has one language alone
    assert german.headers["vary"] == "Accept-Language, Cookie"
    assert 'href="http://127.0.0.1/"' in german.text


async def test_a_refused_form_says_that_its_connection_ends(box: Box) -> None:
    answer = await box.web.post("/act", data={"token": "x"})
    assert answer.status_code == 403
    assert answer.headers["connection"] == "close"
