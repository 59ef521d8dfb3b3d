"""Amounts and currencies as Mews writes them: exact, never by way of a float. No I/O."""

import re
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact

from agent.foundation.reading.json_text import Text
from agent.mews.reading.decoding import Unreadable

_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")  # as JSON has them
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST = Decimal(10) ** 12  # beyond that it is no hotel bill
_PLACES = 20  # of a fraction; a cloud that reckons in floats writes up to 17
_SUMS = Context(prec=60, traps=[Inexact])  # a million amounts of 12 and 20 digits are still exact


def amount(text: Text, what: str) -> Decimal:
    """A number of JSON, exactly as it is written. Raises `Unreadable`; `what` begins the sentence."""
    digits = bytes(text).strip()
    value = Decimal(digits.decode()) if _NUMBER.fullmatch(digits) else None
    if value is None or abs(value) >= _MOST or not _is_short(value):
        raise Unreadable(f"{what} is no amount of money")
    return value


def currency(word: str, what: str) -> str:
    """An ISO 4217 code. Raises `Unreadable`; `what` begins the sentence."""
    if not _CURRENCY.fullmatch(word):
        raise Unreadable(f"{what} is no currency")
    return word


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    value = Decimal(0)
    for each in amounts:
        value = _SUMS.add(value, each)
    return value


def _is_short(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES
