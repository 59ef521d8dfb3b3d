"""Today's calls without a network: what each sends where, and what each answer to it means."""

import json
from collections.abc import Awaitable, Callable

import pytest

from agent.commands.model import Standing
from agent.mews.calls import (
    LIST_CAP,
    LIST_SECONDS,
    Busy,
    Changed,
    Discontinued,
    Failed,
    MewsError,
    NewState,
    Portfolio,
    Refused,
    TooLarge,
    TooSlow,
    Unauthorised,
    Update,
)
from agent.mews.current.calls import Current
from provisioning.secret import Secret
from tests.mews.ways_to_mews import Given, Way, page

CLIENT_TOKEN, TOKEN = Secret("the-client-token"), Secret("the-access-token")
ENVELOPE = {"ClientToken": "the-client-token", "AccessToken": "the-access-token", "Client": "Night Porter 1.2"}
CLAIM = Update("c1", NewState.PROCESSING, progress=0.0)
HOTEL = Given(
    body=b'{"NowUtc":"2026-05-04T12:00:00Z","Enterprise":{"Id":"h","TimeZoneIdentifier":"Europe/Vienna"}}'
)
PORTFOLIO = Given(body=b'{"Enterprise":{"Id":"h","Name":"All of them","IsPortfolio":true}}')
LIST, BY_IDS, UPDATE = "/commands/getAllActive", "/commands/getAllByIds", "/commands/update"


def dialect(way: Way, *, enterprise: str = "this-hotel", clock: Callable[[], float] = lambda: 0.0) -> Current:
    return Current(way, CLIENT_TOKEN, "1.2", enterprise=enterprise, clock=clock)


async def problem(answer: Given, call: Callable[[Current], Awaitable[object]], enterprise: str = "h") -> MewsError:
    with pytest.raises(MewsError) as raised:
        await call(dialect(Way(answer), enterprise=enterprise))
    return raised.value


def tell(calls: Current) -> Awaitable[None]:
    return calls.update(TOKEN, CLAIM)


async def test_each_request_says_who_asks() -> None:
    way = Way(page(["a"]), page(["a"]), Given())
    calls = dialect(way)
    await calls.list_active(TOKEN, ())
    await calls.look_up(TOKEN, ["a"])
    await calls.update(TOKEN, Update("a", NewState.ERROR, notes="no card"))
    assert way.sent == [
        (LIST, ENVELOPE),
        (BY_IDS, ENVELOPE | {"CommandIds": ["a"]}),
        (UPDATE, ENVELOPE | {"CommandId": "a", "State": "Error", "Notes": "no card"}),
    ]
    assert calls.sign_in is None


async def test_a_list_of_1001_commands_is_read_to_its_end() -> None:
    ids = [f"c{number}" for number in range(1001)]
    way = Way(page(ids[:1000], "c999"), page(ids[1000:]))
    listing = await dialect(way).list_active(TOKEN, {"c0"})
    assert [command.id for command in listing.commands] == ids
    assert (listing.is_whole, listing.commands[0].created, listing.commands[1].created is None) == (
        True,
        None,
        False,
    )
    assert way.sent[1] == (LIST, ENVELOPE | {"Limitation": {"Cursor": "c999", "Count": 1000}})


async def test_all_pages_have_the_time_and_the_room_of_one_list() -> None:
    clock = iter([0.0, 0.0, 12.0])
    first = page(["a"], "a")
    way = Way(first, page(["b"]))
    await dialect(way, clock=lambda: next(clock)).list_active(TOKEN, ())
    assert (way.deadlines, way.caps) == (
        [LIST_SECONDS, LIST_SECONDS - 12.0],
        [LIST_CAP, LIST_CAP - len(first.body)],
    )


async def test_a_look_tells_states_alone_and_of_any_state() -> None:
    way = Way(page(["a"], state="Cancelled"))
    [found] = (await dialect(way).look_up(TOKEN, ["a"])).commands
    assert (found.standing, found.word, found.created) == (Standing.OVER, "Cancelled", None)


async def test_a_question_for_more_than_a_thousand_is_asked_in_halves() -> None:
    ids = [f"c{number}" for number in range(1002)]
    way = Way(page(ids[:501]), page(ids[501:]))
    listing = await dialect(way).look_up(TOKEN, ids)
    assert ([command.id for command in listing.commands], listing.is_whole) == (ids, True)
    assert [len(sent["CommandIds"]) for _, sent in way.sent] == [501, 501]


@pytest.mark.parametrize("status", [408, 413])
async def test_a_question_that_is_too_much_for_mews_is_asked_in_halves(status: int) -> None:
    way = Way(Given(status), page(["a"]), Given(status), page(["b"]), page(["c"]))
    listing = await dialect(way).look_up(TOKEN, ["a", "b", "c"])
    assert [command.id for command in listing.commands] == ["a", "b", "c"]
    assert [sent["CommandIds"] for _, sent in way.sent] == [["a", "b", "c"], ["a"], ["b", "c"], ["b"], ["c"]]


