"""Whether a form is one of ours, sent from our own page: its token, its Origin. Pure.

Against a foreign page that has a browser send a form with the cookie (CSRF). SameSite=Strict keeps the cookie from
it already; these hold where a browser does not know that, and against programs at other ports of the same host,
which a browser takes for the same site.
"""

import hmac
import re
from hashlib import sha256

_NONCE = re.compile(r"[0-9a-f]{32}")
_DEFAULT_PORT = ":443"


def token(key: bytes, form: str, nonce: str) -> str:
    """The value of a form's hidden field. `nonce`: 32 hex digits that make this form one of a kind."""
    return f"{nonce}.{_proof(key, form, nonce)}"


def nonce_of(key: bytes, form: str, text: str) -> str | None:
    """The nonce of a token that `token` made with this key for this form; None for any other text."""
    nonce, _, proof = text.partition(".")
    if not _NONCE.fullmatch(nonce):
        return None
    is_ours = hmac.compare_digest(_proof(key, form, nonce).encode(), proof.encode("utf-8", "replace"))
    return nonce if is_ours else None


def is_from_here(host: str | None, origin: str | None, fetch_site: str | None) -> bool:
    """Whether a POST came from a page of the same address. Headers as they came, None where there is none.

    A POST without Origin is refused: every browser of today sends one (fetch.spec.whatwg.org, 3.1).
    """
    if host is None or origin is None or fetch_site not in (None, "same-origin", "none"):
        return False
    return _bare(origin) == f"https://{_bare(host)}"


def _bare(address: str) -> str:
    return address.lower().removesuffix(_DEFAULT_PORT)


def _proof(key: bytes, form: str, nonce: str) -> str:
    return hmac.new(key, f"{form} {nonce}".encode(), sha256).hexdigest()
