"""Log-in, sessions, log-out, dates and digests of the simulated VisiOnline, in each position of the switches."""

import pytest
import trio
from trio.abc import Clock

from agent.simulators.base.replies import Reply, Request
from agent.simulators.visionline.sessions import KEPT, Sessions
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import VisionlineSwitches
from tests.simulators.visionline.callers import JSON, LOG_IN, Caller, content_md5

DOORS = "/api/v1/doors?details=true"


async def test_a_log_in_gives_a_new_session_each_time(visionline: VisionlineSimulator, caller: Caller) -> None:
    answers = [await caller.log_in() for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({value for answer in answers for value in answer.json().values()}) == 4
    assert set(answers[0].json()) == {"id", "accessKey"}


@pytest.mark.parametrize(("name", "value"), [("username", "sym"), ("password", "x"), ("password", None)])
@pytest.mark.parametrize("status", [401, 403])
async def test_a_wrong_account_is_refused(
    visionline: VisionlineSimulator, caller: Caller, name: str, value: str | None, status: int
) -> None:
    visionline.switch(log_in_status=status)
    answer = await caller.log_in(**{name: value})
    assert (answer.status_code, visionline.access.refused_log_ins, caller.id) == (status, 1, "")


async def test_further_operators_can_be_named(visionline: VisionlineSimulator, caller: Caller) -> None:
    visionline.switch(more_accounts=["sym:sym", "desk:a:b"])
    accounts = [("sym", "sym"), ("desk", "a:b"), ("desk", "a"), (LOG_IN["username"], LOG_IN["password"])]
    statuses = [(await caller.log_in(username=name, password=word)).status_code for name, word in accounts]
    assert statuses == [201, 201, 401, 201]


@pytest.mark.parametrize("digest", [None, "", "62vvvkRi3TRtURahQ++3Zg=="])
async def test_a_body_needs_its_content_md5(caller: Caller, digest: str | None) -> None:
    await caller.log_in()
    answer = await caller.call("POST", "/api/v1/cards", {"a": 1}, headers={"Content-MD5": digest})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("content_type", "body", "status"), [("text/plain", b"{}", 415), (JSON, b"[]", 400), (JSON, b"", 400)]
)
async def test_a_body_that_is_no_json_object_is_refused(
    visionline: VisionlineSimulator, content_type: str, body: bytes, status: int
) -> None:
    headers = {"content-type": content_type, "content-md5": content_md5(body)}
    reply = await visionline.handle(Request("POST", "/api/v1/sessions", headers=headers, body=body))
    assert isinstance(reply, Reply)
    assert reply.status == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/encoders", 404),
        ("GET", "/doors", 404),
        ("GET", "/api/v2/doors", 404),
        ("GET", "/api/v1/cards", 405),
        ("GET", "/api/v1/sessions", 405),
        ("PUT", "/api/v1/sessions/x", 405),
        ("POST", "/api/v1/doors", 405),
    ],
)
async def test_what_is_no_call_of_the_interface_is_the_web_servers_answer(
    visionline: VisionlineSimulator, method: str, path: str, status: int
) -> None:
    reply = await visionline.handle(Request(method, path))
    assert isinstance(reply, Reply)
    assert reply.status == status


@pytest.mark.parametrize("authorization", [None, "", "AWS x:y", "AWS", "Basic x:y"])
@pytest.mark.parametrize("status", [401, 403])
async def test_an_unknown_session_is_refused(
    visionline: VisionlineSimulator, caller: Caller, authorization: str | None, status: int
) -> None:
    visionline.switch(session_status=status)
    answer = await caller.call("GET", DOORS, headers={"Authorization": authorization})
    assert (answer.status_code, visionline.access.refused_sessions) == (status, 1)


@pytest.mark.parametrize("status", [200, 201, 204])
async def test_a_closed_session_is_not_let_in_any_more(
    visionline: VisionlineSimulator, caller: Caller, status: int
) -> None:
    visionline.switch(close_status=status)
    assert (await caller.call("GET", DOORS)).status_code == 200
    assert (await caller.call("DELETE", f"/api/v1/sessions/{caller.id}")).status_code == status
    assert (await caller.call("GET", DOORS)).status_code == 401
    assert visionline.access.sessions.count(visionline.switches) == 0


async def test_closing_a_session_that_is_not_there_is_404(caller: Caller) -> None:
    assert (await caller.call("DELETE", "/api/v1/sessions/other")).status_code == 404


