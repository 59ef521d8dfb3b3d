"""What the interview asks, in which order, and where each answer goes in the file. Pure; judges no answer.

A question that depends on an answer stands behind it: `questions` is gone through again for each one.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

import msgspec

from provisioning.document import Document
from provisioning.host_port import host_and_port
from provisioning.model import FORMAT, CardFormat, Dialect, Page
from provisioning.positions import Keys
from provisioning.problems import Wrong
from provisioning.rules.mews import DEMO_PLATFORM, DEMO_TOKEN, PLATFORM
from provisioning.rules.network import check_reach
from provisioning.rules.settings import ACTING

Value = str | bool | list[str] | None  # None: none, for what may be left out
NONE = "-"  # how a person says that there is none

_PLATFORMS = {"demo": DEMO_PLATFORM, "live": PLATFORM}
_PRESENT = "the present one"
_OF_AN_ENCODER = ("name", "identifier", "key_cutters")
_BRIDGE, _VISIONLINE = "coder-bridge", "visionline"
# What stands for a lock server until its questions are answered.
_STAND_IN = {"username": "nightporter", "password": "not asked yet"}
_SERVERS = {"coder_bridge": "http://192.0.2.6:7331", "visionline": "https://192.0.2.7"}
# What few hotels need, and no question asks for: a new file has each as a comment, with its usual value.
OFFERED: Mapping[tuple[str, ...], Mapping[str, object]] = {
    ("coder_bridge",): {"allow_precheckin": False, "cancel_keys_on_checkout": False, "common_areas": []},
    ("coder_bridge", "encoders"): {"mobile": False},
    ("visionline",): {"card_format": CardFormat.RFID48.value},
}


class Kind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    HIDDEN = "hidden"  # a secret, kept as it is typed
    LIST = "list"  # with commas between
    CHOICE = "choice"
    YES_NO = "yes or no"


class Asked(msgspec.Struct, frozen=True):
    """One question: `put` writes a value into the file's tables. `keys` lead to the setting; () where it is none.

    `default` is what an empty answer means, None where there has to be one; `shown` is what to show of a secret.
    """

    name: str
    text: str
    help: str
    kind: Kind
    put: Callable[[Document, Value], None]
    keys: Keys = ()
    default: str | None = None
    shown: str = ""
    choices: tuple[str, ...] = ()
    is_optional: bool = False


Answers = Mapping[str, Value]


def first_document(old: Document | None) -> Document:
    """The tables that the answers go into: those of the old file, else the least that a file has."""
    document: Document = {"format": FORMAT, **(old or {})}
    box, mews = _section(document, "box"), _section(document, "mews")
    box.setdefault("name", "night-porter")
    box.setdefault("timezone", "Europe/Vienna")
    mews.setdefault("dialect", Dialect.V2016.value)
    mews.setdefault("platform", DEMO_PLATFORM)
    if not any(name.endswith("_token") for name in mews):
        mews["connector_token"] = DEMO_TOKEN
    return document


def without_strange_encoders(document: Document) -> Document:
    """The tables of a file with mistakes, its encoders with what is asked for alone: the rest would stay wrong
    whatever is answered."""
    for server in (_found(document, "coder_bridge"), _found(document, "visionline", 0)):
        encoders = server.get("encoders") if isinstance(server, dict) else None
        if isinstance(server, dict) and isinstance(encoders, list):
            tables = [each for each in encoders if isinstance(each, dict)]
            server["encoders"] = [{name: each[name] for name in _OF_AN_ENCODER if name in each} for each in tables]
    return document


def questions(answers: Answers, old: Document, code: str, password: str) -> Iterator[Asked]:
    """All questions in order. Each may depend on the answers to those before it, and on no other.

    `code` and `password` are proposed for the serial line and the page.
    """
    yield from _box(old)
    yield from _network(answers, old)
    yield from _mews(answers, old)
    yield from _lock(answers, old)
    yield from _codes(old, code, password)


def _box(old: Document) -> Iterator[Asked]:
    name_help = "Small letters, digits and hyphens. The page is at http://NAME.local/"
    yield _asked("box.name", "What is the box called?", name_help, old, "night-porter")
    zone_help = "Continent and city, as Europe/Vienna. It decides when a key begins and ends."
    yield _asked("box.timezone", "In which time zone is the hotel?", zone_help, old)


def _network(answers: Answers, old: Document) -> Iterator[Asked]:
    known = "fixed" if _found(old, "network", "address") else "dhcp"
    yield Asked(
        "network",
        "How does the box get its address?",
        "dhcp: from the hotel's router, by itself. fixed: one that the hotel's IT has given you.",
        Kind.CHOICE,
        _put_network,
        default=known,
        choices=("dhcp", "fixed"),
    )
    if answers["network"] == "dhcp":
        return
    yield _asked(
        "network.address", "Which address, with its prefix?", "As 10.4.5.20/24; /24 is 255.255.255.0.", old
    )
    before = _found(old, "network", "gateway")
    of_gateway = old if _can_be_gateway(before, answers["network.address"]) else {}
    gateway_help = "The address of the hotel's router; - for none, and then the box does not reach Mews."
    yield _asked("network.gateway", "Which gateway?", gateway_help, of_gateway, is_optional=True)
    gateway = answers["network.gateway"]
    of_dns = old if gateway == before else {}  # those of another network are not reached from this one
    dns_help = "One or more addresses with commas between, often the router's; - for none."
    default = gateway if isinstance(gateway, str) else None
    yield _asked("network.dns", "Which name servers?", dns_help, of_dns, default, kind=Kind.LIST, is_optional=True)


def _can_be_gateway(old: object, address: Value) -> bool:
    """Whether the gateway of the old file can be that of a box at the address that was answered."""
    try:
        check_reach(str(address), str(old))
    except (Wrong, ValueError):
        return False
    return True


def _mews(answers: Answers, old: Document) -> Iterator[Asked]:
    platform = _found(old, "mews", "platform")
    known = next(
        (name for name, address in _PLATFORMS.items() if address == platform), "own" if platform else "live"
    )
    yield Asked(
        "mews",
        "Which Mews?",
        f"demo: Mews' public demo hotel. live: {PLATFORM}. own: another address, of a simulator, say.",
        Kind.CHOICE,
        _put_platform,
        default=known,
        choices=(*_PLATFORMS, "own"),
    )
    if answers["mews"] == "own":
        platform_help = "With https://, and the host alone; http:// for a simulator in the own network."
        yield _asked("mews.platform", "At which address is Mews?", platform_help, old)
    for name in _token_names(old):
        yield _token(name, answers, old)


def _token_names(old: Document) -> tuple[str, ...]:
    if _found(old, "mews", "dialect") == Dialect.CURRENT:
        return "access_token", "client_token"
    has_plain = _found(old, "mews", "access_token") and not _found(old, "mews", "connector_token")
    return ("access_token",) if has_plain else ("connector_token",)


def _token(name: str, answers: Answers, old: Document) -> Asked:
    is_demo, known = answers["mews"] == "demo", _found(old, "mews", name)
    if known == DEMO_TOKEN and answers["mews"] == "live":
        known = None
    default = known or (DEMO_TOKEN if is_demo and name == "connector_token" else None)
    return Asked(
        f"mews.{name}",
        f"Which {name.replace('_', ' ')}?",
        "The hotel's Mews administrator has it. One token for one box. It is not shown while you type.",
        Kind.HIDDEN,
        _putter(old, "mews", name),
        keys=("mews", name),
        default=default if isinstance(default, str) else None,
        shown="the public one of the demo" if default == DEMO_TOKEN else _PRESENT if default else "",
    )


def _lock(answers: Answers, old: Document) -> Iterator[Asked]:
    known = _BRIDGE if _found(old, "coder_bridge") else _VISIONLINE if _found(old, "visionline") else "none"
    yield Asked(
        "lock",
        "Which lock system?",
        "coder-bridge: Messerschmitt. visionline: ASSA ABLOY. none: the box cuts no keys.",
        Kind.CHOICE,
        _put_lock,
        default=known,
        choices=("none", _BRIDGE, _VISIONLINE),
    )
    if answers["lock"] == "none":
        return
    section = "coder_bridge" if answers["lock"] == _BRIDGE else "visionline"
    yield from _server(section, old)
    yield from _encoders(section, answers, old)
    if section == "coder_bridge":
        yield from _switches(old)


def _server(section: str, old: Document) -> Iterator[Asked]:
    example = _SERVERS[section].replace("192.0.2", "10.4.5")
    address_help = f"As {example}. A fixed IP address is best."
    yield _asked(f"{section}.server", "At which address is the lock system's PC?", address_help, old)
    yield _asked(f"{section}.username", "Which user there?", "The account that the box has there.", old)
    about = "Of that account. It is not shown while you type."
    yield _asked(f"{section}.password", "Which password?", about, old, kind=Kind.HIDDEN)


def _encoders(section: str, answers: Answers, old: Document) -> Iterator[Asked]:
    at, goes_on = 0, True
    while goes_on:
        yield from _encoder(section, at, old)
        name = f"{section}.encoders.{at}.more"
        known = _found(old, section, "encoders", at + 1, "name")
        text = f"Is encoder {known} still there?" if isinstance(known, str) else "Is there another encoder?"
        yield Asked(
            name,
            text,
            "yes asks for one more; no goes on, and what the old file has behind it is left out.",
            Kind.YES_NO,
            _put_nothing,
            default="yes" if known else "no",
            choices=("yes", "no"),
        )
        goes_on, at = answers[name] is True, at + 1


def _encoder(section: str, at: int, old: Document) -> Iterator[Asked]:
    here = f"{section}.encoders.{at}"
    order = f"encoder {at + 1}"
    name_help = "What people call it, as Front desk left. Network encoders only, none that is on USB."
    yield _asked(f"{here}.name", f"What is {order} called?", name_help, old)
    identifier_help = "Its id in the lock system, best a short number."
    yield _asked(f"{here}.identifier", f"Which identifier has {order}?", identifier_help, old, str(at + 1))
    cutters_help = "KeyCutterId or Device.Id from Mews, with commas between."
    yield _asked(
        f"{here}.key_cutters", f"Which key cutters of Mews is {order}?", cutters_help, old, str(at + 1), Kind.LIST
    )


def _switches(old: Document) -> Iterator[Asked]:
    active_help = "no: the box connects and shows how things are, and refuses every key until this is switched on."
    yield _asked("coder_bridge.active", "May the box cut keys?", active_help, old, "yes", Kind.YES_NO)
    unconfirmed_help = (
        "Not every call by which a key is cut is confirmed by the vendor. no: such calls are refused. "
        "yes: they are used, for a test while a person watches the encoder."
    )
    text = "May it use calls that the vendor has not confirmed? Without, the box's own profile cuts no key."
    yield _asked("coder_bridge.allow_unconfirmed", text, unconfirmed_help, old, "no", Kind.YES_NO)


def _codes(old: Document, code: str, password: str) -> Iterator[Asked]:
    code_help = "The serial line asks for it before it obeys; - for none, and then it only looks."
    yield _code("console", "code", "Which code for the serial line?", code_help, old, code)
    page_help = "For acting on the page, over TLS, at least 10 characters; - for none, and then it only looks."
    yield _code("page", "password", "Which password for the page?", page_help, old, password)


def _code(section: str, field: str, text: str, about: str, old: Document, proposed: str) -> Asked:
    known = _found(old, section, field)
    is_known = isinstance(known, str)
    return Asked(
        f"{section}.{field}",
        text,
        about,
        Kind.HIDDEN,
        _put_page_password if section == "page" else _putter(old, section, field),
        keys=(section, field),
        default=str(known) if is_known else proposed,
        shown=_PRESENT if is_known else proposed,
        is_optional=True,
    )


def _asked(
    path: str,
    text: str,
    about: str,
    old: Document,
    default: str | None = None,
    kind: Kind = Kind.TEXT,
    *,
    is_optional: bool = False,
) -> Asked:
    """A question for one setting of the file; what the old file has there is proposed."""
    keys = tuple(int(key) if key.isdigit() else key for key in path.split("."))
    known = _as_answer(_found(old, *keys))
    proposed = known if known is not None else default
    return Asked(
        path,
        text,
        about,
        kind,
        _putter(old, *keys),
        keys=keys,
        default=proposed,
        shown=_PRESENT if proposed and kind is Kind.HIDDEN else "",
        choices=("yes", "no") if kind is Kind.YES_NO else (),
        is_optional=is_optional,
    )


def _as_answer(value: object) -> str | None:
    """A value of the old file as a person would type it; None for one that no answer gives."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case [*parts] if parts and all(isinstance(part, str) for part in parts):
            return ", ".join(map(str, parts))
        case _:
            return None


