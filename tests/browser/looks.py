"""Snapshots to look at: what the page has to show well, from an empty box to a night on which much is wrong.

Their sentences are those that the agent says, so that a look is seen in each language as a box is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

import msgspec

from agent.commands.model import Kind
from agent.commands.notes import Code, ended
from agent.health.catalogue import CATALOGUE
from agent.status.snapshot.act_lines import ActFacts
from agent.status.snapshot.devices import DeviceFacts
from agent.status.snapshot.facts import BoxFacts, CommandLine, Counts, HopFacts, UpkeepFacts
from agent.status.snapshot.history import SlotFacts
from agent.status.snapshot.more import MoreFacts
from agent.status.snapshot.snapshot import Snapshot, build
from agent.status.snapshot.surroundings import AgeFacts, Network
from agent.status.snapshot.work import Stage, WorkFacts
from provisioning.model import Support
from tests.status.samples import NOW, WALL, fault, hostile

_NO_CARD = "No card was laid on the encoder Front desk right in time."
_BOX = BoxFacts(
    name="aurora-desk",
    version="1.0.0",
    timezone="Europe/Vienna",
    started=NOW - 9_000,
    now=NOW,
    wall=WALL,
    support=Support("Lock service Tyrol", "+43 512 000000"),
    fingerprint="3A:5F:91:C2:07:BE:44:D0:18:6A:F3:2C:9B:E1:70:55:A8:0D:C6:13:7F:92:4E:B5:60:D9:21:FA:8C:37:E4:0B",
)
_HOPS = (
    HopFacts(
        "mews", "Mews answers; asked every 2 s.", NOW - 8_900, address="https://api.mews.com", last_answer=NOW - 1
    ),
    HopFacts("box", "The box works; its address is 10.4.5.20 (eth0).", NOW - 9_000),
    HopFacts(
        "lock-server:Coder Bridge",
        "The lock server answers.",
        NOW - 8_800,
        address="http://10.4.5.6:7331",
        last_answer=NOW - 3,
    ),
    HopFacts("encoder:1", "Front desk left: ready.", NOW - 800, name="Front desk left", last_answer=NOW - 65),
    HopFacts("encoder:2", "Front desk right: ready.", NOW - 800, name="Front desk right", last_answer=NOW - 400),
    HopFacts(
        "printer:Front Office",
        "Front Office: ready.",
        NOW - 800,
        name="Front Office",
        address="ipp://10.4.5.30/ipp/print",
    ),
)
_DEVICES = (
    DeviceFacts("encoder:1", "Front desk left", "key", "", 61, 1, 0, WALL - timedelta(minutes=4), seconds=3.4),
    DeviceFacts(
        *("encoder:2", "Front desk right", "key", "", 44, 3, 1, WALL - timedelta(minutes=31)),
        error=_NO_CARD,
        error_at=WALL - timedelta(hours=2),
        seconds=4.1,
    ),
    DeviceFacts(
        *("printer:Front Office", "Front Office", "print", "ipp://10.4.5.30/ipp/print", 12, 0, 0),
        WALL - timedelta(hours=1),
        seconds=6.8,
    ),
)
_UPKEEP = (
    UpkeepFacts("drill", "Drill", "Keys could be cut at 05:30."),
    UpkeepFacts("audit", "Door audit", "All that was compared agrees."),
    UpkeepFacts("room-sync", "Room sync", "84 rooms taken, 0 to be told, 0 refused."),
)
_NETWORK = Network(
    host="aurora-desk",
    interface="eth0",
    addresses=("10.4.5.20/24", "fe80::1c2:3ff:fe04:506/64"),
    gateway="10.4.5.1",
    dns=("10.4.5.1",),
    ntp=("pool.ntp.org",),
    is_clock_set=True,
    clock_offset_mews=0.3,
    clock_offset_ntp=-0.004,
)
_AGES = (
    AgeFacts("mews", "certificate", "The certificate that it showed last.", until=WALL + timedelta(days=61)),
    AgeFacts(
        "mews",
        "token",
        "The token that the box logged in for; it is renewed by itself.",
        since=WALL - timedelta(days=200),
    ),
)
_ACTS = (
    ActFacts(
        WALL - timedelta(minutes=50), "installer", "page", "key encoder:1 214", "1 key was cut for room 214."
    ),
    ActFacts(
        WALL - timedelta(hours=8),
        "root",
        "command line",
        "new provisioning file",
        "The new provisioning file stays.",
    ),
)
_WORK = (
    WorkFacts("c-901", "key", "Front desk left", "214", Stage.MAKING, 2, 1, NOW - 11, "", 30.0),
    WorkFacts("c-902", "key", "Front desk left", "108", Stage.WAITING, 1, 0, NOW - 6, "its turn"),
)


def _orders(count: int, trouble: int = 9) -> tuple[CommandLine, ...]:
    chance = Random(17)
    return tuple(_order(number, chance, trouble) for number in range(count))


def _order(number: int, chance: Random, trouble: int) -> CommandLine:
    state, note = "DONE", ""
    if trouble and number % trouble == trouble // 2:
        state, note = chance.choice(
            [
                ("FAILED", f"Key not cut: {_NO_CARD[0].lower()}{_NO_CARD[1:]} Order the key again."),
                ("UNKNOWN", ended(Code.RESTART_CUTTING, Kind.KEY).note),
            ]
        )
    is_print, copies = number % 11 == 5 and state == "DONE", chance.choice([1, 1, 2])
    encoder = chance.choice(["Front desk left", "Front desk right"]) if state == "DONE" else "Front desk right"
    return CommandLine(
        id=f"6f1c{number:04x}-77aa-4c1e-9d0e-0123456789ab",
        device="d-1",
        kind="print" if is_print else "key",
        target="Front Office" if is_print else encoder,
        room="" if is_print else str(chance.choice([101, 102, 108, 117, 204, 214, 220, 301, 315])),
        state=state,
        note=note,
        at=WALL - timedelta(minutes=4 + 5 * number),
        copies=1 if is_print else copies,
        cut=1 if is_print or state != "DONE" else copies,
    )


def _history() -> tuple[SlotFacts, ...]:
    chance = Random(5)
    begin = WALL - timedelta(hours=24)
    return tuple(_slot(begin + timedelta(minutes=15 * number), number, chance) for number in range(96))


def _slot(at: datetime, number: int, chance: Random) -> SlotFacts:
    busy = 1 + 8 * max(0.0, 1 - abs(number - 66) / 18) + 2 * max(0.0, 1 - abs(number - 40) / 10)
    done = int(chance.random() * busy)
    seconds = round(2.5 + chance.random() * 3, 1) if done else None
    return SlotFacts(at, done, int(chance.random() < 0.05), int(chance.random() < 0.03), seconds)


MORE = MoreFacts(_WORK, _DEVICES, _history(), _NETWORK, _AGES, _ACTS)
QUIET = MoreFacts((), _DEVICES, _history(), _NETWORK, _AGES, _ACTS)
COUNTS = Counts(waiting=1, running=1, done=117, failed=4, unknown=1, keys=131)


def well() -> Snapshot:
    """A good evening."""
    counts = Counts(running=1, waiting=1, done=117, keys=131)
    return build(_BOX, _HOPS, (), counts, _orders(60, 0), _UPKEEP, MORE)


def wrong() -> Snapshot:
    """The lock server is gone, and more."""
    faults = (
        fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge", "It refused the connection.", NOW - 95),
        fault("E-ENCODER", "encoder:2", _NO_CARD, NOW - 7_200),
    )
    gone = msgspec.structs.replace(_HOPS[2], last_answer=NOW - 97)
    hops = (*_HOPS[:2], gone, *_HOPS[3:])
    return build(_BOX, hops, faults, COUNTS, _orders(60), _UPKEEP, QUIET)


def every_fault() -> Snapshot:
    """All kinds at once, which no box ever has."""
    at = {"M": "mews", "L": "lock-server:Coder Bridge", "E": "encoder:1", "P": "printer:Front Office"}
    faults = [fault(code, at.get(code[2], "box"), since=NOW - 60 * place) for place, code in enumerate(CATALOGUE)]
    return build(_BOX, _HOPS, faults, COUNTS, _orders(60), _UPKEEP, MORE)


def many() -> Snapshot:
    """A big hotel: 12 encoders and 500 orders, with long names."""
    encoders = [
        HopFacts(
            f"encoder:{n}",
            f"Desk {n}: ready.",
            NOW - 700,
            name=f"Reception of the {n}th house, desk by the window",
        )
        for n in range(1, 13)
    ]
    devices = tuple(DeviceFacts(hop.id, hop.name, "key", "", 40, 1, 0, WALL, seconds=3.3) for hop in encoders)
    more = MoreFacts(_WORK, devices, _history(), _NETWORK, _AGES, _ACTS * 8)
    faults = [fault("E-ENCODER", "encoder:7", " ".join([_NO_CARD] * 3))]
    return build(_BOX, [*_HOPS[:3], *encoders], faults, COUNTS, _orders(500), _UPKEEP, more)


def empty() -> Snapshot:
    """The first start, without a file."""
    box = BoxFacts("", "1.0.0", "", NOW - 8, NOW, WALL)
    return build(box, (), (fault("E-FILE-MISSING", "box", since=NOW - 8),), Counts(), ())


LOOKS: Mapping[str, Callable[[], Snapshot]] = {
    "well": well,
    "wrong": wrong,
    "every-fault": every_fault,
    "many": many,
    "empty": empty,
    "hostile": hostile,
}
