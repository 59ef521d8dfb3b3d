"""Every row of the operation tables, end to end: from a Mews command, a verb with or without an agent, or both.

The rows are those of reference/coder-bridge.md section 2, reference/visionline.md sections 2 to 10, and the Data
of `VisiOnlineKeyCutter` on Mews' page of 2016 ("Devices"). One house of real processes serves all of them; each
row has rooms of its own, so that no row counts another one's cards.
"""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from agent.simulators.coder_bridge.slots import ADDRESSES
from tests.e2e.lock_house import MAIL, PHONE, LockHouse, environment, lock_house, run, utc, wait

pytestmark = pytest.mark.needs("openssl")

VIENNA = ZoneInfo("Europe/Vienna")
PMS_PORT = 4000  # TCP; VisiOnline's PMS interface
LATER = datetime.now(UTC) + timedelta(days=3)
Row = Callable[[LockHouse], None]
ROWS: dict[str, Row] = {}


def row(name: str) -> Callable[[Row], Row]:
    """A row of a table, by the name that its test has."""

    def add(check: Row) -> Row:
        assert name not in ROWS
        ROWS[name] = check
        return check

    return add


def american(moment: datetime) -> str:
    """The day as the simulated bridge wants it."""
    return moment.astimezone(VIENNA).strftime("%m/%d/%Y")


def compact(moment: datetime) -> str:
    """The minute as VisiOnline wants it."""
    return moment.astimezone(VIENNA).strftime("%Y%m%dT%H%M")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LockHouse]:
    with lock_house(tmp_path_factory.mktemp("house")) as house:
        yield house


# -- coder-bridge.md, section 2 -----------------------------------------------------------------------------------


@row("coder-bridge 1 auth: verb alone")
def authenticate(house: LockHouse) -> None:
    before = house.bridge.calls("auth")
    steps = {step["step"]: step["mark"] for step in house.verb("test", "--json", alone=True).rows}
    assert (house.bridge.calls("auth") > before, steps["log-in"]) == (True, "good")


@row("coder-bridge 2 config_rooms: verb")
def rooms(house: LockHouse) -> None:
    rows = house.verb("rooms", "--json").rows
    assert {"101", "102", "103"} <= {each["room"] for each in rows if each["lock_system"] == "coder-bridge"}


@row("coder-bridge 2 config_rooms: verb alone")
def rooms_alone(house: LockHouse) -> None:
    table = house.verb("rooms", alone=True).out
    assert re.search(r"^101 .* coder-bridge$", table, re.MULTILINE)


@row("coder-bridge 3 config_checkout_times: verb")
def times(house: LockHouse) -> None:
    rows = house.verb("times", "--json").rows
    assert [(each["name"], each["time"]) for each in rows] == [("Standard", "11:00"), ("Late", "14:00")]


@row("coder-bridge 3 config_checkout_times: verb alone")
def times_alone(house: LockHouse) -> None:
    assert "2 check-out times." in house.verb("times", alone=True).out


@row("coder-bridge 3 config_checkout_times: Mews command without an end")
def standard_end(house: LockHouse) -> None:
    house.cut("1", "131", ValidityEndUtc=None)
    [cut] = house.cuts("131")
    assert cut["end"] == american(datetime.now(UTC) + timedelta(days=1))


@row("coder-bridge 4 config_special_areas: verb")
def areas(house: LockHouse) -> None:
    rows = house.verb("areas", "--json").rows
    assert [(each["area"], each["name"]) for each in rows] == [("1", "Pool"), ("2", "Spa"), ("3", "Garage")]


@row("coder-bridge 4 config_special_areas: verb alone")
def areas_alone(house: LockHouse) -> None:
    assert "3 areas." in house.verb("areas", alone=True).out


@row("coder-bridge 4 config_special_areas: Mews command with a door that is an area")
def area_of_door(house: LockHouse) -> None:
    house.cut("1", "141", "POOL")
    assert [cut["areas"] for cut in house.cuts("141")] == ["1"]