def _found(document: Document, *keys: str | int) -> object:
    """What stands there; None for nothing. Of a list of servers, the first one."""
    value: object = document
    for key in keys:
        if isinstance(value, list) and isinstance(key, str):
            value = value[0] if value else None
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int):
            value = value[key] if key < len(value) else None
        else:
            return None
    return value or None if isinstance(value, list | dict | str) else value


def _section(document: Document, name: str) -> Document:
    """The section of that name, made where there is none; of a list of servers, the first one."""
    value = document.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        value = document[name] = {}
    return value


def _putter(old: Document, section: str | int, *keys: str | int) -> Callable[[Document, Value], None]:
    *between, field = keys

    def put(document: Document, value: Value) -> None:
        table = _section(document, str(section))
        if between:
            at = int(between[1])
            table = _encoder_table(table, at, _found(old, section, "encoders", at))
        if value is None:
            table.pop(str(field), None)
        else:
            table[str(field)] = value

    return put


def _encoder_table(server: Document, at: int, old: object) -> Document:
    """The encoder's own, begun with what no question asks for, and with what no other one has."""
    encoders = server["encoders"]
    assert isinstance(encoders, list)
    if at == len(encoders):
        own = f"not asked yet {at}"
        asked = {"name": own, "identifier": own, "key_cutters": [own]}
        encoders.append({**(old if isinstance(old, dict) else {}), **asked})
    table: Document = encoders[at]
    return table


