"""The rule about open balances: who gets a key, who does not, and what is said where no one can tell."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
import trio

from agent.commands.driver import KeyJob
from agent.commands.model import Verdict
from agent.health.health import Health
from agent.mews.balance_rule import SECONDS, BalanceRule
from agent.mews.calls import Failed, MewsError
from agent.mews.records import Money, OwnerKind, Stay, Stays
from provisioning.secret import Secret
from tests.control.fake_mews import STAY, Old, Today, enquiries

START, END = datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 27, 10, tzinfo=UTC)
OF_2016 = KeyJob("1", ("101",), (), START, END, 1, 1, reservation="r1", customer="jane")
OF_TODAY = msgspec.structs.replace(OF_2016, customer="")
FIVE = Money(Decimal(5), "EUR")


class Mews(Today):
    """A Mews that knows reservations by their ids."""

    def __init__(self, owed: str, currency: str = "EUR", *stays: Stay) -> None:
        super().__init__()
        self.money, self.stays_there = Money(Decimal(owed), currency), stays or (STAY,)

    async def stays_by_id(self, token: Secret, ids: list[str]) -> Stays:
        return self._told(Stays(tuple(stay for stay in self.stays_there if stay.id in ids)), *ids)


def rule(mews: Old, health: Health | None = None, most: Money = FIVE) -> BalanceRule:
    return BalanceRule(enquiries(mews), health or Health(trio.current_time), most)


@pytest.mark.parametrize("job", [OF_2016, OF_TODAY], ids=["2016", "today"])
@pytest.mark.parametrize(
    ("owed", "is_refused"), [("5.01", True), ("5", False), ("0", False), ("-100", False), ("1e9", True)]
)
async def test_who_owes_more_than_the_file_allows_gets_no_key(job: KeyJob, owed: str, is_refused: bool) -> None:
    mews, health = Mews(owed), Health(trio.current_time)
    objection = await rule(mews, health).objection(job)
    assert (objection is not None) == is_refused
    assert mews.asked[-1] == ("jane", "EUR")
    assert not health.active()
    if objection is not None:
        assert (objection.verdict, objection.code) == (Verdict.FAILED, "E-KEY-BALANCE")


async def test_the_note_is_discreet() -> None:
    objection = await rule(Mews("250")).objection(OF_2016)
    assert objection is not None
    assert objection.note == (
        "Key not cut: the reservation has to be looked at in Mews first. "
        "Look at its bill, then order the key again."
    )


COMPANY = msgspec.structs.replace(STAY, owner="aurora-gmbh", owner_kind=OwnerKind.COMPANY)
CASES: dict[str, tuple[Old, KeyJob, str]] = {
    "another currency": (Mews("9", "GBP"), OF_2016, "the balance is in GBP, and the rule in EUR"),
    "a company pays": (Mews("9", "EUR", COMPANY), OF_TODAY, "a company pays"),
    "an owner of no kind": (
        Mews("9", "EUR", msgspec.structs.replace(STAY, owner_kind=OwnerKind.UNKNOWN)),
        *(OF_TODAY, "a company pays"),
    ),
    "no owner": (Mews("9", "EUR", msgspec.structs.replace(STAY, owner="")), OF_TODAY, "whose reservation it is"),
    "no such reservation": (
        Mews("9", "EUR", msgspec.structs.replace(STAY, id="r2")),
        OF_TODAY,
        "whose reservation",
    ),
    "no reservation": (Mews("9"), msgspec.structs.replace(OF_TODAY, reservation=""), "it names no reservation"),
    "a dialect without balances": (Old(), OF_2016, "this dialect of Mews cannot tell a balance"),
}


@pytest.mark.parametrize(("mews", "job", "words"), CASES.values(), ids=CASES)
async def test_where_no_one_can_tell_the_key_is_cut_and_the_page_says_so(
    mews: Old, job: KeyJob, words: str, autojump_clock: object
) -> None:
    health = Health(trio.current_time)
    assert await rule(mews, health).objection(job) is None
    [fault] = health.active()
    assert fault.kind.code == "E-MEWS-BALANCE"
    assert words in fault.text


async def test_an_answer_that_fails_is_said_and_the_next_good_one_ends_that(autojump_clock: object) -> None:
    mews, health = Mews("9"), Health(trio.current_time)
    failing: MewsError | None = Failed("Mews answered 502")
    mews.error = failing
    assert await rule(mews, health).objection(OF_2016) is None
    assert [fault.text for fault in health.active()] == ["Of the last order: Mews answered 502."]
    mews.error = None
    assert await rule(mews, health).objection(OF_2016) is not None
    assert not health.active()


async def test_a_guest_waits_no_longer_than_some_seconds(autojump_clock: object) -> None:
    class Slow(Mews):
        async def balance(self, token: Secret, customer: str, currency: str) -> Money:
            await trio.sleep_forever()
            raise AssertionError

    health, began = Health(trio.current_time), trio.current_time()
    assert await rule(Slow("9"), health).objection(OF_2016) is None
    assert trio.current_time() - began == SECONDS
    assert "did not answer" in health.active()[0].text
