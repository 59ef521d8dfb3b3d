"""From what is listed to an order or a refusal, by value."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from agent.commands.driver import KeyJob, PrintJob
from agent.commands.model import KeyRequest, Kind, Listed, Outcome, PrintRequest, Request, Standing, Verdict
from agent.commands.people import People
from agent.commands.routing import Door, Limits, Routes
from agent.pipeline.intake import Intake, ReadData
from agent.pipeline.orders import Order
from tests.fake_drivers import FakeDriver, lock_system, printer
from tests.pipeline.orders_by_value import START, ScriptedOrigin

LOCKS, OFFICE = lock_system("1", "2"), printer("Office")
LIMITS = {kind: Limits(180, 10) for kind in Kind}
ROUTES = Routes(
    {"1": LOCKS.lanes[0], "2": LOCKS.lanes[1]},
    {"POOL": Door(areas=("3",))},
    LIMITS,
    {"office": OFFICE.lanes[0]},
)
KEY = KeyRequest("1", ("101", "POOL"), START, START.replace(day=6), 2)
PAPER = PrintRequest("Office", "application/pdf", b"%PDF-", 3)
LISTED = Listed("id", Standing.NEW, START, "device", "Desk", "KeyCutter", b"{}")
PRINT = replace(LISTED, device_type="Printer")


def taken(listed: Listed, request: Request | Exception = KEY, *drivers: FakeDriver) -> Order:
    def read(data: bytes | None) -> Request:
        if isinstance(request, Exception):
            raise request
        return request

    by_kind: Mapping[Kind, ReadData] = {Kind.KEY: read, Kind.PRINT: read}
    by_hop = {driver.hop: driver for driver in (LOCKS, OFFICE, *drivers)}
    return Intake(ROUTES, by_hop, by_kind, ScriptedOrigin()).order(listed)


def test_a_key_becomes_a_job_for_its_encoder_with_rooms_and_areas_apart() -> None:
    order = taken(LISTED)
    people = People(LISTED.data)
    assert order.job == KeyJob("1", ("101",), ("3",), START, START.replace(day=6), 1, 2, people=people)
    record = order.record
    assert (record.kind, record.target, record.room, record.copies) == (Kind.KEY, "encoder:1", "101, 3", 2)
    assert (record.origin, order.created, order.refusal) == ("mews", START, None)


def test_a_print_becomes_a_job_for_its_printer_named_like_the_command() -> None:
    order = taken(PRINT, PAPER)
    assert order.job == PrintJob("Office", "id", b"%PDF-", "application/pdf", 3)
    assert (order.record.kind, order.record.target, order.record.room) == (Kind.PRINT, "printer:Office", "")


@pytest.mark.parametrize(
    ("listed", "request_", "code", "head"),
    [
        (replace(LISTED, defect="it is damaged"), KEY, "E-KEY-UNREADABLE", "Not done"),
        (LISTED, ValueError("its dates are none"), "E-KEY-UNREADABLE", "Key not cut"),
        (PRINT, ValueError("it is empty"), "E-PRINT-UNREADABLE", "Not printed"),
        (replace(LISTED, device_type="Fax"), KEY, "E-KEY-NO-DEVICE", "Not done"),
        (LISTED, replace(KEY, key_cutter="9"), "E-KEY-NO-CUTTER", "Key not cut"),
        (LISTED, replace(KEY, copies=11), "E-KEY-COUNT", "Key not cut"),
        (PRINT, replace(PAPER, printer="Bar"), "E-PRINT-NO-PRINTER", "Not printed"),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_words_of_its_kind(
    listed: Listed, request_: Request | Exception, code: str, head: str
) -> None:
    refusal = taken(listed, request_).refusal
    assert refusal is not None
    assert (refusal.verdict, refusal.code, refusal.head) == (Verdict.FAILED, code, head)


def test_a_refused_key_still_names_its_doors() -> None:
    assert taken(LISTED, replace(KEY, key_cutter="9")).record.room == "101, POOL"


def test_a_driver_may_object() -> None:
    objection = Outcome(Verdict.FAILED, "E-X", "Key not cut", "it is closed", "Wait.")
    strict = lock_system("1", "2")
    strict.refuses = objection
    order = taken(LISTED, KEY, strict)
    assert (order.refusal, order.record.target, order.record.room) == (objection, "encoder:1", "101, 3")


def test_a_key_for_a_hundred_rooms_names_the_first_of_them_on_the_page() -> None:
    many = replace(KEY, lock_ids=tuple(str(number) for number in range(100, 200)))
    assert len(taken(LISTED, many).record.room) <= 80