@row("coder-bridge 4 config_special_areas: an area that is not listed is refused before the card")
def unknown_area(house: LockHouse) -> None:
    said = house.verb("key", "--sure", "1", "142", "7", code=1)
    assert "does not have the extra door 7; it has 1 (Pool), 2 (Spa), 3 (Garage)" in said.err
    assert not house.cuts("142")


@row("coder-bridge 5 room_checkin and 6 room_checkout: verbs, by the name at the room management")
def room_in_and_out(house: LockHouse) -> None:
    assert "Room 3-SUITE is checked in" in house.verb("room-in", "--sure", "301").out
    assert taken(house, "3-SUITE") == "1"
    house.verb("room-out", "--sure", "301")
    assert taken(house, "3-SUITE") == "0"


@row("coder-bridge 5 room_checkin and 6 room_checkout: verbs alone")
def room_in_and_out_alone(house: LockHouse) -> None:
    house.verb("room-in", "--sure", "102", alone=True)
    assert taken(house, "102") == "1"
    house.verb("room-out", "--sure", "102", alone=True)
    assert taken(house, "102") == "0"


def taken(house: LockHouse, room: str) -> str:
    """The bridge's status of a room; the first of two that it writes."""
    rows = house.verb("rooms", "--json").rows
    [state] = {each["state"] for each in rows if (each["room"], each["lock_system"]) == (room, "coder-bridge")}
    return str(state)


@row("coder-bridge 7 guest_key: Mews command")
def guest_key(house: LockHouse) -> None:
    house.cut("1", "171")
    [cut] = house.cuts("171")
    assert (cut["slot"], cut["encoder"], cut["start"]) == ("guest_key", "1", american(datetime.now(UTC)))


@row("coder-bridge 7 guest_key: verb with areas")
def guest_key_verb(house: LockHouse) -> None:
    said = house.verb("key", "--sure", "1", "172", "1,3")
    assert "Present a card at Front desk: key 1 of 1 for room 172, 1, 3." in said.out
    assert [cut["areas"] for cut in house.cuts("172")] == ["1,3"]


@row("coder-bridge 7 guest_key: verb alone, two copies")
def guest_key_alone(house: LockHouse) -> None:
    assert (
        "2 keys were cut for room 173." in house.verb("key", "--sure", "1", "173", "--copies", "2", alone=True).out
    )
    assert len(house.cuts("173")) == 2


@row("coder-bridge 7 guest_key: Mews command for a room with its common doors")
def guest_key_of_suite(house: LockHouse) -> None:
    house.cut("1", "SUITE")
    assert [cut["areas"] for cut in house.cuts("301")] == ["2,3"]


@row("coder-bridge 8 guest_key_checkout: verb, a key that Mews had ordered")
def cancel(house: LockHouse) -> None:
    house.cut("1", "181")
    assert "1 key is cancelled for room 181." in house.verb("cancel", "--sure", "181").out
    again = house.verb("cancel", "--sure", "181", house.cuts("181")[0]["tid"], code=1)
    assert "The key has been cancelled already" in again.err


@row("coder-bridge 8 guest_key_checkout: verb alone, by the key's number")
def cancel_alone(house: LockHouse) -> None:
    house.cut("1", "182")
    tid = house.cuts("182")[0]["tid"]
    assert f"The key {tid} of room 182 is cancelled." in house.verb("cancel", "--sure", "182", tid, alone=True).out


@row("coder-bridge 9 guest_key_precheckin: Mews command")
def precheckin(house: LockHouse) -> None:
    house.cut("1", "191", ValidityStartUtc=utc(LATER), ValidityEndUtc=utc(LATER + timedelta(days=2)))
    [cut] = house.cuts("191")
    assert (cut["slot"], cut["start"]) == ("guest_key_precheckin", american(LATER))


