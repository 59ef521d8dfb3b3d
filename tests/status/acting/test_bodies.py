"""Bodies of forms by their bytes, however they are cut: what is taken, and what is refused in words."""

from collections.abc import Callable, Sequence

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from agent.status.acting.bodies import BadBody, Form, upload_of

TOKEN = b'Content-Disposition: form-data; name="token"\r\n\r\nproof'
FILE = b'Content-Disposition: form-data; name="file"; filename="x.toml"\r\n\r\n'
NO_NAME = b'Content-Disposition: form-data; name="file"; filename=""\r\n\r\n'
AS_FIELD = b'Content-Disposition: form-data; name="file"\r\n\r\n'


def body(*parts: bytes, end: bytes = b"--\r\n") -> bytes:
    return b"--B\r\n" + b"\r\n--B\r\n".join(parts) + b"\r\n--B" + end


async def read(*pieces: bytes, kind: str = "multipart/form-data; boundary=B") -> tuple[Form, bytes]:
    """The fields, and what was in the file."""
    left: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    left.append({"type": "http.request", "body": b"", "more_body": False})
    file = bytearray()

    async def receive() -> Message:
        return left.pop(0)

    def accept(form: Form) -> Callable[[bytes], None]:
        assert form == {"token": "proof"}  # all that came before the file
        return file.extend

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return await upload_of(Request(scope, receive), accept), bytes(file)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.lists(st.integers(1, 400), max_size=6))
def test_a_file_comes_out_as_it_was_however_it_is_cut(content: bytes, cuts: Sequence[int]) -> None:
    if b"\r\n--B" in content:
        return
    whole, places = body(TOKEN, FILE + content), sorted(cuts)
    pieces = [whole[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]
    assert trio.run(read, *pieces) == ({"token": "proof"}, content)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (body(TOKEN, FILE + b"x", end=b""), "no whole form"),
        (body(TOKEN, FILE + b"x")[:-8], "no whole form"),
        (body(TOKEN, FILE + b"x", end=b"??"), "no whole form"),
        (b"", "no whole form"),
        (body(TOKEN)[:20], "no whole form"),
        (b"PK\x03\x04" + b"x" * 100, "no whole form"),
        (body(TOKEN, FILE + b"x", FILE + b"y"), "One file at a time"),
        (body(TOKEN, NO_NAME), "No file came with the form"),
        (body(TOKEN, AS_FIELD + b"x"), "No file came with the form"),
        (body(TOKEN), "No file came with the form"),
        (body(TOKEN, AS_FIELD + b"x" * 5000), "field of that form is too long"),
        (body(*(b'Content-Disposition: form-data; name="%d"\r\n\r\n' % n for n in range(50))), "too many fields"),
        (body(TOKEN, b"X-A: " + b"a" * 100_000 + b"\r\n" + FILE), "no whole form"),
        (body(TOKEN, b"X-A: a\r\n" * 1000 + FILE), "no whole form"),
        (body(TOKEN, b"X\x00: a\r\n" + FILE), "no whole form"),
    ],
)
async def test_what_is_no_whole_form_with_one_file_is_refused_in_words_and_not_in_the_log(
    sent: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BadBody, match=why):
        await read(sent)
    with pytest.raises(BadBody, match=why):
        await read(*(bytes([byte]) for byte in sent))
    assert caplog.records == []


@pytest.mark.parametrize(
    "kind",
    [
        *("", "multipart/form-data", "multipart/mixed; boundary=B", "application/x-www-form-urlencoded"),
        *(
            "multipart/form-data; boundary=",
            f"multipart/form-data; boundary={'B' * 4000}",
            "multipart/form-data; =",
        ),
    ],
)
async def test_a_kind_that_no_form_has_is_refused(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(BadBody):
        await read(body(TOKEN, FILE + b"x"), kind=kind)
    assert caplog.records == []