@pytest.mark.parametrize(("seconds", "status"), [(None, 200), (60, 401)])
async def test_a_session_lives_for_its_seconds(
    visionline: VisionlineSimulator, caller: Caller, autojump_clock: Clock, seconds: float | None, status: int
) -> None:
    visionline.switch(session_seconds=seconds)
    await caller.log_in()
    await trio.sleep(59.9)
    assert (await caller.call("GET", DOORS)).status_code == 200
    await trio.sleep(0.1)
    assert (await caller.call("GET", DOORS)).status_code == status


@pytest.mark.parametrize(("requests", "status"), [(None, 200), (2, 401)])
async def test_a_session_lives_for_its_number_of_calls(
    visionline: VisionlineSimulator, caller: Caller, requests: int | None, status: int
) -> None:
    visionline.switch(session_requests=requests)
    assert [(await caller.call("GET", DOORS)).status_code for _ in range(3)] == [200, 200, status]


@pytest.mark.parametrize(("most", "status"), [(None, 201), (2, 503)])
async def test_the_number_of_open_sessions_may_be_limited(
    visionline: VisionlineSimulator, caller: Caller, most: int | None, status: int
) -> None:
    visionline.switch(most_sessions=most)
    assert [(await caller.log_in()).status_code for _ in range(3)] == [201, 201, status]
    await caller.call("DELETE", f"/api/v1/sessions/{caller.id}")
    assert (await caller.log_in()).status_code == 201


async def test_all_sessions_can_end_as_after_a_restart(visionline: VisionlineSimulator, caller: Caller) -> None:
    await caller.log_in()
    visionline.access.sessions.end_all()
    assert (await caller.call("GET", DOORS)).status_code == 401


@pytest.mark.parametrize(
    ("limit", "off_by", "status"),
    [(None, 10**7, 200), (300, 300, 200), (300, -300, 200), (300, 301, 403), (300, -301, 403), (0, 0, 200)],
)
async def test_a_date_may_be_off_by_so_many_seconds(
    visionline: VisionlineSimulator,
    caller: Caller,
    autojump_clock: Clock,
    limit: float | None,
    off_by: float,
    status: int,
) -> None:
    await caller.log_in()
    date = caller.date()
    visionline.clock.shift(off_by)
    visionline.switch(date_skew_seconds=limit)
    assert (await caller.call("GET", DOORS, date=("Date", date))).status_code == status


@pytest.mark.parametrize(("at_log_in", "status"), [(True, 403), (False, 201)])
async def test_the_limit_of_dates_may_hold_for_log_ins_too(
    visionline: VisionlineSimulator, caller: Caller, at_log_in: bool, status: int
) -> None:
    visionline.switch(date_skew_seconds=60, date_skew_at_log_in=at_log_in)
    date = caller.date()
    visionline.clock.shift(61)
    assert (await caller.log_in(date=date)).status_code == status


@pytest.mark.parametrize("text", ["", "yesterday", "2016-05-04T12:00:00Z", "Wed, 99 May 2016 12:00:00 GMT"])
async def test_a_call_without_a_date_that_can_be_read_is_refused(caller: Caller, text: str) -> None:
    await caller.log_in()
    assert (await caller.call("GET", DOORS, date=("Date", text))).status_code == 403


async def test_the_status_for_signatures_and_dates_can_be_401(
    visionline: VisionlineSimulator, caller: Caller
) -> None:
    visionline.switch(signature_status=401)
    assert (await caller.call("GET", DOORS, signed="x")).status_code == 401
    assert (await caller.call("GET", DOORS, date=("Date", "x"))).status_code == 401


@pytest.mark.parametrize("is_careless", [True, False])
async def test_a_careless_server_repeats_secrets_in_a_refusal(
    visionline: VisionlineSimulator, caller: Caller, is_careless: bool
) -> None:
    visionline.switch(echo_secrets=is_careless)
    text = (await caller.log_in(password="secret-word")).text
    text += (await caller.call("GET", DOORS, signed="x")).text
    assert [word in text for word in ("secret-word", caller.key, caller.id)] == [is_careless] * 3


async def test_answers_may_carry_members_that_no_one_knows(
    visionline: VisionlineSimulator, caller: Caller
) -> None:
    visionline.switch(unknown_fields=True)
    assert set((await caller.log_in()).json()) > {"id", "accessKey"}


async def test_of_very_many_sessions_the_oldest_are_forgotten() -> None:
    sessions, switches = Sessions(), VisionlineSwitches()
    ids = [sessions.open("x").id for _ in range(KEPT + 1)]
    assert (sessions.use(ids[0], switches), sessions.count(switches)) == (None, KEPT)
    assert sessions.use(ids[1], switches) is not None