@row("coder-bridge 9 guest_key_precheckin: verb")
def precheckin_verb(house: LockHouse) -> None:
    house.verb("precheckin", "--sure", "1", "192", "--days", "3", "--nights", "2")
    [cut] = house.cuts("192")
    assert (cut["slot"], cut["end"]) == ("guest_key_precheckin", american(datetime.now(UTC) + timedelta(days=5)))


@row("coder-bridge 9 guest_key_precheckin: verb alone")
def precheckin_alone(house: LockHouse) -> None:
    house.verb("precheckin", "--sure", "1", "193", alone=True)
    assert [cut["slot"] for cut in house.cuts("193")] == ["guest_key_precheckin"]


@row("coder-bridge 10 mobile_key: Mews command")
def mobile(house: LockHouse) -> None:
    stay = str(uuid4())
    house.cut("8", "201", Reservation={"Id": stay})
    assert [(key["slot"], key["user"]) for key in house.mobile_keys("201")] == [("mobile_key", stay)]


@row("coder-bridge 10 mobile_key: verb")
def mobile_verb(house: LockHouse) -> None:
    assert "Asks Telephones for key 1 of 1 for room 202." in house.verb("mobile", "--sure", "8", "202").out
    assert [key["slot"] for key in house.mobile_keys("202")] == ["mobile_key"]


@row("coder-bridge 10 mobile_key: verb alone")
def mobile_alone(house: LockHouse) -> None:
    house.verb("mobile", "--sure", "8", "203", alone=True)
    assert len(house.mobile_keys("203")) == 1


@row("coder-bridge 11 mobile_key_push: Mews command with a telephone")
def push(house: LockHouse) -> None:
    house.cut("8", "211", Telephone=PHONE)
    pushed = [(key["slot"], key["push_address"]) for key in house.mobile_keys("211")]
    assert pushed == [("mobile_key_push", PHONE)]


@row("coder-bridge 11 mobile_key_push: verb with an e-mail address")
def push_verb(house: LockHouse) -> None:
    house.verb("mobile", "--sure", "8", "212", MAIL)
    assert [key["push_address"] for key in house.mobile_keys("212")] == [MAIL]


@row("coder-bridge 11 mobile_key_push: verb alone")
def push_alone(house: LockHouse) -> None:
    house.verb("mobile", "--sure", "8", "213", PHONE, alone=True)
    assert [key["push_address"] for key in house.mobile_keys("213")] == [PHONE]


@row("coder-bridge 12 read_card: verb")
def read(house: LockHouse) -> None:
    house.cut("1", "221")
    [card] = house.verb("read", "--sure", "1", "--json").rows
    assert (card["rooms"], card["key"]) == ("221", house.cuts("221")[0]["tid"])


@row("coder-bridge 12 read_card: verb alone")
def read_alone(house: LockHouse) -> None:
    house.cut("1", "222")
    assert "The card at Front desk opens 222 until" in house.verb("read", "--sure", "1", alone=True).out


@row("coder-bridge 12 read_card: an order that was perhaps cut is settled by its card")
def settle(house: LockHouse) -> None:
    house.bridge.post("/fail", kind="drop", operation="guest_key", match={"room": "223"}, calls=1, when="after")
    id = house.order("1", "223")
    assert "perhaps cut" in house.ended(id)["notes"]
    assert f"write seen {id}" in house.verb("settle", "--sure", id).out


# -- visionline.md, sections 2 to 5 -------------------------------------------------------------------------------


@row("visionline 2 sessions: each is opened and closed")
def sessions(house: LockHouse) -> None:
    before = house.visionline.get("/counts")["log_outs"]
    house.cut("2", "V21")
    wait(lambda: house.visionline.get("/counts")["open_sessions"] == 0)  # the agent's own looks have some too
    after = house.visionline.get("/counts")
    assert before < after["log_outs"] == after["log_ins"]


@row("visionline 3 signing: no call of a whole house is refused")
def signing(house: LockHouse) -> None:
    house.cut("2", "V31")
    counts = house.visionline.get("/counts")
    assert (counts["refused_signatures"], counts["refused_sessions"]) == (0, 0)


