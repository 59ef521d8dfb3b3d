"""Amounts of money: what is taken, in which form it is kept, and what is said of the rest."""

from decimal import Decimal

import pytest

from provisioning.money import amount, written
from provisioning.problems import Wrong


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("0 EUR", "0", "EUR"),
        ("12.50 GBP", "12.50", "GBP"),
        ("12.5CZK", "12.5", "CZK"),
        ("999999999 JPY", "999999999", "JPY"),
    ],
)
def test_an_amount_is_a_value_and_the_code_of_a_currency(text: str, value: str, currency: str) -> None:
    assert amount(text) == (Decimal(value), currency)
    assert written(text) == f"{value} {currency}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0 eur", "0 EUR"),
        ("10,50 EUR", "10.50 EUR"),
        ("EUR 10", "10 EUR"),
        ("chf10,5", "10.5 CHF"),
        ("10   EUR", "10 EUR"),
    ],
)
def test_what_is_meant_is_proposed_as_it_is_written(text: str, meant: str) -> None:
    with pytest.raises(Wrong) as refusal:
        amount(text)
    assert refusal.value.proposal == meant
    assert written(meant) == meant


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("-5 EUR", "is below zero"),
        ("10", "has no currency"),
        ("10.50", "has no currency"),
        ("1.005 EUR", "is no amount"),
        ("1e3 EUR", "is no amount"),
        ("1.000,50 EUR", "is no amount"),
        ("10 EURO", "is no amount"),
        ("10 €", "is no amount"),
        ("٣ EUR", "is no amount"),
        ("9999999999 EUR", "is no amount"),
        ("NaN EUR", "is no amount"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, wrong: str) -> None:
    with pytest.raises(Wrong, match=wrong) as refusal:
        amount(text)
    assert 'Write it like "0 EUR"' in refusal.value.write