def _put_network(document: Document, value: Value) -> None:
    if value == "dhcp":
        network = _section(document, "network")
        had_address = network.pop("address", None)
        network.pop("gateway", None)
        if had_address:  # whose name servers were that network's
            network.pop("dns", None)
        if not network:
            del document["network"]


def _put_platform(document: Document, value: Value) -> None:
    if isinstance(value, str) and value in _PLATFORMS:
        _section(document, "mews")["platform"] = _PLATFORMS[value]


def _put_lock(document: Document, value: Value) -> None:
    """The other lock system stays as it is, but for `none`."""
    if value == "none":
        document.pop("coder_bridge", None)
        document.pop("visionline", None)
        return
    name = "coder_bridge" if value == _BRIDGE else "visionline"
    fresh: Document = {"server": _SERVERS[name], **_STAND_IN}
    old = document.get(name)
    if name == "coder_bridge":
        document[name] = {**fresh, **(old if isinstance(old, dict) else {}), "encoders": [], "active": False}
        return
    first, *others = old if isinstance(old, list) and all(isinstance(each, dict) for each in old) and old else [{}]
    document[name] = [{**fresh, **first, "encoders": []}, *others]


def _put_page_password(document: Document, value: Value) -> None:
    """With a password goes the address where it is asked for."""
    page = _section(document, "page")
    if value is None:
        page.pop("password", None)
        page.pop("acting", None)
        return
    page["password"] = value
    listening = host_and_port(str(page.get("listen", Page().listen)))
    is_taken = listening is not None and listening[1] == 443
    page.setdefault("acting", "0.0.0.0:8443" if is_taken else ACTING)


def _put_nothing(document: Document, value: Value) -> None:
    """Of a question that only leads to others."""
