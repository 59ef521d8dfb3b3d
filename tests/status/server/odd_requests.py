"""Odd requests for a server, made from a number: the same number makes the same bytes."""

import random

_METHODS = (b"GET", b"GET", b"GET", b"POST", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"BREW", b"get", b"G\x00T", b"")
_TARGETS = (
    *(b"/", b"/a?b=c", b"/a%20b", b"/%zz", b"/a/../b", b"//double", b"/?", b"/a#b", b"*", b"", b"relative"),
    *(b"http://localhost/abs", b"http://other/abs?x=1", b"/\xff", b"/" + b"x" * 300, b"/a b"),
)
_VERSIONS = (b"HTTP/1.1",) * 8 + (
    b"HTTP/1.0",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"HTTP/0.9",
    b"http/1.1",
    b"HTTP/1.10",
    b"",
)
_HOSTS = (b"Host: localhost",) * 8 + (b"", b"Host: ", b"Host: a\r\nHost: b", b"Host : localhost", b"Host: \xffa")
_ODD = (
    *(
        b"X-A: 1",
        b"X-B: \xe4\xf6",
        b"X-C:",
        b": nothing",
        b"no colon",
        b"X D: 1",
        b"X-E: a\r\n folded",
        b"X-F: \x00",
    ),
    *(b"Expect: 100-continue", b"Upgrade: h2c", b"Connection: upgrade", b"Accept: */*", b"X\xff: y"),
    *(b"X-Big: " + b"y" * 3000, b"X-Tab:\tz\t", b" X-Leading: 1", b"Transfer-Encoding: identity", b"TE: trailers"),
)
_BODIES = (
    b"",
    b"hello",
    b"x" * 200,
    b"\r\n\r\n",
    b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x00\xff",
)
_END = (b"\r\n",) * 9 + (b"\n",)


def odd_requests(number: int) -> list[bytes]:
    """One to three requests that are sent in one go, the last of which asks for the end."""
    dice = random.Random(number)
    count = dice.choice((1, 1, 1, 2, 3))
    return [_request(dice, is_last=left == 0) for left in reversed(range(count))]


def _request(dice: random.Random, *, is_last: bool) -> bytes:
    is_odd = dice.random() < 0.6  # so that whole series of good ones are compared, too
    method = dice.choice(_METHODS if is_odd else _METHODS[:8])
    target = dice.choice(_TARGETS if is_odd else _TARGETS[:3])
    version = dice.choice(_VERSIONS if is_odd else _VERSIONS[:1])
    host = dice.choice(_HOSTS if is_odd else _HOSTS[:1])
    head = [b" ".join((method, target, version)), host, *(dice.sample(_ODD, dice.randrange(3)) if is_odd else ())]
    framing, body = _body(dice, is_odd=is_odd)
    if is_last and not framing:
        body = b""  # what follows the last request has no reader
    end = dice.choice(_END)
    last = [b"Connection: close"] if is_last else []
    return end.join([line for line in (*head, *framing, *last) if line]) + end + end + body


def _body(dice: random.Random, *, is_odd: bool) -> tuple[list[bytes], bytes]:
    """Header lines that say a length, and what comes: not always as it was said."""
    body = dice.choice(_BODIES)
    honest = b"Content-Length: %d" % len(body)
    if not is_odd or dice.random() < 0.5:
        return ([honest], body) if body else ([], b"")
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    return dice.choice(
        (
            ([b"Transfer-Encoding: chunked"], chunk),
            ([b"Transfer-Encoding: chunked", honest], chunk),
            ([b"Transfer-Encoding: chunked"], b"zz\r\n" + body),
            ([b"Transfer-Encoding: gzip, chunked"], chunk),
            ([b"Transfer-Encoding: CHUNKED"], chunk),
            ([honest, honest], body),
            ([honest, b"Content-Length: 3"], body),
            ([b"Content-Length: +%d" % len(body)], body),
            ([b"Content-Length: -1"], body),
            ([b"Content-Length: %d, %d" % (len(body), len(body))], body),
            ([b"Content-Length: 9999"], body),
            ([], body),
        )
    )
