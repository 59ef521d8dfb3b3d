"""Lines that an audit proposes, taken literally: the file takes them, and what they were for is over."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.mews.records import Device, Devices, Spaces
from agent.rooms.audit.audit import audit
from agent.rooms.audit.findings import LockList
from provisioning.ledger import Ledger
from provisioning.positions import Positions
from provisioning.read import read
from provisioning.rules.doors import read_doors
from provisioning.table import Table
from provisioning.writing import line
from tests.rooms.audit.house import BRIDGE, LEFT, RIGHT, applied, cutter, provisioning, room, text_of

NAMES = st.one_of(
    st.sampled_from(
        ["1", "01", "001", "1-01", "101", "0101", "Zimmer 101", "Room 101", "101A", "Süd 7", 'A"b', "a.b"]
    ),
    st.text(max_size=8),
)
NUMBERS = st.one_of(NAMES, st.just(""))


@st.composite
def spaces(draw: st.DrawFn) -> Spaces:
    numbers = draw(st.lists(NUMBERS, max_size=6))
    beds = draw(st.lists(st.tuples(NUMBERS, st.sampled_from([*numbers, "none"])), max_size=4))
    return Spaces((*map(room, numbers), *(room(number, bed_in=parent) for number, parent in beds)), ())


@st.composite
def door_lines(draw: st.DrawFn) -> str:
    """Doors as a file may hold them: only those that are read without a mistake."""
    doors = draw(
        st.dictionaries(
            NAMES,
            st.fixed_dictionaries(
                {"rooms": st.lists(NAMES, min_size=1, max_size=2, unique=True)},
                optional={"areas": st.just(["3"]), "rms": st.sampled_from(["1", "2"])},
            ),
            max_size=4,
        )
    )
    lines = [line(name, door) for name, door in doors.items() if is_taken(name, door)]
    return "".join(f"{each}\n" for each in lines)


def is_taken(name: str, door: Mapping[str, object]) -> bool:
    """Whether a file takes this door."""
    ledger = Ledger(frozenset(), Positions(""))
    read_doors(Table({name: door}, None, ledger))
    return not ledger.problems


LISTS = st.lists(st.lists(NAMES, max_size=8).map(tuple), min_size=1, max_size=2)
CUTTERS = st.lists(
    st.builds(
        cutter,
        st.one_of(st.sampled_from(["1", "right-id", "x"]), st.text(min_size=1, max_size=8)),
        st.sampled_from(["Left", "right", "Bar", ""]),
        st.sampled_from(["", "1", "2"]),
    ),
    max_size=4,
)


@given(door_lines(), spaces(), LISTS, CUTTERS)
def test_proposals_are_taken_by_the_file_and_mend_what_they_are_for(
    doors: str, told: Spaces, known: list[tuple[str, ...]], cutters: list[Device]
) -> None:
    text = text_of(doors)
    file = read(text.encode()).provisioning
    assume(file)  # not where a room would have two names at the room management
    assert file is not None
    locks = [LockList(f"{BRIDGE}{at}", names) for at, names in enumerate(known)]
    first = audit(file, locks, told, Devices(tuple(cutters)))
    mended = provisioning(applied(text, first.proposals))
    second = audit(mended, locks, told, Devices(tuple(cutters)))
    proposed = {(finding.subject, finding.name) for finding in first.findings if finding.proposal}
    assert not proposed & {(finding.subject, finding.name) for finding in second.findings}
    left = {(finding.subject, finding.name) for finding in first.missing} - proposed
    assert {(finding.subject, finding.name) for finding in second.missing} <= left


@pytest.mark.parametrize("encoders", [(LEFT,), (LEFT, RIGHT)])
def test_a_file_takes_a_further_key_cutter(encoders: tuple[str, ...]) -> None:
    text = text_of(encoders=encoders)
    told = Devices((cutter("new-id", "Left"),))
    first = audit(provisioning(text), (), None, told)
    mended = provisioning(applied(text, first.proposals))
    assert mended.coder_bridge is not None
    assert mended.coder_bridge.encoders[0].key_cutters == ("1", "new-id")
