"""What an audit finds: rooms without a key, doors and devices on one side alone, and what it cannot tell."""

import pytest

from agent.health.health import Health
from agent.health.room_kinds import AUDIT_DEVICES, AUDIT_DOORS, AUDIT_ROOMS
from agent.mews.records import Devices, SpaceKind, Spaces
from agent.rooms.audit.audit import audit, natural
from agent.rooms.audit.faults import KINDS, standing
from agent.rooms.audit.findings import Audit, LockList, Subject
from provisioning.model import Provisioning
from tests.rooms.audit.house import (
    BRIDGE,
    LEFT,
    RIGHT,
    applied,
    cutter,
    devices,
    file_of,
    lists,
    provisioning,
    room,
    rooms,
    text_of,
)

PRINTERS = '[[printers]]\nname = "Front Office"\nuri = "ipp://10.4.5.30/ipp/print"\n'
BOTH = devices(cutter("a", "Cutter 1", "1"), cutter("RIGHT-ID", "Cutter 2"))


def found(
    file: Provisioning,
    locks: tuple[LockList, ...] = (),
    spaces: Spaces | None = None,
    told: Devices | None = None,
) -> list[tuple[Subject, str, str]]:
    """Subject, name and proposed line of each finding."""
    all_ = audit(file, locks, spaces, told).findings
    return [(each.subject, each.name, each.proposal.line if each.proposal else "") for each in all_]


def test_a_hotel_in_which_all_fits_has_no_findings() -> None:
    file = file_of('"Suite" = { rooms = ["201", "202"] }\n"POOL" = { area = "3" }\n')
    assert found(file, lists("101", "201", "202"), rooms("101", "Suite"), BOTH) == []


def test_a_room_that_no_lock_system_lists_has_no_key() -> None:
    result = audit(file_of(), lists("101"), rooms("101", "102"), None)
    assert [finding.sentence for finding in result.missing] == [
        "No key could be cut for room “102”: no lock system lists “102”."
    ]
    assert result.proposals == ()


@pytest.mark.parametrize("name", ["0102", "Room 102", "Zimmer 102", "1-02", "RM102"])
def test_a_name_that_is_written_a_little_differently_is_proposed(name: str) -> None:
    line = f'102 = {{ room = "{name}" }}'
    assert found(file_of(), lists("101", name), rooms("101", "102")) == [(Subject.ROOM, "102", line)]


def test_a_name_that_could_mean_two_rooms_or_doors_is_not_proposed() -> None:
    assert found(file_of(), lists("0102", "1-02"), rooms("102"))[0] == (Subject.ROOM, "102", "")
    assert found(file_of(), lists("0102"), rooms("102", "1-02"))[:2] == [
        (Subject.ROOM, "1-02", ""),
        (Subject.ROOM, "102", ""),
    ]


def test_a_line_of_the_file_is_mended_with_all_that_it_says_beside() -> None:
    file = file_of('"101" = { room = "0101", areas = ["3"], rms = "1" }\n')
    result = audit(file, lists("101"), rooms("101"), None)
    (proposal,) = result.proposals
    assert proposal.line == '101 = { room = "101", areas = ["3"], rms = "1" }'
    assert proposal.place == "under [doors], in place of 101"


def test_rooms_of_one_lock_have_to_be_known_to_one_lock_system() -> None:
    file = file_of('Suite = { rooms = ["201", "202"] }\n')
    two = (LockList(BRIDGE, ("201",)), LockList("lock-server:visionline", ("202",)))
    assert [finding.sentence for finding in audit(file, two, rooms("Suite"), None).missing] == [
        "No key could be cut for room “Suite”: no one lock system lists all of its rooms."
    ]
    assert found(file, lists("201", "0202"), rooms("Suite"))[0][2] == 'Suite = { rooms = ["201", "0202"] }'


def test_a_room_that_the_room_management_would_have_by_two_names_is_not_proposed() -> None:
    file = file_of('"101" = { room = "0101", rms = "1" }\n"Old" = { rooms = ["101", "9"], rms = "2" }\n')
    assert found(file, lists("101"), rooms("101"))[0] == (Subject.ROOM, "101", "")


def test_a_bed_opens_the_door_of_the_room_that_it_stands_in() -> None:
    beds = rooms("7", room("7A", bed_in="7"), room("7B", bed_in="7"))
    assert found(file_of('"7A" = { room = "7A" }\n"7" = { room = "07", areas = ["1"] }\n'), lists("07"), beds) == [
        (Subject.ROOM, "7A", '7A = { room = "07", areas = ["1"] }'),
        (Subject.ROOM, "7B", '7B = { room = "07", areas = ["1"] }'),
    ]
    assert found(file_of(), lists("7"), beds)[0] == (Subject.ROOM, "7A", '7A = { room = "7" }')
    assert audit(file_of(), lists("7"), beds, None).missing[0].sentence == (
        "No key could be cut for bed “7A”: no lock system lists “7A”."
    )


def test_a_bed_whose_room_is_mended_is_mended_with_it_and_one_without_a_room_not() -> None:
    beds = rooms("7", room("7A", bed_in="7"), room("8A", bed_in="8"))
    assert found(file_of(), lists("007"), beds) == [
        (Subject.ROOM, "7", '7 = { room = "007" }'),
        (Subject.ROOM, "7A", '7A = { room = "007" }'),
        (Subject.ROOM, "8A", ""),
    ]


def test_what_is_not_sold_or_no_room_does_not_count() -> None:
    spaces = rooms(room("105", is_active=False), room("Garage", kind=SpaceKind.OTHER))
    assert found(file_of(), lists(), spaces) == []


def test_a_room_that_no_order_can_name_is_said() -> None:
    spaces = rooms(room(" "), room("1" * 90))
    assert [
        (each.subject, each.sentence[:70]) for each in audit(file_of(), lists("101"), spaces, None).missing
    ] == [
        (Subject.ROOM, "No key could be cut for “111111111111111111111111111111111111111111111"),
        (Subject.ROOM, "The room id-  has no number in Mews: no order names it."),
    ]


def test_a_lock_id_of_the_file_that_opens_nothing_is_found_without_mews_too() -> None:
    file = file_of('"101" = { room = "0101" }\n"102" = { room = "102" }\n"Bar" = { room = "BAR" }\n')
    assert found(file, lists("101", "102")) == [
        (Subject.DOOR, "101", '101 = { room = "101" }'),
        (Subject.DOOR, "Bar", ""),
    ]


def test_doors_and_lock_ids_that_no_room_uses_are_said_and_not_missing() -> None:
    result = audit(file_of('"Spa" = { room = "S1" }\n'), lists("101", "102", "S1"), rooms("101"), None)
    assert [(each.subject, each.sentence) for each in result.findings] == [
        (Subject.IDLE_LOCK_ID, "The file lists the lock id “Spa”, and Mews has no such room that is sold."),
        (Subject.IDLE_DOOR, "A lock system lists the door “102”, and no room of Mews opens it."),
    ]
    assert result.missing == ()


def test_no_room_is_called_missing_while_a_lock_system_does_not_tell_its_doors() -> None:
    locks = (*lists("101"), LockList("lock-server:two", None, "it did not answer"))
    result = audit(file_of('"Spa" = { room = "S1" }\n'), locks, rooms("101", "102"), None)
    assert [(each.subject, each.name) for each in result.findings] == [(Subject.IDLE_LOCK_ID, "Spa")]
    assert "lock-server:two was not compared: it did not answer." in result.untold


def test_what_could_not_be_compared_is_said() -> None:
    assert audit(file_of(encoders=(), more=PRINTERS), (), None, None) == Audit(
        (),
        (
            "Mews does not tell its rooms, so they were not compared.",
            "Mews does not tell its devices, so they were not compared.",
            "The file names no lock system, so no room was looked for.",
        ),
    )
    refused = audit(file_of(), lists(), None, None, rooms_why="no right", devices_why="Mews answered 404")
    assert refused.untold[:2] == (
        "Mews does not tell its rooms (no right), so they were not compared.",
        "Mews does not tell its devices (Mews answered 404), so they were not compared.",
    )
    assert audit(file_of(), lists(), rooms(unreadable=2), devices()).untold == (
        "2 of Mews' rooms could not be read, and were not compared.",
        "The file names no printer, so those of Mews were not compared.",
    )


def test_key_cutters_are_compared_by_both_of_their_ids_and_printers_by_name() -> None:
    told = devices(
        cutter("a", "Cutter 1", "1"),
        cutter("{Right-ID}", "Cutter 2"),
        cutter("p", "front office", type_="Printer"),
    )
    assert found(file_of(more=PRINTERS), lists(), None, told) == []


def test_a_key_cutter_of_mews_alone_is_found_with_its_id() -> None:
    told = devices(*BOTH.devices, cutter("c", "Bar"), cutter("c", "Bar"), cutter("d", ""))
    result = audit(file_of(), lists(), None, told)
    assert [finding.sentence for finding in result.findings] == [
        "Mews has the key cutter “Bar” (c), and no encoder of the file serves it.",
        "Mews has the key cutter d, and no encoder of the file serves it.",
    ]
    assert result.proposals == ()


