"""Whether a secret is in some bytes, in whatever way a program may have written it down. Pure."""

import base64
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

SHORTEST = 6  # characters; what is shorter is somewhere by chance


def ways(secret: str) -> Iterator[tuple[str, bytes]]:
    """Each way to write it, by its name; those whose letters may be large or small are in small ones."""
    plain = secret.encode()
    yield "plain", plain.lower()
    yield "url", quote(secret, safe="").encode().lower()
    yield "url with plus", quote_plus(secret, safe="").encode().lower()
    yield "url twice", quote(quote(secret, safe=""), safe="").encode().lower()
    yield "html", html.escape(secret).encode().lower()
    yield "html with numbers", "".join(f"&#{ord(each)};" for each in secret).encode()
    yield "json", json.dumps(secret)[1:-1].encode().lower()
    yield "json in json", json.dumps(json.dumps(secret)[1:-1])[1:-1].encode().lower()
    yield "python", repr(secret)[1:-1].encode().lower()
    yield "utf-16 little", secret.lower().encode("utf-16-le")
    yield "utf-16 big", secret.lower().encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "reversed", secret[::-1].encode().lower()


def base64_ways(secret: str) -> Iterator[tuple[str, bytes]]:
    """In Base64, wherever in a longer text it stands; large and small letters count."""
    for encoded in (secret.encode(), secret.encode("utf-16-le")):
        for before, skipped in ((0, 0), (1, 2), (2, 3)):
            written = b"\0" * before + encoded
            whole = base64.b64encode(written)[skipped : len(written) * 8 // 6]
            yield "base64", whole
            yield "base64 for addresses", whole.translate(bytes.maketrans(b"+/", b"-_"))


def found(secrets: Iterable[str], material: bytes) -> list[str]:
    """Which of them are in there, with the way."""
    small = material.lower()
    return [
        f"{secret} ({way})"
        for secret in secrets
        for haystack, candidates in ((small, ways(secret)), (material, base64_ways(secret)))
        for way, written in candidates
        if written in haystack
    ]
