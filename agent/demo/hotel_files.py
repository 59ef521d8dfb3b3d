"""The demo's hotel on disk: its provisioning file, and the site profile that its simulated bridge has proved.

Must never be taken for a real site: every entry says that only a simulator confirmed it. What is called encoder
here is the key cutter of that name in Mews too.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent.demo.lock_systems import Account, LockSystems
from agent.demo.office import PRINTER, Office
from agent.simulators.mews.switches import DEMO_CLIENT_TOKEN, DEMO_TOKEN, Dialect

BRIDGE_NAMES = {"1": "Front desk left", "2": "Front desk right", "3": "Concierge"}  # encoders, as people call them
VISIONLINE_NAMES = {"BAR1": "Bar"}
NAMES = BRIDGE_NAMES | VISIONLINE_NAMES
MOBILE = "8"  # sends keys to telephones; only the desk orders them

CONSOLE_CODE = "demo-hotel"
PAGE_PASSWORD = "demo hotel acts"  # noqa: S105 - shown on the screen, and opens nothing real
PROFILE = "simulated-bridge.toml"

_FILE = """\
format = 1

[box]
name = "demo-hotel"
timezone = "Europe/Vienna"

[console]
code = "{code}"

[mews]
dialect = "{dialect}"
platform = "{mews}"
{tokens}
poll_seconds = 1.0

[coder_bridge]
active = true
server = "{bridge}"
username = "{username}"
password = "{password}"
profile = "{profile}"
allow_precheckin = true

[[coder_bridge.encoders]]
name = "Telephones"
identifier = "{mobile}"
key_cutters = ["{mobile}"]
mobile = true

[doors]
"POOL" = {{ area = "1" }}
"Suite" = {{ room = "301", areas = ["1", "2"] }}
"401A" = {{ room = "401" }}
"401B" = {{ room = "401" }}
"401C" = {{ room = "401" }}
"401D" = {{ room = "401" }}
"""
_TOKENS = {
    Dialect.V2016: f'connector_token = "{DEMO_TOKEN}"',
    Dialect.CURRENT: f'access_token = "{DEMO_TOKEN}"\nclient_token = "{DEMO_CLIENT_TOKEN}"',
}
_VISIONLINE = """
[[visionline]]
server = "{server}"
username = "{username}"
password = "{password}"
certificate_sha256 = "{pin}"
"""
_ACTING = """
[page]
acting = "{acting}"
password = "{password}"
"""
_ENCODER = """
[[{section}.encoders]]
name = "{name}"
identifier = "{identifier}"
key_cutters = ["{identifier}"]
"""
_PRINTER = """
[[printers]]
name = "{name}"
uri = "{uri}"
"""
_RESULT = {"method": "POST", "answer": "result"}
_LIST = {"method": "GET", "answer": "list"}
_STAY = {"room": "rm", "encoder": "enco", "start": "movein", "end": "moveout", "areas": "sa_guest"}
_MOBILE = {"room": "rm", "user": "user_id", "end": "checkout_date", "areas": "sa_guest"}
_PROVED: dict[str, Mapping[str, str | bool]] = {  # what no public source confirms, as the simulator has it
    "calls.config_checkout_times": {**_LIST, "path": "/config/cotimes"},
    "calls.config_special_areas": {**_LIST, "path": "/config/sa"},
    "calls.room_checkout": {**_RESULT, "path": "/pms/coems"},
    "calls.room_checkout.fields": {"room": "rm"},
    "calls.guest_key": {**_RESULT, "path": "/pms/cikey"},
    "calls.guest_key.fields": _STAY,
    "calls.guest_key_precheckin": {**_RESULT, "path": "/pms/precikey"},
    "calls.guest_key_precheckin.fields": _STAY,
    "calls.mobile_key": {**_RESULT, "path": "/pms/mkey"},
    "calls.mobile_key.fields": _MOBILE,
    "calls.mobile_key_push": {**_RESULT, "path": "/pms/mkeypush"},
    "calls.mobile_key_push.fields": {**_MOBILE, "push_address": "push_address"},
    "calls.read_card": {**_RESULT, "path": "/pms/readkey"},
    "calls.read_card.fields": {"encoder": "enco"},
    "dates": {"pattern": "MM/dd/yyyy", "zone": "hotel", "precision": "day", "send_start": True},
    "areas": {"use": True, "separator": ","},
    "duplicates": {"how": "repeat"},
    "mobile": {"user": "reservation"},
    "lists.checkout_times": {
        "list": "cotimes",
        "id": "id",
        "name": "name",
        "time": "time",
        "standard": "Standard",
    },
    "lists.special_areas": {"list": "areas", "id": "id", "name": "name"},
    "card": {"room": "rm", "areas": "sa_guest", "start": "movein", "end": "moveout", "tid": "tid", "cid": "cid"},
    "rms": {"send": True, "key_checkout_ends_occupancy": True},
}


class Site(msgspec.Struct, frozen=True):
    """Where the demo's files are."""

    config: Path
    state: Path


def write_site(
    folder: Path,
    mews: str,
    locks: LockSystems,
    office: Office,
    dialect: Dialect = Dialect.V2016,
    acting: str = "",
) -> Site:
    """Write both files into `folder`, for Mews at that address, the lock servers and the printer at theirs.

    `acting` is where the page that acts listens, "" for none.
    """
    (folder / PROFILE).write_text(profile())
    config = folder / "provisioning.toml"
    text = _provisioning(mews, locks, dialect) + _PRINTER.format(name=PRINTER, uri=office.uri)
    config.write_text(text + _ACTING.format(acting=acting, password=PAGE_PASSWORD) if acting else text)
    return Site(config, folder / "state")


def _provisioning(mews: str, locks: LockSystems, dialect: Dialect) -> str:
    bridge = locks.bridge.switches
    text = _FILE.format(
        mews=mews,
        dialect=dialect,
        tokens=_TOKENS[dialect],
        bridge=locks.bridge_url,
        username=bridge.client_id,
        password=bridge.client_pw,
        code=CONSOLE_CODE,
        mobile=MOBILE,
        profile=PROFILE,
    )
    text += _encoders("coder_bridge", BRIDGE_NAMES)
    account = locks.account
    return text if account is None else text + _visionline(account, locks.pin)


def _visionline(account: Account, pin: str) -> str:
    section = _VISIONLINE.format(server=account.url, username=account.username, password=account.password, pin=pin)
    return section + _encoders("visionline", VISIONLINE_NAMES)


def _encoders(section: str, names: Mapping[str, str]) -> str:
    blocks = (_ENCODER.format(section=section, name=name, identifier=id) for id, name in names.items())
    return "".join(blocks)


def profile() -> str:
    """The site profile in which every call of the simulated bridge is confirmed."""
    lines = ['base = "coder-bridge-v2"']
    for group, entries in _PROVED.items():
        lines.append(f"[{group}]")
        lines += [f"{name} = {_entry(value)}" for name, value in entries.items()]
    return "\n".join(lines) + "\n"


def _entry(value: str | bool) -> str:
    written = msgspec.json.encode(value).decode()  # texts and booleans are the same in TOML
    return f'{{ value = {written}, confirmed = true, source = "the demo\'s simulated bridge, nothing real" }}'