def test_the_only_two_that_are_left_belong_together() -> None:
    told = devices(cutter("c", "Bar"), cutter("right-id", "Cutter 2"))
    result = audit(file_of(), lists(), None, told)
    (proposal,) = result.proposals
    assert (proposal.line, proposal.place) == (
        'key_cutters = ["1", "c"]',
        "at the encoder “Left”, in place of key_cutters",
    )
    assert [finding.subject for finding in result.findings] == [Subject.CUTTER]


def test_of_several_those_with_one_name_belong_together() -> None:
    told = devices(cutter("c", "left"), cutter("d", "Middle"), cutter("e", "RIGHT"), cutter("f", "Right"))
    assert found(file_of(), lists(), None, told) == [
        (Subject.CUTTER, "left", 'key_cutters = ["1", "c"]'),
        (Subject.CUTTER, "Middle", ""),
        (Subject.CUTTER, "RIGHT", ""),
        (Subject.CUTTER, "Right", ""),
        (Subject.IDLE_ENCODER, "Right", ""),
    ]


def test_an_id_that_no_file_could_hold_is_not_proposed() -> None:
    told = devices(cutter("c\x1b", "Left"), cutter("right-id", "Cutter 2"))
    assert found(file_of(), lists(), None, told)[0] == (Subject.CUTTER, "Left", "")
    assert found(file_of(), lists("0\ue000101"), rooms("\ue000101"))[0][2] == ""


def test_an_encoder_that_mews_does_not_know_is_said() -> None:
    assert [finding.sentence for finding in audit(file_of(), lists(), None, devices()).findings] == [
        "The encoder “Left” serves “1”, and Mews tells of no such key cutter.",
        "The encoder “Right” serves “2”, “right-id”, and Mews tells of no such key cutter.",
    ]


def test_printers_on_one_side_alone_are_said() -> None:
    result = audit(
        file_of(more=PRINTERS), lists(), None, devices(*BOTH.devices, cutter("p", "Bar", type_="Printer"))
    )
    assert [finding.sentence for finding in result.findings] == [
        "Mews has the printer “Bar” (p), and the file has none of that name: write a section [[printers]] with "
        "its name and its uri.",
        "The file has the printer “Front Office”, and Mews tells of none of that name.",
    ]


def test_without_encoders_or_printers_in_the_file_those_of_mews_are_not_missing() -> None:
    told = devices(cutter("c", "Bar"), cutter("p", "Bar", type_="Printer"), cutter("t", "Bar", type_="Terminal"))
    assert found(file_of(encoders=(), more=PRINTERS), (), None, devices(cutter("c", "Bar"))) == [
        (Subject.IDLE_PRINTER, "Front Office", "")
    ]
    assert [subject for subject, _, _ in found(file_of(), lists(), None, told)] == [
        Subject.CUTTER,
        Subject.IDLE_ENCODER,
        Subject.IDLE_ENCODER,
    ]


def test_names_are_sorted_as_people_count() -> None:
    assert sorted(["10", "9", "B2", "b10", ""], key=natural) == ["", "9", "10", "B2", "b10"]


def test_a_fault_says_how_many_and_names_the_first() -> None:
    file = file_of('"Bar" = { room = "BAR" }\n', more=PRINTERS)
    told = devices(*BOTH.devices, cutter("c", "Bar"), cutter("p", "Lobby", type_="Printer"))
    result = audit(file, lists("1"), rooms(*map(str, range(1, 9))), told)
    assert standing(result) == {
        AUDIT_ROOMS: "7 rooms: 2, 3, 4, 5, 6 and 2 more.",
        AUDIT_DOORS: "1 lock id: Bar.",
        AUDIT_DEVICES: "1 key cutter: Bar; 1 printer: Lobby.",
    }


def test_nothing_missing_is_no_fault() -> None:
    health = Health(lambda: 0.0)
    texts = standing(audit(file_of(), lists("101"), rooms("101"), BOTH))
    for kind in KINDS:
        assert kind not in texts
        health.clear("box", kind)
    assert health.active() == ()


def test_a_door_is_proposed_once_although_two_beds_share_it() -> None:
    text = text_of()
    spaces = rooms("7", room("7A", bed_in="7"), room("7B", bed_in="7"))
    first = audit(provisioning(text), lists("7"), spaces, None)
    assert len(first.proposals) == 2
    assert audit(provisioning(applied(text, first.proposals)), lists("7"), spaces, None).findings == ()


def test_encoders_of_a_file_are_those_of_all_lock_servers() -> None:
    more = (
        '[[visionline]]\nserver = "https://10.4.5.7"\nusername = "n"\npassword = "green teapot 1742"\n'
        '[[visionline.encoders]]\nname = "Bar"\nidentifier = "BAR1"\nkey_cutters = ["3"]\n'
    )
    told = devices(*BOTH.devices, cutter("c", "Bar", "3"))
    assert found(file_of(encoders=(LEFT, RIGHT), more=more), lists(), None, told) == []