@row("visionline 3 signing: dates follow a server whose clock differs")
def dates(house: LockHouse) -> None:
    house.visionline.post("/switches", date_skew_seconds=120.0, date_skew_at_log_in=False)
    house.visionline.post("/clock", shift_seconds=7200.0)
    try:
        house.cut("2", "V32")
    finally:
        house.visionline.post("/clock", shift_seconds=0.0)
        house.visionline.post("/switches", date_skew_seconds=None, date_skew_at_log_in=True)


@row("visionline 4 encode: the first card of a stay locks out, with doors, format and hotel time")
def first_card(house: LockHouse) -> None:
    start, end = datetime.now(UTC), LATER
    house.cut("2", "V41", "V41b", ValidityStartUtc=utc(start), ValidityEndUtc=utc(end))
    [card] = house.cards("V41")
    asked = card["order"]
    assert asked["query"] == {
        "action": "encode",
        "encoder": "BAR1",
        "override": "true",
        "overwriteValidCard": "true",
    }
    assert (asked["doors"], asked["format"]) == (["V41", "V41b"], "rfid48")
    assert (asked["start"], asked["expire"]) == (compact(start), compact(end))


@row("visionline 4 encode: further copies join")
def copies(house: LockHouse) -> None:
    house.cut("2", "V42", KeyCount=3)
    assert guests(house, "V42") == ["override", "autoJoin", "autoJoin"]
    assert len(house.visionline.get("/doors/V42")["opened_by"]) == 3


@row("visionline 4 encode: a later order for the same reservation joins")
def later_order(house: LockHouse) -> None:
    stay = {"Id": str(uuid4())}
    house.cut("2", "V43", Reservation=stay)
    house.cut("2", "V43", Reservation=stay)
    assert guests(house, "V43") == ["override", "autoJoin"]
    assert len(house.visionline.get("/doors/V43")["opened_by"]) == 2


@row("visionline 4 encode: a new reservation locks the one before out")
def new_stay(house: LockHouse) -> None:
    house.cut("2", "V44")
    house.cut("2", "V44")
    assert guests(house, "V44") == ["override", "override"]
    assert house.visionline.get("/doors/V44")["opened_by"] == [house.cards("V44")[-1]["number"]]


@row("visionline 4 encode: verb, a key for a test joins")
def encode_verb(house: LockHouse) -> None:
    house.verb("key", "--sure", "BAR1", "V45")
    assert guests(house, "V45") == ["autoJoin"]


@row("visionline 4 encode: verb alone")
def encode_alone(house: LockHouse) -> None:
    assert "1 key was cut for room V46." in house.verb("key", "--sure", "BAR1", "V46", alone=True).out
    assert guests(house, "V46") == ["autoJoin"]


@row("visionline 4 capacity: 34 rooms are refused before anything is sent")
def capacity(house: LockHouse) -> None:
    rooms = [f"W{number}" for number in range(34)]
    assert "a card of this lock system opens at most 33 rooms, not 34" in house.refused("2", *rooms)
    assert not house.cards("W0")


def guests(house: LockHouse, door: str) -> list[str]:
    """What became of earlier keys, for each card of a door."""
    queries = [card["order"]["query"] for card in house.cards(door)]
    return ["override" if "override" in query else "autoJoin" for query in queries]


@row("visionline 5 doors: verb")
def doors(house: LockHouse) -> None:
    kinds = {each["room"]: each["kind"] for each in house.verb("rooms", "--json").rows if each["kind"]}
    assert (kinds["101"], kinds["Pool"], kinds["Garage"]) == ("guest", "common", "common (PMS)")


@row("visionline 5 doors: verb alone, beside what the file says")
def doors_alone(house: LockHouse) -> None:
    said = house.verb("doors", "--json", alone=True, code=1)
    assert {each["lock_id"]: each["listed"] for each in said.rows} == {"POOL": "", "SUITE": "no"}


