"""Amounts and currencies: exact, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.money import amount, currency, total


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((b"0", "0"), (b"100", "100"), (b"-5", "-5"), (b"100.10", "100.10"), (b" 1.5 ", "1.5"), (b"1e2", "100")),
        *((b"0.30000000000000004", "0.30000000000000004"), (b"-0.0", "0"), (b"1.5E-3", "0.0015")),
        (b"999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_what_stands_there(text: bytes, value: str) -> None:
    assert amount(text, "it") == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"null", b'"100"', b"NaN", b"Infinity", b"-Infinity", b"01", b"+1", b"1.", b".5", b"1,5", b"0x10"),
        *(b"true", b"[1]", b"1 2", b"1_000", b"1e400", b"1e99", b"1e-99", b"1000000000000", b"-1000000000000"),
        *(b"9" * 5000, b"0." + b"1" * 21, b"0." + b"0" * 5000, "１".encode(), b"\xff"),
    ],
)
def test_what_is_no_amount_of_money_is_refused_without_a_word_of_it(text: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^the balance is no amount of money$"):
        amount(text, "the balance")


@given(st.lists(st.decimals(-(10**11), 10**11, places=4, allow_nan=False)))
def test_a_sum_is_exact(amounts: list[Decimal]) -> None:
    assert total(amounts) * 10**4 == sum(int(each * 10**4) for each in amounts)


def test_cents_are_not_lost_as_a_float_would_lose_them() -> None:
    assert total([Decimal("0.1")] * 3) == Decimal("0.3")


def test_a_currency_has_three_letters() -> None:
    assert currency("EUR", "it") == "EUR"
    for word in ("", "eur", "EURO", "E R", "EU1", "€", "EUR\n"):
        with pytest.raises(Unreadable, match=r"^it is no currency$"):
            currency(word, "it")