@pytest.mark.parametrize(("status", "kind"), [(408, TooSlow), (413, TooLarge)])
async def test_one_command_that_is_too_much_cannot_be_halved(status: int, kind: type[MewsError]) -> None:
    assert isinstance(await problem(Given(status), lambda calls: calls.look_up(TOKEN, ["a"])), kind)


@pytest.mark.parametrize(
    ("status", "kind", "is_sent"),
    [
        *((400, Refused, None), (401, Unauthorised, None), (403, Refused, None), (404, Failed, True)),
        *((408, TooSlow, True), (409, Changed, None), (410, Discontinued, False), (413, TooLarge, None)),
        *((429, Busy, None), (500, Failed, True), (503, Failed, True)),
    ],
)
async def test_what_each_status_means(status: int, kind: type[MewsError], is_sent: bool | None) -> None:
    answer = Given(status, b'{"Message":"Not the-client-token","RequestId":"r-1"}')
    error = await problem(answer, tell)
    assert (type(error), getattr(error, "is_sent", None), error.request_id) == (kind, is_sent, "r-1")
    assert getattr(error, "words", "Not (hidden)") == "Not (hidden)"


@pytest.mark.parametrize(
    ("header", "body", "id"),
    [
        ("h-1", b'{"Message":"no","RequestId":"b-1"}', "h-1"),
        ("", b'{"Message":"no","RequestId":"b-1"}', "b-1"),
        *(("", body, "") for body in (b'{"Message":"no"}', b'{"RequestId":7}', b"<html>", b"")),
    ],
)
async def test_the_number_of_a_request_is_known_from_header_or_body(header: str, body: bytes, id: str) -> None:
    assert (await problem(Given(403, body, request_id=header), tell)).request_id == id


@pytest.mark.parametrize("answer", [Given(204, b""), Given(200, b"{}")])
async def test_an_update_is_acknowledged_by_an_empty_answer_too(answer: Given) -> None:
    await dialect(Way(answer)).update(TOKEN, CLAIM)


async def test_an_empty_answer_is_no_list() -> None:
    assert isinstance(await problem(Given(204, b""), lambda calls: calls.list_active(TOKEN, ())), Failed)


# -- a token for several hotels -----------------------------------------------------------------------------------


async def test_before_the_first_list_is_asked_whether_the_token_is_for_one_hotel() -> None:
    way = Way(HOTEL, page(["a"]), page(["a"]))
    calls = dialect(way, enterprise="")
    for _ in range(2):
        await calls.list_active(TOKEN, ())
    assert [path for path, _ in way.sent] == ["/configuration/get", LIST, LIST]


@pytest.mark.parametrize("answer", [PORTFOLIO, Given(400, b'{"Message":"Invalid EnterpriseId."}')])
async def test_no_list_is_asked_for_with_a_token_for_several_hotels(answer: Given) -> None:
    way = Way(answer)
    calls = dialect(way, enterprise="")
    for _ in range(2):
        with pytest.raises(Portfolio):
            await calls.list_active(TOKEN, ())
    assert [path for path, _ in way.sent] == ["/configuration/get"] * 2


async def test_the_file_may_say_which_of_them_it_is() -> None:
    way = Way(page(["a"]))
    await dialect(way, enterprise="this-hotel").list_active(TOKEN, ())
    assert [path for path, _ in way.sent] == [LIST]
    error = await problem(Given(400, b'{"Message":"Invalid EnterpriseId."}'), tell, enterprise="this-hotel")
    assert type(error) is Refused


@pytest.mark.parametrize("answer", [Given(500), Given(410), Given(403, b'{"Message":"no"}'), Given(200, b"[]")])
async def test_a_mews_that_does_not_tell_of_the_hotel_stops_no_key(answer: Given) -> None:
    way = Way(answer, page(["a"]), answer, page(["a"]))
    calls = dialect(way, enterprise="")
    assert [len((await calls.list_active(TOKEN, ())).commands) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorised), (429, Busy)])
async def test_what_mews_says_of_every_call_counts_before_the_first_list(
    status: int, kind: type[MewsError]
) -> None:
    error = await problem(Given(status, b"{}", 7.0), lambda calls: calls.list_active(TOKEN, ()), enterprise="")
    assert isinstance(error, kind)


async def test_no_token_is_in_the_words_of_a_refusal() -> None:
    words = json.dumps({"Message": "the-client-token and the-access-token"}).encode()
    error = await problem(Given(401, words), tell)
    assert isinstance(error, Unauthorised)
    assert error.words == "(hidden) and (hidden)"
