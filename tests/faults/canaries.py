"""Canaries: a hotel with both lock systems, in which all that must stay secret is recognised where it turns up.

Every order carries a guest and an account; both lock servers repeat what they were told, in their refusals too.
"""

import re

import httpx
import msgspec

from agent.simulators.mews.listing import key_data
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN
from agent.status.web import web_app
from tests.faults.desk import ended
from tests.whole_hotel import VISIONLINE_SERVER, Hotel, visionline_text

TOKEN = "CANARY0TOKEN0C66EF7B239D24632943D115EDE9CB810"
PASSWORD = "canary-bridge-password"
BOX_PASSWORD = "canary-own-password-at-visionline"
GUEST = {
    "FirstName": "CanaryFirst",
    "LastName": "CanaryLast",
    "Email": "canary.guest@example.org",
    "Phone": "+43 660 1234567",
    "Telephone": "+43 660 7654321",
}
ACCOUNT = {"UserName": "canary-visionline-user", "Password": "canary-visionline-password"}
OTHERS_ACCOUNT = {"UserName": "canary-other-user", "Password": "canary-other-password"}  # no server knows it
AT_THE_DESK = ("desk.canary@example.org", "+43 676 7775551")
PHONES = """
[[coder_bridge.encoders]]
name = "Phones"
identifier = "9"
mobile = true
key_cutters = ["phones"]
"""
ROUTES = ("/", "/style.css", "/status.json", "/healthz", "/metrics", "/nothing")
_NUMBER_SIGNS = re.compile(r"[ ().+/-]")


def prepare(hotel: Hotel) -> None:
    """Give a hotel its canaries, and lock servers that repeat secrets."""
    hotel.mews.switch(token=TOKEN, details=True)
    hotel.bridge.switch(client_pw=PASSWORD, echo_secrets=True)
    account = f"{ACCOUNT['UserName']}:{ACCOUNT['Password']}"
    hotel.visionline.switch(password=BOX_PASSWORD, more_accounts=(account,), echo_secrets=True)
    more = PHONES + visionline_text(hotel.visionline)
    hotel.provision(token=TOKEN, profile="allow_precheckin = true", more=more)


def order(hotel: Hotel, room: str, key_cutter: str = "1", **changes: object) -> str:
    """Order a key with all that Mews may know of its guest; the command's id."""
    now = hotel.mews.clock.now()
    data = key_data(key_cutter, (room,), now, now.replace(year=now.year + 1), 1)
    stay = {"Id": "stay-1", "Customer": GUEST, "Companions": [GUEST], "Number": "123"}
    known = {**data, **ACCOUNT, **GUEST, "ApiUrl": VISIONLINE_SERVER, "Reservation": stay}
    return hotel.mews.add_key(key_cutter, data={**known, **changes})


def raw_order(hotel: Hotel, tail: bytes) -> str:
    """Order something that is not whole, with a guest around it."""
    person = msgspec.json.encode(GUEST)
    id = hotel.mews.add_raw(
        b'{"Id":"@ID@","State":"Pending","CreatedUtc":"@CREATED@","Creator":'
        + person
        + b',"Guest":'
        + person
        + tail
    )
    assert id is not None
    return id


def secrets(hotel: Hotel) -> list[str]:
    """All that must stay in memory, sessions and tokens of the run included."""
    session = hotel.mews.sessions._token
    assert session is not None or hotel.mews.is_current  # which knows no sessions
    jwts = [*hotel.bridge.tokens._since, "eyJ"]  # with the beginning of any
    opened = hotel.visionline.access.sessions.ever
    sessions = [*(each.id for each in opened), *(each.key for each in opened)]
    tokens = [TOKEN, DEMO_TOKEN, DEMO_CLIENT_TOKEN, *([session] if session else [])]
    passwords = [*tokens, PASSWORD, BOX_PASSWORD, *jwts, *sessions]
    return [*passwords, *GUEST.values(), *ACCOUNT.values(), *OTHERS_ACCOUNT.values(), *AT_THE_DESK]


def found(hotel: Hotel, text: str) -> list[str]:
    """Which secrets are in a text; a telephone number also without its blanks and signs."""
    numbers = (GUEST["Phone"], GUEST["Telephone"], AT_THE_DESK[1])
    bare = _NUMBER_SIGNS.sub("", text)
    written = [number for number in numbers if _NUMBER_SIGNS.sub("", number)[2:] in bare]
    return [secret for secret in secrets(hotel) if secret in text] + written


async def everything_goes_wrong(hotel: Hotel) -> None:
    """Orders that end in every kind of note, each with a guest in it, at both lock systems."""
    _trouble_at_the_bridge(hotel)
    _trouble_at_visionline(hotel)
    ids = [order(hotel, room) for room in ("101", "102", "103", "104", "108")]
    ids += [order(hotel, "105", KeyCount="x"), order(hotel, "106", "77"), order(hotel, "107", KeyCount=11)]
    ids += [raw_order(hotel, b',"Device":{"Id":"1","Name":"K","Type":"Teleporter"}}'), raw_order(hotel, b"}")]
    ids.append(raw_order(hotel, b',"Device":{"Id":"1","Id":"1"},"Guest":null}'))
    ids += [order(hotel, room, "phones") for room in ("401", "402", "403")]
    ids += [order(hotel, room, "bar1") for room in ("301", "302", "303", "304")]
    ids.append(order(hotel, "305", "bar2", **OTHERS_ACCOUNT))
    url = f"https://{OTHERS_ACCOUNT['UserName']}:{OTHERS_ACCOUNT['Password']}@10.9.9.9/api/v1"
    ids.append(order(hotel, "306", "bar2", ApiUrl=url))
    for id in ids:
        assert (await ended(hotel, id)).is_final


def _trouble_at_the_bridge(hotel: Hotel) -> None:
    for room in ("102", "108"):
        hotel.bridge.fail("no-card", "guest_key", match={"room": room}, seconds=1)
    hotel.bridge.fail("drop", "guest_key", match={"room": "103"}, when="after")
    hotel.bridge.fail("html-500", "guest_key", match={"room": "104"})
    told = f"{GUEST['Telephone']} alias 436607654321 of {GUEST['Email']} is no telephone"
    hotel.bridge.fail("database-down", "mobile_key_push", match={"room": "402"}, message=told)
    hotel.bridge.fail("drop", "mobile_key_push", match={"room": "403"}, when="after")


def _trouble_at_visionline(hotel: Hotel) -> None:
    account = f"{ACCOUNT['UserName']} with {ACCOUNT['Password']}, not {BOX_PASSWORD}"
    hotel.visionline.fail("bad-request", "cards", match={"door": "302"}, message=account)
    hotel.visionline.fail("interrupted", "cards", match={"door": "303"})
    hotel.visionline.fail("drop", "cards", match={"door": "304"}, when="after")


async def all_pages(hotel: Hotel) -> str:
    """All that the page's server says."""
    assert hotel.app is not None
    transport = httpx.ASGITransport(web_app(hotel.app.snapshot))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as reader:
        return "".join([(await reader.get(route)).text for route in ROUTES])


def files(hotel: Hotel) -> str:
    """All bytes of the state directory and of the notices."""
    folders = (hotel.state, hotel.notices)
    paths = [path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()]
    return "".join(path.read_bytes().decode("latin-1") for path in paths)
