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
        self.looks = Done(End.DONE, "It is good.")
        self.line = "A line of progress."
        self.may_end = trio.Event()
        self.may_end.set()

    async def ask(self, request: Request, hear: Callable[[str], None]) -> Done:
        self.asked.append(request)
        if isinstance(request, Update):
            self.updates.append(await trio.Path(request.source).read_bytes())
        hear(self.line)
        if isinstance(request, TakeFile) and request.is_trial_only:
            return self.looks
        await self.may_end.wait()
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

    async def wait_upload(self, *, is_there: bool) -> None:
        """Until the file of an update is there, or gone."""
        with trio.fail_after(PATIENCE):
            while (self.folder / "upload.raucb").exists() is not is_there:  # noqa: ASYNC110 - a disk cannot call back
                await trio.sleep(0.01)

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


async def test_a_second_update_does_not_touch_the_file_of_the_first_until_that_has_ended(box: Box) -> None:
    box.helper.may_end = trio.Event()
    first = await box.send("/update", b"first" * 1000, await box.token("/update"))
    second = await box.send("/update", b"second" * 1000, await box.token("/update"))
    assert second.status_code == 400
    assert "Another update is on its way here" in second.text
    assert (box.folder / "upload.raucb").read_bytes() == b"first" * 1000
    box.helper.may_end.set()
    assert "It was done." in await box.end_of(first)
    assert not (box.folder / "upload.raucb").exists()
    assert "It was done." in await box.end_of(await box.send("/update", b"third", await box.token("/update")))
    assert box.helper.updates == [b"first" * 1000, b"third"]


async def test_a_form_that_comes_twice_while_its_file_is_still_on_its_way_is_one_update(box: Box) -> None:
    token, answers = await box.token("/update"), list[httpx.Response]()

    async def send() -> None:
        answers.append(await box.send("/update", b"x" * 2_000_000, token))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(send)
        nursery.start_soon(send)
    begun = [answer for answer in answers if answer.status_code == 303]
    assert len({answer.headers["location"] for answer in begun}) == 1
    await box.end_of(begun[0])
    assert box.helper.updates == [b"x" * 2_000_000]


async def test_an_update_that_cannot_be_begun_leaves_nothing(box: Box) -> None:
    box.helper.may_end = trio.Event()
    for _ in range(4):
        assert (await box.post("/restart", token=await box.token("/restart"))).status_code == 303
    full = await box.send("/update", b"x" * 1000, await box.token("/update"))
    assert full.status_code == 429
    assert not (box.folder / "upload.raucb").exists()
    box.helper.may_end.set()


async def test_an_update_that_breaks_off_leaves_nothing_and_the_next_one_has_its_place(box: Box) -> None:
    token = await box.token("/update")

    async def broken() -> AsyncIterator[bytes]:
        head = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--b\r\n'
        yield f'{head}Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'.encode() + b"x" * 20_000
        await box.wait_upload(is_there=True)
        raise OSError("the cable was pulled")

    kind = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "1000000"}
    with pytest.raises(OSError, match="pulled"):
        await box.web.post("/update", content=broken(), headers=box.origin | kind)
    await box.wait_upload(is_there=False)
    assert "It was done." in await box.end_of(await box.send("/update", b"whole", await box.token("/update")))
    assert box.helper.updates == [b"whole"]


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
        TakeFile(b"[box]\n", None, True),  # whether it is still what was shown
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
    assert box.helper.asked[3:] == [TakeFile(b"[mews]\n")]  # after three looks


async def test_a_file_that_would_change_something_else_by_now_is_shown_again_and_not_taken(box: Box) -> None:
    sent = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    stale = taking((await box.web.get(sent.headers["location"])).text)
    box.helper.line = "Another line, because somebody else has changed the box's own file."
    refused = await box.post("/provision/take", token=stale)
    assert refused.headers["location"] == "/provision"
    shown = (await box.web.get("/provision")).text
    assert "Nothing was taken" in shown
    assert "Another line" in shown
    assert (await box.post("/provision/take", token=stale)).status_code == 403  # of what nobody looks at any more
    assert "It was done." in await box.end_of(await box.post("/provision/take", token=taking(shown)))
    assert [request for request in box.helper.asked if request == TakeFile(b"[box]\n")] == [TakeFile(b"[box]\n")]


async def test_two_clicks_at_once_take_a_file_once(box: Box) -> None:
    sent = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    token, answers = taking((await box.web.get(sent.headers["location"])).text), list[httpx.Response]()

    async def click() -> None:
        answers.append(await box.post("/provision/take", token=token))

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(click)
    assert len({answer.headers["location"] for answer in answers}) == 1
    await box.end_of(answers[0])
    assert box.helper.asked.count(TakeFile(b"[box]\n")) == 1


async def test_a_file_that_cannot_be_taken_just_now_still_waits(box: Box) -> None:
    sent = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    token = taking((await box.web.get(sent.headers["location"])).text)
    box.helper.may_end = trio.Event()
    others = [await box.post("/restart", token=await box.token("/restart")) for _ in range(4)]
    assert (await box.post("/provision/take", token=token)).status_code == 429
    box.helper.may_end.set()
    for other in others:
        await box.end_of(other)
    assert "It was done." in await box.end_of(await box.post("/provision/take", token=token))


async def test_a_file_that_can_no_longer_be_used_is_not_taken(box: Box) -> None:
    sent = await box.send("/provision", b"[box]\n", await box.token("/provision"))
    token = taking((await box.web.get(sent.headers["location"])).text)
    box.helper.looks = Done(End.REFUSED, "Its profile is gone.")
    assert (await box.post("/provision/take", token=token)).headers["location"] == "/provision"
    shown = (await box.web.get("/provision")).text
    assert "Its profile is gone." in shown
    assert "/provision/take" not in shown


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