# -- Mews' page of 2016, Devices: VisiOnlineKeyCutter, its Data ---------------------------------------------------


@row("Data ApiUrl: another server gets nothing, and staff read which one it was")
def other_server(house: LockHouse) -> None:
    assert "198.51.100.7" in house.refused("2", "D11", ApiUrl="https://198.51.100.7/api/v1/")
    assert not house.cards("D11")


@row("Data ApiUrl: the file's own server, however it is written")
def own_server(house: LockHouse) -> None:
    address = house.visionline.url.removeprefix("https://")
    urls = (address, f"https://{address}/", f"HTTPS://{address}/api/v1/")
    for id in [house.order("2", "D12", ApiUrl=url) for url in urls]:
        assert house.ended(id)["state"] == "Processed"
    assert len(house.cards("D12")) == 3


@row("Data UserName and Password: the order's own are used")
def account(house: LockHouse) -> None:
    house.cut("2", "D21", UserName="front", Password="front-secret")
    assert "refused the log-in" in house.refused("2", "D22", UserName="front", Password="wrong")
    assert (len(house.cards("D21")), house.cards("D22")) == (1, [])


@row("Data UserName and Password: without them the box's own")
def no_account(house: LockHouse) -> None:
    house.cut("2", "D23", UserName=None, Password=None, ApiUrl=None)
    assert len(house.cards("D23")) == 1


@row("Data KeyCutterId: it is the encoder, or the order ends in Error")
def key_cutter(house: LockHouse) -> None:
    house.cut("2", "D31", KeyCutterId="2")
    assert house.cards("D31")[0]["order"]["encoder"] == "BAR1"
    assert "the key cutter “nine” is not set up on this box" in house.refused("2", "D32", KeyCutterId="nine")


@row("Data LockIds: all doors are on the card, and an order without any ends in Error")
def locks(house: LockHouse) -> None:
    house.cut("2", "D41", "D42", "D41")
    assert house.cards("D41")[0]["order"]["doors"] == ["D41", "D42"]
    assert "names no lock" in house.refused("2")


@row("Data ValidityStartUtc and ValidityEndUtc: hotel time at both lock systems, and never backwards")
def validity(house: LockHouse) -> None:
    start = datetime.now(UTC) - timedelta(days=1)
    end = LATER.replace(hour=23, minute=30)  # in Vienna that is the day after
    times = {"ValidityStartUtc": utc(start), "ValidityEndUtc": utc(end)}
    house.cut("2", "D51", **times)
    house.cut("1", "D51", **times)
    assert house.cards("D51")[0]["order"]["expire"] == compact(end)
    assert house.cuts("D51")[0]["end"] == american(end) != end.strftime("%m/%d/%Y")
    backwards = {"ValidityStartUtc": utc(end), "ValidityEndUtc": utc(end - timedelta(hours=1))}
    assert "the stay ends before it begins" in house.refused("2", "D52", **backwards)


@row("Data KeyCount: so many cards, and none for none or too many")
def count(house: LockHouse) -> None:
    house.cut("2", "D61", KeyCount=2)
    assert len(house.cards("D61")) == 2
    for number, id in [(number, house.order("2", "D62", KeyCount=number)) for number in (0, 11)]:
        assert f"{number} keys were ordered" in house.ended(id)["notes"]
    assert not house.cards("D62")


@row("Data Reservation: optional, and then rooms and times tell the stay")
def no_reservation(house: LockHouse) -> None:
    times = {"ValidityStartUtc": utc(datetime.now(UTC)), "ValidityEndUtc": utc(LATER)}
    house.cut("2", "D71", Reservation=None, **times)
    house.cut("2", "D71", Reservation=None, **times)
    house.cut("2", "D71", Reservation=None, ValidityEndUtc=utc(LATER + timedelta(days=1)))
    assert guests(house, "D71") == ["override", "autoJoin", "override"]


# -- visionline.md, sections 8 and 10: how it fails ---------------------------------------------------------------

