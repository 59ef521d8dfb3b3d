"""The judge of the kill runs must see each kind of breach, and nothing where there is none."""

import pytest
from msgspec.structs import replace

from agent.commands.model import Kind
from agent.commands.notes import Code, ended, note
from agent.drivers.coder_bridge.protocol.notes import TEXTS, KeyCode
from agent.drivers.coder_bridge.protocol.notes import ended as key_ended
from agent.drivers.visionline.protocol import notes as visionline
from tests.ledger import Crime, Entry, findings

GOOD = Entry("101", 2, "Processed", "", True, 20.0, 10.0, (11.0, 12.0))
NOT_CUT = ended(Code.RESTART, Kind.KEY).note
PERHAPS = ended(Code.RESTART_CUTTING, Kind.KEY).note
PART_NOT = note(ended(Code.RESTART, Kind.KEY), 1, 3)
PART_PERHAPS = note(ended(Code.RESTART_CUTTING, Kind.KEY), 1, 3)


def crimes(entry: Entry) -> set[Crime]:
    return {finding.crime for finding in findings([entry])}


@pytest.mark.parametrize(
    "entry",
    [
        GOOD,
        replace(GOOD, state="Error", notes=NOT_CUT, cuts=()),
        replace(GOOD, state="Error", notes=PERHAPS, cuts=()),
        replace(GOOD, state="Error", notes=PERHAPS, cuts=(11.0,)),
        replace(GOOD, copies=3, state="Error", notes=PART_NOT, cuts=(11.0,)),
        replace(GOOD, copies=3, state="Error", notes=PART_PERHAPS),
        replace(GOOD, state="Cancelled", by_us=False, claimed=None, cuts=()),
        replace(GOOD, state="Cancelled", by_us=False, ended=10.5),
        replace(GOOD, cut_by=11.5),
    ],
)
def test_nothing_is_found_in_a_run_that_kept_the_promise(entry: Entry) -> None:
    assert crimes(entry) == set()


@pytest.mark.parametrize(
    ("entry", "crime"),
    [
        (replace(GOOD, cuts=(11.0, 12.0, 13.0)), Crime.DOUBLE),
        (replace(GOOD, copies=0, state="Error", notes=NOT_CUT, cuts=(11.0,)), Crime.DOUBLE),
        (replace(GOOD, state="Processing", by_us=False, ended=None), Crime.SILENT),
        (replace(GOOD, state="Pending", by_us=False, ended=None), Crime.SILENT),
        (replace(GOOD, state="Error", notes="", cuts=()), Crime.MUTE),
        (replace(GOOD, state="Error", notes="Key not cut: E-42.", cuts=()), Crime.MUTE),
        (replace(GOOD, cuts=(11.0,)), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes=NOT_CUT, cuts=(11.0,)), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes=PERHAPS), Crime.UNTRUE),
        (replace(GOOD, copies=3, state="Error", notes=PART_NOT), Crime.UNTRUE),
        (replace(GOOD, state="Error", notes="Please order the key again.", cuts=()), Crime.UNTRUE),
        (replace(GOOD, cuts=(11.0, 21.0)), Crime.LATE),
        (replace(GOOD, cut_by=10.5), Crime.STALE),
        (replace(GOOD, state="Cancelled", by_us=False, claimed=None), Crime.CANCELLED),
    ],
)
def test_each_kind_of_breach_is_found(entry: Entry, crime: Crime) -> None:
    assert crime in crimes(entry)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("code", Code)
def test_every_note_of_the_pass_tells_a_receptionist_what_to_do(code: Code, kind: Kind) -> None:
    words = ended(code, kind, "some words").note
    assert Crime.MUTE not in crimes(replace(GOOD, state="Error", notes=words, cuts=()))


@pytest.mark.parametrize("code", list(TEXTS))
def test_every_note_of_the_driver_tells_a_receptionist_what_to_do(code: KeyCode) -> None:
    words = key_ended(code, "some words.", "Desk").note
    assert Crime.MUTE not in crimes(replace(GOOD, state="Error", notes=words, cuts=()))


@pytest.mark.parametrize("code", list(visionline.TEXTS))
def test_every_note_of_visionline_tells_a_receptionist_what_to_do(code: visionline.KeyCode) -> None:
    words = visionline.ended(code, "some words", "Bar").note
    cuts = (11.0,) if code in visionline.PERHAPS else ()
    assert crimes(replace(GOOD, state="Error", notes=words, cuts=cuts)) == set()
