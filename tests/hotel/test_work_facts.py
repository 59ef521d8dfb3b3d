"""What is told of orders under way: none without a reason, and none as made that is not."""

import msgspec

from agent.commands.driver import Lane
from agent.commands.lifecycle import State
from agent.commands.model import Kind, WaitsFor
from agent.hotel.work_facts import card_seconds, work_facts
from agent.pipeline.orders import Order
from agent.status.snapshot.work import Stage, WorkFacts
from tests.fake_drivers import FakeDriver, FakePrinter, lock_system
from tests.pipeline.orders_by_value import START, order

LANE = Lane("encoder:1", "1", "Front desk", "lock-server:fake")
MOBILE = Lane("encoder:m", "m", "Telephones", "lock-server:fake", is_mobile=True)
PRINTER = Lane("printer:Bar", "Bar", "Bar", "printer:Bar", Kind.PRINT)


class Patient(FakeDriver):
    card_seconds = 30.0


def patient() -> Patient:
    return Patient("lock-server:fake", [LANE, MOBILE])


def waiting(waits_for: WaitsFor | None = None) -> Order:
    made = order("c-1", copies=2)
    made.since, made.waits_for = 50.0, waits_for
    return made


def making(**changes: object) -> Order:
    made = order("c-1", copies=2)
    made.record = msgspec.structs.replace(made.record, state=State.DISPATCHED, **changes)
    made.since, made.waits_for = 60.0, WaitsFor.MEWS
    return made


def test_an_order_that_waits_says_for_what_and_has_no_limit() -> None:
    (told,) = work_facts([waiting(WaitsFor.MEWS)], [LANE], [patient()])
    assert told == WorkFacts(
        *("c-1", "key", "Front desk", "101", Stage.WAITING, 2, 0),
        since=50.0,
        waits_for=str(WaitsFor.MEWS),
        ordered=START,
    )


def test_an_order_that_waits_for_nothing_else_waits_for_its_turn() -> None:
    (told,) = work_facts([waiting()], [LANE], [])
    assert told.waits_for == str(WaitsFor.TURN)


def test_a_key_in_the_making_has_the_encoders_limit_and_waits_for_nothing() -> None:
    (told,) = work_facts([making()], [LANE], [patient()])
    assert (told.state, told.limit, told.waits_for, told.since) == (Stage.MAKING, 30.0, "", 60.0)


def test_an_order_for_a_device_that_the_file_no_longer_has_is_told_by_its_hop() -> None:
    (told,) = work_facts([making()], [], [patient()])
    assert (told.target, told.limit) == ("encoder:1", 0.0)


def test_what_has_an_end_is_not_under_way() -> None:
    assert work_facts([making(verdict="done")], [LANE], [patient()]) == ()


def test_a_limit_is_known_only_where_somebody_presents_a_card() -> None:
    drivers = [patient(), lock_system("9"), FakePrinter("Bar", 1.0)]
    lanes = [LANE, MOBILE, PRINTER, Lane("encoder:9", "9", "Other", "lock-server:other")]
    assert card_seconds(lanes, drivers) == {"encoder:1": 30.0}