CUT, NOT_CUT, NOTHING_CUT = "perhaps and cut", "surely not", "perhaps and not"
# Kind of trouble with its details, what staff read, and whether there may be a card or is one.
FAILURES: dict[str, tuple[dict[str, Any], str, str]] = {
    "8 no card in time": ({"kind": "no-card"}, "no card was laid on the encoder Bar in time", NOT_CUT),
    "8 wrong card format": ({"kind": "wrong-format"}, "is not of the kind that this lock system writes", NOT_CUT),
    "8 unknown encoder": ({"kind": "unknown-encoder"}, "does not know the encoder Bar", NOT_CUT),
    "8 unknown door": ({"kind": "unknown-door"}, "does not know a door of this key", NOT_CUT),
    "8 encoder busy": ({"kind": "encoder-busy"}, "the encoder Bar is busy with another key", NOT_CUT),
    "8 HTTP 500 with text": ({"kind": "server-error"}, "answer cannot be understood", NOTHING_CUT),
    "8 dropped before the card": ({"kind": "drop"}, "did not say how it ended", NOTHING_CUT),
    "8 dropped after the card": ({"kind": "drop", "when": "after"}, "did not say how it ended", CUT),
    "10 no card on the encoder": (
        {"kind": "no-card", "message": "No card on the encoder"},
        "no card was laid on the encoder Bar",
        NOT_CUT,
    ),
    "10 incompatible card format": (
        {"kind": "wrong-format", "message": "Incompatible card format"},
        "is not of the kind",
        NOT_CUT,
    ),
    "10 card cannot be re-issued": ({"kind": "not-reissuable"}, "holds a key that may not be written", NOT_CUT),
    "10 encoder not online": ({"kind": "encoder-offline"}, "is not connected to the lock system", NOT_CUT),
    "10 encoder communication time-out": (
        {"kind": "encoder-timeout", "seconds": 0.1},
        "stopped answering the lock system",
        NOTHING_CUT,
    ),
    "10 interrupted, no card": ({"kind": "interrupted"}, "was taken from the encoder Bar too soon", NOTHING_CUT),
    "10 interrupted, a card": ({"kind": "interrupted", "written": True}, "from the encoder Bar too soon", CUT),
    "10 instance unreachable": (
        {"kind": "server-error", "message": "The instance is unreachable"},
        "a part of VisiOnline is not running",
        NOT_CUT,
    ),
    "10 no appropriate sectors": ({"kind": "no-sectors"}, "the chip of the card has no place for a key", NOT_CUT),
}
DOORS = {name: f"F{number}" for number, name in enumerate(FAILURES)}


@pytest.fixture(scope="module")
def failed(house: LockHouse) -> dict[str, dict[str, Any]]:
    """All of them, ordered at once: the commands as they ended."""
    for name, (trouble, _, _) in FAILURES.items():
        house.visionline.post("/fail", operation="cards", match={"door": DOORS[name]}, calls=1, **trouble)
    ids = {name: house.order("2", DOORS[name]) for name in FAILURES}
    return {name: house.ended(id) for name, id in ids.items()}


@pytest.mark.parametrize("name", FAILURES, ids=[f"visionline {name}" for name in FAILURES])
def test_a_failure_ends_in_words_and_never_in_a_second_card(
    house: LockHouse, failed: dict[str, dict[str, Any]], name: str
) -> None:
    _, words, end = FAILURES[name]
    command = failed[name]
    assert (command["state"], words in command["notes"]) == ("Error", True), command["notes"]
    assert command["notes"].startswith("Key not cut" if end == NOT_CUT else "Key perhaps cut")
    assert len(house.cards(DOORS[name])) == (1 if end == CUT else 0)


