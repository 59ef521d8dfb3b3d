"""An amount of money as an installer writes it: "0 EUR", "12.50 GBP". Pure; knows no rate of exchange.

A currency is an ISO 4217 code, and any three letters are taken for one: Mews says which ones it knows.
"""

import re
from decimal import Decimal

from provisioning.problems import Wrong

EXAMPLE = "0 EUR"
_AMOUNT = re.compile(r"(?P<value>[0-9]{1,9}(\.[0-9]{1,2})?) ?(?P<currency>[A-Z]{3})")
# The other ways in which people write it.
_TURNED = re.compile(r"(?P<currency>[A-Za-z]{3}) ?(?P<value>[0-9]{1,9}([.,][0-9]{1,2})?)")
_LOOSE = re.compile(r"(?P<value>[0-9]{1,9}([.,][0-9]{1,2})?) *(?P<currency>[A-Za-z]{3})")
_WRITE = f'Write it like "{EXAMPLE}", with at most two digits after a point'


def amount(text: str) -> tuple[Decimal, str]:
    """The value, not below zero and with at most two places, and the currency's code. Raises `Wrong`."""
    found = _AMOUNT.fullmatch(text)
    if found:
        return Decimal(found["value"]), found["currency"]
    meant = _LOOSE.fullmatch(text) or _TURNED.fullmatch(text)
    if meant:
        write = f'Write "{meant["value"].replace(",", ".")} {meant["currency"].upper()}"'
        raise Wrong("is not written as an amount and its currency", write)
    if text.startswith("-"):
        raise Wrong("is below zero, and such a balance is in the guest's favour", _WRITE)
    if re.fullmatch(r"[0-9.,]+", text):
        raise Wrong("has no currency", _WRITE)
    raise Wrong("is no amount with the three letters of a currency", _WRITE)


def written(text: str) -> str:
    """An amount in the one way in which it is kept. Raises `Wrong`."""
    value, currency = amount(text)
    return f"{value} {currency}"
