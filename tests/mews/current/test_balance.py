"""What a customer owes in today's dialect: all open items in one currency, or no balance at all."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.mews.current.balance import balance
from agent.mews.reading.decoding import Unreadable
from agent.mews.records import Money
from tests.mews.current.examples import open_items, order_item
from tests.mews.reading.damage import BAD_VALUES, damage


def told(answer: Any, customer: str = "u1") -> Money:
    return balance(json.dumps(answer).encode(), customer, "EUR")


def euros(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def test_what_is_nested_in_an_item_beside_its_gross_value_does_not_count() -> None:
    assert told(open_items([order_item("o1", 12.5)], [])) == euros("12.5")


def test_payments_and_rebates_are_negative_and_more_than_is_owed_is_below_nought() -> None:
    assert told(open_items([order_item("o1", 10)], [order_item("p1", -30.01)])) == euros("-20.01")


def test_amounts_are_exact_however_they_are_written() -> None:
    text = json.dumps(open_items([order_item("o1", 1), order_item("o2", 2)], [order_item("p1", 3)]))
    text = text.replace('"GrossValue": 1,', '"GrossValue": 0.1,').replace(
        '"GrossValue": 2,', '"GrossValue": 2e-1,'
    )
    assert balance(text.replace('"GrossValue": 3,', '"GrossValue": -0.30,').encode(), "u1", "EUR") == euros("0")


def test_an_item_on_two_lists_counts_once_and_one_that_is_over_not_at_all() -> None:
    over = [order_item(f"x{state}", 99, AccountingState=state) for state in ("Closed", "Inactive", "Canceled")]
    assert told(open_items([order_item("o1", 5), *over], [order_item("o1", 5)])) == euros("5")


def test_an_item_whose_state_is_new_or_not_told_counts() -> None:
    items = [order_item("o1", 5, AccountingState="Frozen"), order_item("o2", 7, AccountingState=None)]
    assert told(open_items(items, [])) == euros("12")


def test_the_form_of_before_2021_is_understood() -> None:
    item = {"Id": "o1", "Amount": {"Currency": "EUR", "Value": 8.75, "Net": None}, "Type": "ServiceRevenue"}
    assert told({"Customers": [{"CustomerId": "u1", "Items": [item]}]}) == euros("8.75")


def test_a_customer_without_open_items_owes_nothing() -> None:
    assert told(open_items([], [])) == told({"Customers": []}) == euros("0")


def test_ids_are_the_same_in_capital_letters() -> None:
    assert told(open_items([order_item("o1", 5)], [], customer="U1")) == euros("5")


@pytest.mark.parametrize(
    "answer",
    [
        *({}, {"Customers": None}, {"Customers": {}}, {"Customers": [7]}, {"Customers": [{}]}),
        open_items([order_item("o1", 5)], [], customer="u2"),
        {"Customers": [*open_items([], [])["Customers"], *open_items([], [])["Customers"]]},
        {"Customers": [{"CustomerId": "u1"}]},
        {"Customers": [{"CustomerId": "u1", "OrderItems": []}]},
        {"Customers": [{"CustomerId": "u1", "OrderItems": [], "PaymentItems": None}]},
        open_items([order_item("o1", 5), order_item("o2", 5, currency="GBP")], []),
        open_items([order_item("o1", "5")], []),
        open_items([order_item("o1", None)], []),
        open_items([order_item("o1", 5, Amount=None)], []),
        open_items([{"Amount": {"Currency": "EUR", "GrossValue": 5}}], []),
        open_items([7], []),
    ],
    ids=repr,
)
def test_a_sum_of_which_a_part_is_missing_is_no_balance(answer: Any) -> None:
    with pytest.raises(Unreadable):
        told(answer)


ITEM = json.dumps(order_item("o2", 7)).encode()
WHOLE = json.dumps(open_items([order_item("o1", 5), "@HERE@"], [order_item("p1", -2)])).encode()


def with_item(item: bytes) -> bytes:
    return WHOLE.replace(b'"@HERE@"', item)


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
def test_an_amount_that_cannot_be_read_is_never_left_out(value: bytes) -> None:
    with pytest.raises(Unreadable):
        balance(with_item(ITEM.replace(b'"GrossValue": 7,', b'"GrossValue": %s,' % value)), "u1", "EUR")


@settings(max_examples=1000)
@given(damage(ITEM))
def test_damage_that_is_no_json_changes_no_balance_or_there_is_none(item: bytes) -> None:
    try:
        found = balance(with_item(item), "u1", "EUR")
    except Unreadable:
        return
    assert found == euros("10") or is_json(item)


def is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


@settings(max_examples=300)
@given(st.binary(max_size=99))
def test_a_random_answer_is_no_balance(body: bytes) -> None:
    with pytest.raises(Unreadable):
        balance(body, "u1", "EUR")
