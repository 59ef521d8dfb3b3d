"""Which lane a command gets, and the reason when it gets none."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from agent.commands.driver import Lane
from agent.commands.model import KeyRequest, Kind, Listed, Outcome, PrintRequest, Standing, Verdict
from agent.commands.notes import Code
from agent.commands.routing import Door, Limits, Routes

DESK = Lane("encoder:1", "1", "Desk", "lock-server:a")
BAR = Lane("encoder:2", "2", "Bar", "lock-server:a")
ROUTES = Routes(
    {"1": DESK, "2": BAR, "device-2": BAR},
    {
        "POOL": Door(areas=("3",)),
        "SAUNA": Door(areas=("3",)),
        "Suite": Door(("501",)),
        "501": Door(("501",)),
        "Family": Door(("601", "602"), ("4", "3")),
    },
    {Kind.KEY: Limits(180, 10), Kind.PRINT: Limits(3600, 50), Kind.OTHER: Limits(180, 1)},
)
OFFICE = Lane("printer:Office", "Office", "Front Office", "printer:Office", Kind.PRINT)
PRINTING = replace(ROUTES, printers={"front office": OFFICE})


def listed(device_type: str | None = "VisiOnlineKeyCutter", device_id: str = "device-9") -> Listed:
    return Listed("id", Standing.NEW, datetime(2026, 5, 4, tzinfo=UTC), device_id, "Encoder", device_type, b"{}")


def request(cutter: str = "1", *locks: str, copies: int = 1) -> KeyRequest:
    start = datetime(2026, 5, 4, 12, tzinfo=UTC)
    return KeyRequest(cutter, locks or ("101",), start, start.replace(day=6), copies)


@pytest.mark.parametrize(
    ("device_type", "kind"),
    [
        ("VisiOnlineKeyCutter", Kind.KEY),
        ("KeyCutter", Kind.KEY),
        ("Printer", Kind.PRINT),
        ("PaymentTerminal", Kind.OTHER),
        ("keycutter", Kind.OTHER),
    ],
)
def test_the_type_of_the_device_says_what_is_asked_for(device_type: str, kind: Kind) -> None:
    assert ROUTES.kind(listed(device_type)) is kind


@pytest.mark.parametrize("device_type", [None, ""])
def test_without_a_type_a_known_key_cutter_means_a_key(device_type: str | None) -> None:
    assert ROUTES.kind(listed(device_type, "device-2")) is Kind.KEY


def test_without_a_type_an_unknown_device_means_nothing() -> None:
    assert ROUTES.kind(listed(None, "device-9")) is Kind.OTHER


def test_a_type_counts_more_than_a_known_key_cutter() -> None:
    assert ROUTES.kind(listed("Printer", "device-2")) is Kind.PRINT


def test_a_print_is_refused_as_one() -> None:
    assert refusal(ROUTES.objection(listed("Printer"), Kind.PRINT)).code == Code.NO_PRINT


@pytest.mark.parametrize(("device_type", "named"), [("FiscalMachine", "“FiscalMachine”"), (None, "“unknown”")])
def test_an_unknown_device_is_refused_by_its_type(device_type: str | None, named: str) -> None:
    refused = refusal(ROUTES.objection(listed(device_type), Kind.OTHER))
    assert (refused.code, named in refused.note) == (Code.NO_DEVICE, True)


def test_the_key_cutter_of_the_request_gives_the_lane() -> None:
    assert ROUTES.find(listed(), request("2")) is BAR


def test_the_key_cutter_of_the_request_comes_before_the_device() -> None:
    assert ROUTES.find(listed(device_id="device-2"), request("1")) is DESK


@pytest.mark.parametrize("cutter", ["", "nobody's"])
def test_the_device_gives_the_lane_where_the_key_cutter_does_not(cutter: str) -> None:
    assert ROUTES.find(listed(device_id="device-2"), request(cutter)) is BAR


def refusal(found: Lane | Outcome | None) -> Outcome:
    assert isinstance(found, Outcome)
    return found


@pytest.mark.parametrize(
    ("cutter", "name", "device", "named"),
    [
        ("7", "Encoder", "device-9", "“7”"),
        ("", "Encoder", "device-9", "“Encoder”"),
        ("", "", "device-9", "“device-9”"),
    ],
)
def test_an_unknown_key_cutter_is_named_as_well_as_can_be(cutter: str, name: str, device: str, named: str) -> None:
    command = Listed("id", Standing.NEW, None, device, name, None, b"{}")
    refused = refusal(ROUTES.find(command, request(cutter)))
    assert (refused.code, named in refused.note) == (Code.NO_CUTTER, True)


@pytest.mark.parametrize("copies", [1, 10])
def test_as_many_keys_as_the_file_allows_have_a_lane(copies: int) -> None:
    assert ROUTES.find(listed(), request(copies=copies)) is DESK


@pytest.mark.parametrize(
    ("copies", "words"),
    [(0, "0 keys were ordered."), (-1, "-1 keys were ordered."), (11, "11 keys were ordered, and 10 is the most")],
)
def test_no_keys_and_too_many_are_surely_not_cut(copies: int, words: str) -> None:
    refused = refusal(ROUTES.find(listed(), request(copies=copies)))
    assert (refused.verdict, refused.code, words in refused.note) == (Verdict.FAILED, Code.COUNT, True)


def test_a_lock_that_is_not_listed_is_the_room_of_that_name() -> None:
    assert ROUTES.rooms(request("1", "101", "102")) == ("101", "102")


def test_rooms_and_areas_come_apart_each_once_and_in_order() -> None:
    asked = request("1", "SAUNA", "Suite", "101", "POOL", "501")
    assert (ROUTES.rooms(asked), ROUTES.areas(asked, DESK)) == (("501", "101"), ("3",))


def test_a_door_of_several_rooms_brings_them_all_with_their_areas() -> None:
    asked = request("1", "POOL", "Family")
    assert (ROUTES.rooms(asked), ROUTES.areas(asked, DESK)) == (("601", "602"), ("3", "4"))


def test_a_key_for_a_room_opens_the_common_areas_of_its_own_lock_system() -> None:
    routes = replace(ROUTES, common_areas={DESK.driver: ("1", "3")})
    asked = request("1", "501", "POOL")
    assert routes.areas(asked, DESK) == ("3", "1")
    assert routes.areas(asked, replace(DESK, driver="lock-server:b")) == ("3",)


def test_a_key_for_an_area_alone_opens_no_common_one() -> None:
    routes = replace(ROUTES, common_areas={DESK.driver: ("1",)})
    assert routes.areas(request("1", "POOL"), DESK) == ("3",)


def test_a_room_has_its_own_name_at_the_room_management_unless_the_file_says_another() -> None:
    routes = replace(ROUTES, rms={"101A": "101"})
    assert (routes.rms_name("101A"), routes.rms_name("102")) == ("101", "102")


def document(printer: str, copies: int = 1) -> PrintRequest:
    return PrintRequest(printer, "application/pdf", b"%PDF-", copies)


@pytest.mark.parametrize("name", ["Front Office", "FRONT OFFICE", "front office"])
def test_a_printer_is_found_by_its_name_without_case(name: str) -> None:
    assert PRINTING.find(listed("Printer"), document(name)) is OFFICE


def test_an_unknown_printer_is_refused_with_those_that_there_are() -> None:
    refused = refusal(PRINTING.find(listed("Printer"), document("Bar")))
    assert (refused.code, "“Bar” is not set up on this box, which has “Front Office”" in refused.note) == (
        Code.NO_PRINTER,
        True,
    )


def test_a_long_list_of_printers_is_cut_short() -> None:
    many = {f"printer {number}": replace(OFFICE, name=f"Printer {number}") for number in range(9)}
    refused = refusal(replace(ROUTES, printers=many).find(listed("Printer"), document("Bar")))
    assert "“Printer 5” and others" in refused.note


def test_a_print_has_limits_of_its_own() -> None:
    assert PRINTING.find(listed("Printer"), document("Front Office", copies=50)) is OFFICE
    refused = refusal(PRINTING.find(listed("Printer"), document("Front Office", copies=51)))
    assert (refused.code, "51 copies were ordered, and 50 is the most" in refused.note) == ("E-PRINT-COUNT", True)


def test_with_a_printer_there_is_no_objection_to_a_print_and_never_one_to_a_key() -> None:
    assert PRINTING.objection(listed("Printer"), Kind.PRINT) is None
    assert ROUTES.objection(listed(), Kind.KEY) is None


def test_no_document_is_shown() -> None:
    assert "PDF" not in repr(document("Bar"))