@row("visionline 8 hang: a second Ctrl-C leaves a key that is perhaps cut, verb alone")
def hang(house: LockHouse) -> None:
    house.visionline.post("/fail", kind="hang", operation="cards", match={"door": "H1"}, calls=1, when="during")
    before = house.visionline.calls("cards")
    argv = house.words("key", "--sure", "BAR1", "H1", alone=True)
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as verb:
        wait(lambda: house.visionline.calls("cards") > before)
        verb.send_signal(signal.SIGINT)
        assert verb.stdout is not None
        lines = iter(verb.stdout.readline, "")
        waits = next(line for line in lines if "waiting for its end" in line)
        verb.send_signal(signal.SIGINT)
        out, err = verb.communicate(timeout=10)
    assert (verb.returncode, "counts as perhaps cut" in err, "Ctrl-C once more" in waits, out) == (
        1,
        True,
        True,
        "",
    )


@row("visionline 8 log-in refused: the box's own account, verb alone")
def log_in(house: LockHouse) -> None:
    changed(house, "log-in.toml", password="wrong")
    said = alone_with(house, "log-in.toml", "rooms")
    assert (said.returncode, "does not tell its rooms" in said.stderr) == (1, True)


@row("visionline 8 TLS: a changed certificate is a fault with both fingerprints, and no key")
def renewed(house: LockHouse) -> None:
    pin = house.visionline.get("/certificate")["sha256"]
    house.visionline.post("/switches", tls="changed")
    try:
        now = house.visionline.get("/certificate")["sha256"]
        notes = house.refused("2", "T1")
        page = str(house.page()).replace(":", "").casefold()
        said = house.verb("test", code=1)
    finally:
        house.visionline.post("/switches", tls="own")
    assert ("certificate is refused" in notes, house.cards("T1")) == (True, [])
    assert "certificate is not the pinned one" in said.out
    assert (pin in page, now in page, pin != now) == (True, True, True)


@row("visionline 10 the default operator: the test warns")
def default_operator(house: LockHouse) -> None:
    changed(house, "sym.toml", username="sym", password="sym")
    said = alone_with(house, "sym.toml", "test")
    assert "look at it" in said.stdout
    assert "sym" in said.stdout


@row("visionline 10 ports: a closed web API is told from a server that is down")
def closed(house: LockHouse) -> None:
    with socket.socket() as pms:
        pms.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        pms.bind(("127.0.0.1", PMS_PORT))
        pms.listen()
        house.visionline.post("/offline", how="refuse", seconds=3.0)
        notes = house.refused("2", "P1")
    assert "its web API is closed" in notes
    wait(house.visionline.is_there)
    house.visionline.post("/offline", how="refuse", seconds=3.0)
    assert "the lock server cannot be reached" in house.refused("2", "P2")
    wait(house.visionline.is_there)
    house.cut("2", "P3")


def changed(house: LockHouse, name: str, **values: str) -> None:
    """Another provisioning file beside the first."""
    (house.folder / name).write_text(house.file(**values))


def alone_with(house: LockHouse, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A verb without an agent, with another provisioning file."""
    argv = house.words(*words, alone=True)
    argv[argv.index(str(house.config))] = str(house.folder / name)
    return run(argv)


# -- all of them --------------------------------------------------------------------------------------------------


@row("a guest's telephone and address are in no file of the house")
def no_guest(house: LockHouse) -> None:
    house.cut("8", "991", Telephone=PHONE, Email=MAIL)
    files = [path for path in chain(house.state.rglob("*"), house.alone.rglob("*")) if path.is_file()]
    assert house.state / "journal.sqlite" in files
    for path in (*files, house.log):
        told = path.read_bytes()
        assert not [each for each in (PHONE, MAIL, "front-secret") if each.encode() in told], path


@pytest.mark.parametrize("check", ROWS.values(), ids=ROWS)
def test_row(house: LockHouse, check: Row) -> None:
    check(house)


def test_every_operation_of_the_bridge_was_asked_for(house: LockHouse) -> None:
    """Runs after the rows, which in one process stand above it."""
    numbers = {int(found[1]) for name in ROWS for found in re.finditer(r"(?:bridge|and) (\d+) [a-z_]+", name)}
    assert numbers == set(range(1, len(ADDRESSES) + 1))
