"""What Mews' answers to an update mean: only a real acknowledgement returns, everything else says what it was."""

import httpx
import pytest

from agent.foundation.http import Peer
from agent.foundation.timing import MewsClock
from agent.mews.calls import Client, Failed, Refused, Update

CLAIM = Update("c1", "Processing", progress=0.0)


def client(status: int, body: bytes) -> Client:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=_Pieces([body]), request=request)

    return Client(Peer("http://mews.test", transport=httpx.MockTransport(answer)), MewsClock())


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)

    def __aiter__(self) -> "_Pieces":
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


@pytest.mark.parametrize("body", [b"{}", b"\xef\xbb\xbf{}", b"\0{ }\0", b'{"SinceTomorrow":null}'])
async def test_an_object_acknowledges(body: bytes) -> None:
    await client(200, body).update("token", CLAIM)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((200, body) for body in (b"", b"null", b"[]", b"0", b'""', b"<html>", b'{"Message":"Mr Smith is out"}')),
        *((200, body) for body in (b'\xef\xbb\xbf{"Details":"Mr Smith"}', b'\0{"message":null}')),
        *((status, b"") for status in (201, 202, 204)),  # only with a `Prefer` that the box never sends
        *((status, b"{}") for status in (201, 204, 206)),
    ],
)
async def test_what_is_no_acknowledgement_is_no_clear_refusal_either(status: int, body: bytes) -> None:
    with pytest.raises(Failed) as raised:
        await client(status, body).update("token", CLAIM)
    assert raised.value.reached
    assert "Smith" not in str(raised.value)


async def test_a_refusal_in_mews_words_is_one_with_a_byte_order_mark_too() -> None:
    with pytest.raises(Refused) as raised:
        await client(403, b'\xef\xbb\xbf{"Message":"Room 101 is out of order","Details":NaN}').update(
            "token", CLAIM
        )
    assert raised.value.words == "Room 101 is out of order"
