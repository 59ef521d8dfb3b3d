"""The calls of 2016 without a network: what each sends where, and what each answer to it means."""

import json
from collections.abc import Callable
from typing import TypeVar

import msgspec
import pytest

from agent.commands.model import Standing
from agent.mews.calls import (
    ANSWER_CAP,
    CALL_SECONDS,
    LIST_CAP,
    LIST_SECONDS,
    Answer,
    Busy,
    Calls,
    Discontinued,
    Failed,
    MewsError,
    NewState,
    Refused,
    SignInRefused,
    Unauthorised,
    Update,
)
from agent.mews.v2016.calls import V2016
from provisioning.secret import Secret
from tests.mews.reading.orders_of_keys import ID, body, command

T = TypeVar("T")

TOKEN = Secret("the-session-token")
CLAIM = Update("c1", NewState.PROCESSING, progress=0.0)


class Given(msgspec.Struct, frozen=True):
    """An answer as the line hands it over."""

    status: int
    body: bytes = b""
    retry_after: float | None = None
    request_id: str = ""


class Mews:
    """A way to Mews that always answers the same, and keeps what it was sent."""

    def __init__(self, status: int = 200, body: bytes = b"{}", retry_after: float | None = None) -> None:
        self.answer = Given(status, body, retry_after)
        self.sent: list[tuple[str, object, float, int]] = []

    async def __call__(
        self,
        path: str,
        body: bytes,
        meaning: Callable[[Answer], T],
        *,
        deadline: float = CALL_SECONDS,
        cap: int = ANSWER_CAP,
    ) -> T:
        self.sent.append((path, json.loads(body), deadline, cap))
        return meaning(self.answer)


async def problem(mews: Mews, call: Callable[[Calls], object]) -> MewsError:
    """What a call raises."""
    with pytest.raises(MewsError) as raised:
        await call(V2016(mews))  # type: ignore[misc]
    return raised.value


async def test_a_sign_in_brings_a_token_that_is_not_shown() -> None:
    mews = Mews(body=b'{"AccessToken":"210F"}')
    token = await V2016(mews).sign_in(Secret("long-lived"))
    assert (token.reveal(), repr(token)) == ("210F", "(hidden)")
    assert mews.sent == [("/app/signIn", {"ConnectorToken": "long-lived"}, CALL_SECONDS, ANSWER_CAP)]


async def test_the_list_has_time_and_room_for_documents_and_of_known_ids_only_the_standing() -> None:
    mews = Mews(body=body(command(), command(Id="known")))
    listing = await V2016(mews).list_active(TOKEN, {"known"})
    assert [(listed.id, listed.created is None) for listed in listing.commands] == [(ID, False), ("known", True)]
    assert listing.commands[1].standing is Standing.NEW
    assert mews.sent == [("/commands/getAllActive", {"AccessToken": TOKEN.reveal()}, LIST_SECONDS, LIST_CAP)]


@pytest.mark.parametrize("answer", [b"{}", b"\xef\xbb\xbf{}", b"\0{ }\0", b'{"SinceTomorrow":null}'])
async def test_an_object_acknowledges_an_update(answer: bytes) -> None:
    mews = Mews(body=answer)
    await V2016(mews).update(TOKEN, CLAIM)
    sent = {"AccessToken": TOKEN.reveal(), "CommandId": "c1", "State": "Processing", "Progress": 0.0}
    assert mews.sent == [("/commands/update", sent, CALL_SECONDS, ANSWER_CAP)]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        *((200, body) for body in (b"", b"null", b"[]", b"0", b'""', b"<html>", b'{"Message":"Mr Smith is out"}')),
        *((200, body) for body in (b'\xef\xbb\xbf{"Details":"Mr Smith"}', b'\0{"message":null}')),
        *((status, b"") for status in (201, 202, 204)),  # only with a `Prefer` that the box never sends
        *((status, b"{}") for status in (201, 204, 206, 302, 404, 408, 413, 500, 503)),
    ],
)
async def test_what_is_no_acknowledgement_is_no_clear_refusal_either(status: int, answer: bytes) -> None:
    error = await problem(Mews(status, answer), lambda calls: calls.update(TOKEN, CLAIM))
    assert isinstance(error, Failed)
    assert (type(error), error.is_sent, "Smith" in str(error)) == (Failed, True, False)


