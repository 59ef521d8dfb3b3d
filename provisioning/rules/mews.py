"""[mews]: where the commands come from, in which dialect, with which tokens, and who says that there is news.

Source: reference/mews.md sections 1, 2, 4 and 9. Tokens are never repeated in a problem.
"""

import re

import msgspec

from provisioning.addresses import address, is_near
from provisioning.model import Dialect, Mews
from provisioning.problems import Wrong
from provisioning.rules.credentials import filled_in, read_token
from provisioning.spelling import nearest
from provisioning.table import Table

PLATFORM = "https://www.mews.li"
POLL_SECONDS, _USUAL_POLL_SECONDS = (0.05, 60), (1, 60)  # s; slower makes a guest wait at the desk


# The public token of the demo hotel, and where it works (reference/mews.md section 1).
DEMO_TOKEN = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"  # noqa: S105 - Mews has published it
DEMO_PLATFORM = "https://demo.mews.li"
_OF_MEWS = (".mews.li", ".mews.com", ".mews-demo.com")
PUSH = "wss://ws.mews.com"
OFF = "off"  # no push: the box asks alone
# The API's names, and those of its WebSocket.
_PUSH_OF = {"api.mews.com": PUSH, "api.mews-demo.com": "wss://ws.mews-demo.com"}
_PUSH_SCHEMES = {"https": "wss", "http": "ws"}
_OF_TODAY = ("push", "enterprise", "card_numbers")  # settings of the dialect "current" alone
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ENTERPRISE = "851df8c8-90f2-4c4a-8e01-a4fc46b25178"
# Pages for people, and the API that stands behind them.
_WEB_PAGES = {
    "app.mews.com": "https://api.mews.com",
    "mews.com": "https://api.mews.com",
    "www.mews.com": "https://api.mews.com",
    "app.mews-demo.com": "https://api.mews-demo.com",
    "mews-demo.com": "https://api.mews-demo.com",
    "www.mews-demo.com": "https://api.mews-demo.com",
    "app.mews.li": "https://www.mews.li",
}


def read_mews(table: Table, key_age_seconds: int) -> Mews:
    """The section's values; mistakes go into the table's ledger. A key is stale after `key_age_seconds`."""
    dialect = table.text("dialect", _dialect, Dialect.V2016)
    mews = Mews(
        dialect=Dialect(dialect or Dialect.V2016),
        platform=table.text("platform", platform, PLATFORM),
        connector_token=read_token(table, "connector_token"),
        access_token=read_token(table, "access_token"),
        client_token=read_token(table, "client_token"),
        poll_seconds=table.number("poll_seconds", *POLL_SECONDS, 2.0),
        push=_push(table),
        enterprise=read_id(table, "enterprise", _ENTERPRISE) if table.has("enterprise") else "",
        card_numbers=table.flag("card_numbers", default=False),
    )
    if dialect:
        _TOKEN_RULES[mews.dialect](table)
    if mews.dialect is Dialect.V2016 and mews.connector_token is not None:
        mews = msgspec.structs.replace(mews, access_token=None)
    _check_pace(table, mews.poll_seconds, key_age_seconds)
    _check_demo(table, mews)
    table.doubt("poll_seconds", mews.poll_seconds, *_USUAL_POLL_SECONDS, "eats up Mews' limit of calls")
    if mews.platform.startswith("http:"):
        table.warn(
            "platform", "is not encrypted, which suits a simulator only", f'Write "{PLATFORM}" for a real hotel'
        )
    return mews


def push_platform(mews: Mews) -> str | None:
    """Scheme, host and port of the WebSocket by which Mews says that there is news; None where there is none."""
    if mews.dialect is Dialect.V2016 or mews.push == OFF:
        return None
    if mews.push:
        return mews.push
    known = address(mews.platform, ("https", "http"), PLATFORM)
    scheme = _PUSH_SCHEMES[known.scheme]
    return _PUSH_OF.get(known.host) or msgspec.structs.replace(known, scheme=scheme).origin


def read_id(table: Table, name: str, example: str) -> str:
    """An id of Mews that has to be there, without braces; "" where it is absent or wrong."""
    found = table.text(name, mews_id, example)
    if found and not _ID.fullmatch(found):
        wrong = "does not look like an id of Mews, which has 32 hex digits in five groups"
        table.warn(name, wrong, "Copy the id from Mews: a name or a number is something else")
    return found


def mews_id(text: str) -> str:
    """An id in one piece, without the braces that may stand around it. Raises `Wrong`."""
    found = filled_in(text).removeprefix("{").removesuffix("}").strip()
    if not re.fullmatch(r"[!-~]+", found):
        raise Wrong("is no id of Mews", "Copy the id again, from its first to its last character")
    return found


