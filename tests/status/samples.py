"""Snapshots to show: a box that is well, and what can be wrong with one. Built as the agent builds them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from agent.health.catalogue import CATALOGUE
from agent.health.health import Fault
from agent.status.page.assets import OF_PAGE
from agent.status.snapshot.facts import BoxFacts, CommandLine, Counts, HopFacts, UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot, build
from provisioning.model import Support

WALL = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
NOW = 10_000.0  # monotonic seconds at WALL
HOSTILE = '<script>alert("x")</script>\'&\x1b[31m\x00\u202e\u2066\ud83d{{7*7}}'

BOX = BoxFacts(name="aurora-desk", version="0.1.0", timezone="Europe/Vienna", started=NOW - 90, now=NOW, wall=WALL)
HOPS = (
    HopFacts("mews", "connected", NOW - 80),
    HopFacts("box", "running", NOW - 90),
    HopFacts("lock-server:Coder Bridge", "reachable", NOW - 70),
    HopFacts("encoder:1", "Front desk left: ready", NOW - 60),
    HopFacts("encoder:2", "Front desk right: ready", NOW - 60),
    HopFacts("encoder:3", "Bar: ready", NOW - 60),
)
COUNTS = Counts(done=12, keys=12)
LINE = CommandLine(
    id="c-1", device="d-1", kind="key", target="Front desk left", room="101", state="DONE", note="", at=WALL
)


def fault(code: str, hop: str, text: str = "", since: float = NOW - 60) -> Fault:
    return Fault(CATALOGUE[code], hop, text or CATALOGUE[code].title, since)


def snapshot(
    *faults: Fault,
    box: BoxFacts = BOX,
    hops: Sequence[HopFacts] = HOPS,
    counts: Counts = COUNTS,
    recent: Sequence[CommandLine] = (LINE,),
    upkeep: Sequence[UpkeepFacts] = (),
) -> Snapshot:
    return build(box, hops, faults, counts, recent, upkeep)


def hostile(text: str = HOSTILE) -> Snapshot:
    """A snapshot in which every text that can come from outside is `text`."""
    return snapshot(
        fault("E-ENCODER", f"encoder:{text}", text),
        fault("E-LOCK-UNREACHABLE", f"lock-server:{text}", text),
        fault("E-MEWS-COMMAND", text, text),
        box=BoxFacts(text, text, text, NOW - 90, NOW, WALL, Support(text, text)),
        hops=[HopFacts("mews", text, 0.0), HopFacts(f"encoder:{text}", text, 0.0), HopFacts("box", text, 0.0)],
        recent=[CommandLine(text, text, text, text, text, text, text, WALL)],
        upkeep=[UpkeepFacts("audit", text, text)],
    )


def without_own_scripts(html: str) -> str:
    """The page without those that it has: any other would come from outside."""
    for each in OF_PAGE:
        html = html.replace(f'<script src="{each.address}"', "")
    return html