async def test_what_mews_has_put_an_end_to_is_told_as_such_and_surely_had_no_effect() -> None:
    error = await problem(Mews(410, b'{"Message":"Mr Smith is out"}'), lambda calls: calls.update(TOKEN, CLAIM))
    assert (type(error), getattr(error, "is_sent", None), "Smith" in str(error)) == (Discontinued, False, False)


@pytest.mark.parametrize("status", [400, 403, 409])
async def test_a_refusal_is_mews_last_word_in_its_own_words(status: int) -> None:
    answer = b'\xef\xbb\xbf{"Message":"Room 101 is out of order","Details":NaN}'
    error = await problem(Mews(status, answer), lambda calls: calls.update(TOKEN, CLAIM))
    assert isinstance(error, Refused)
    assert (error.words, str(error)) == ("Room 101 is out of order", f"Mews answered {status}")


@pytest.mark.parametrize(
    ("status", "retry_after", "pause"), [(429, None, None), (429, 47.0, 47.0), (503, 5.0, 5.0)]
)
async def test_a_pause_is_as_long_as_mews_says(
    status: int, retry_after: float | None, pause: float | None
) -> None:
    error = await problem(
        Mews(status, retry_after=retry_after), lambda calls: calls.list_active(TOKEN, frozenset())
    )
    assert isinstance(error, Busy)
    assert error.pause == pause


async def test_a_401_says_that_the_token_is_not_good_and_shows_none() -> None:
    mews = Mews(401, b'{"Message":"the-session-token is not valid"}')
    error = await problem(mews, lambda calls: calls.list_active(TOKEN, frozenset()))
    assert isinstance(error, Unauthorised)
    assert error.words == "(hidden) is not valid"


@pytest.mark.parametrize("status", [400, 401, 403, 409])
async def test_a_refused_sign_in_is_told_apart_from_a_refused_session(status: int) -> None:
    mews = Mews(status, b'{"Message":"Invalid ConnectorToken C66E-EA00"}')

    async def sign_in(calls: Calls) -> None:
        assert calls.sign_in is not None
        await calls.sign_in(Secret("C66E-EA00"))

    error = await problem(mews, sign_in)
    assert isinstance(error, SignInRefused)
    assert error.words == "Invalid ConnectorToken (hidden)"


async def test_the_tokens_of_before_are_not_shown_either_and_not_collected_for_ever() -> None:
    mews = Mews(body=b'{"AccessToken":"210F"}')
    calls = V2016(mews)
    tokens = [Secret(f"token-{number:03}") for number in range(100)]
    for token in tokens:
        await calls.sign_in(Secret("long-lived"))
        await calls.update(token, CLAIM)
    mews.answer = Given(403, b'{"Message":"long-lived, token-099, token-098 and token-000"}')
    with pytest.raises(Refused) as raised:
        await calls.update(tokens[-1], CLAIM)
    assert raised.value.words == "(hidden), (hidden), (hidden) and token-000"


async def test_a_token_that_was_not_used_for_many_calls_is_not_shown_either() -> None:
    mews = Mews(body=b'{"AccessToken":"210F"}')
    calls = V2016(mews)
    await calls.sign_in(Secret("long-lived"))
    for _ in range(100):
        await calls.update(TOKEN, CLAIM)
    mews.answer = Given(403, b'{"Message":"long-lived"}')
    with pytest.raises(Refused) as raised:
        await calls.update(TOKEN, CLAIM)
    assert raised.value.words == "(hidden)"