def push(text: str) -> str:
    """Scheme, host and port of the WebSocket, without a final slash, or "off". Raises `Wrong`."""
    if text.casefold() == OFF:
        return OFF
    found = address(text, ("wss", "ws"), PUSH)
    if found.host in _PUSH_OF or found.host in _WEB_PAGES:
        raise Wrong("is not the address of Mews' WebSocket", f'Write "{_push_beside(found.host)}"')
    if found.path.strip("/"):
        raise Wrong("goes on after the host", f'Write "{found.origin}"; the box adds the rest itself')
    if found.scheme == "ws" and not is_near(found.host):
        write = f'Write "wss://{found.host}"'
        raise Wrong("would send the token unencrypted (ws is only for simulators in the own network)", write)
    return found.origin


def platform(text: str) -> str:
    """Scheme, host and port of Mews, without a final slash. Raises `Wrong`."""
    found = address(text, ("https", "http"), PLATFORM)
    if found.host in _WEB_PAGES:
        raise Wrong("is Mews' page for people, not its API", f'Write "{_WEB_PAGES[found.host]}"')
    if found.path.strip("/"):
        raise Wrong("goes on after the host", f'Write "{found.origin}"; the box adds the rest itself')
    if found.scheme == "http" and not is_near(found.host):
        write = f'Write "https://{found.host}"'
        raise Wrong("would send the token unencrypted (http is only for simulators in the own network)", write)
    return found.origin


def _push(table: Table) -> str:
    value = table.raw("push")
    if isinstance(value, bool):
        write = "Leave the line out" if value else f'Write push = "{OFF}"'
        table.error("push", "is true or false, not text", write)
        return ""
    found = table.optional("push", push, PUSH) or ""
    if found.startswith("ws:"):
        table.warn("push", "is not encrypted, which suits a simulator only", f'Write "{PUSH}" for a real hotel')
    return found


def _push_beside(host: str) -> str:
    api = _WEB_PAGES.get(host, f"https://{host}").removeprefix("https://")
    return _PUSH_OF.get(api, PUSH)


def _dialect(text: str) -> str:
    known = [dialect.value for dialect in Dialect]
    if text not in known:
        meant = nearest(text, known)
        write = f'Write "{meant}"' if meant else 'Write "2016" for the Connector API v1, "current" for today\'s'
        raise Wrong('is neither "2016" nor "current"', write)
    return text


def _check_pace(table: Table, poll_seconds: float, key_age_seconds: int) -> None:
    """An order may come just after a poll, and the next poll may fail: the one after that has to be in time."""
    if poll_seconds > key_age_seconds / 2:
        wrong = f"is more than half of key_age_seconds ({key_age_seconds}), so one failed poll makes a key too old"
        write = f"Write poll_seconds = {key_age_seconds / 2:g}, or a larger key_age_seconds under [limits]"
        table.error("poll_seconds", wrong, write)


def _check_demo(table: Table, mews: Mews) -> None:
    """A simulator may take the token of Mews' demo; Mews' other platforms do not."""
    if mews.platform == DEMO_PLATFORM or not mews.platform.endswith(_OF_MEWS):
        return
    for name in ("connector_token", "access_token", "client_token"):
        if table.raw(name) == DEMO_TOKEN:
            wrong = f"is the public token of {DEMO_PLATFORM}, which this platform does not take"
            table.error(name, wrong, "Write the token from the hotel's Mews administrator in quotes")


def _check_2016(table: Table) -> None:
    if table.has("client_token"):
        table.warn("client_token", "is not used in the dialect 2016", 'Take it out, or write dialect = "current"')
    for name in _OF_TODAY:
        if table.raw(name):
            table.warn(name, "is not used in the dialect 2016", 'Take it out, or write dialect = "current"')
    if table.has("connector_token") and table.has("access_token"):
        wrong = "stands beside connector_token and is not used: the box signs in"
        table.warn("access_token", wrong, "Take it out, so that only one box can be active at a time")
    if not (table.has("connector_token") or table.has("access_token")):
        table.error(
            "connector_token", "is missing", "Write the token from the hotel's Mews administrator in quotes"
        )


def _check_current(table: Table) -> None:
    if table.has("connector_token"):
        table.error("connector_token", 'is not used in the dialect "current"', "Write it as access_token")
    for name in ("access_token", "client_token"):
        if not table.has(name):
            table.error(name, "is missing", f"Write {name} in quotes; the current dialect needs two tokens")


_TOKEN_RULES = {Dialect.V2016: _check_2016, Dialect.CURRENT: _check_current}
