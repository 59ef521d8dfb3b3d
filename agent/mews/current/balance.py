"""What a customer owes in today's dialect: the sum of the open items, exactly. No I/O.

How it is added up is not in reference/mews.md section 14, but in Mews' docs of `customers/getOpenItems` (until
2024): "Sum of the open items is the balance of the customer. If the Currency is specified, costs of the items are
converted to that currency", and of an item's amount: a negative one is a rebate or a payment. A sum of which a
part is missing is no balance.
"""

from collections.abc import Iterable
from decimal import Decimal

from agent.mews.reading.decoding import Unreadable
from agent.mews.reading.items import Item
from agent.mews.reading.lists import whole_list
from agent.mews.reading.money import amount, currency, total
from agent.mews.records import Money

_LISTS = ("OrderItems", "PaymentItems")
_OLD_LIST = "Items"  # both in one, in the form of before 2021
_OVER = {"Closed", "Inactive", "Canceled"}  # states of an item that is not to be paid any more
_VALUES = ("GrossValue", "Value")  # with all taxes; the latter is the older name


def balance(body: bytes, customer: str, wanted: str) -> Money:
    """The answer to `customers/getOpenItems` for one customer and a currency. Raises `Unreadable`.

    Whether Mews lists a customer without open items is not documented: an answer that lists no one counts as that.
    """
    listed = [Item(text, "a customer") for text in whole_list(body, "Customers")]
    if not listed:
        return Money(Decimal(0), wanted)
    own = [item for item in listed if item.id("CustomerId").casefold() == customer.casefold()]
    if len(own) != 1:
        raise Unreadable("it is not about that customer alone")
    return Money(total(_amounts(own[0], wanted)), wanted)


def _amounts(customer: Item, wanted: str) -> Iterable[Decimal]:
    """What is still to pay, or paid already; an item that is listed twice counts once."""
    names = _LISTS if any(map(customer.has, _LISTS)) else (_OLD_LIST,)
    open_items: dict[str, Item] = {}
    for name in names:
        for text in customer.elements(name):
            item = Item(text, "an item")
            open_items[item.id("Id")] = item
    for item in open_items.values():
        if item.text("AccountingState") not in _OVER:
            yield _amount(item.part("Amount"), wanted)


def _amount(told: Item, wanted: str) -> Decimal:
    if currency(told.text("Currency"), "that of an item") != wanted:
        raise Unreadable("an item is in another currency")
    name = next(filter(told.has, _VALUES), _VALUES[0])
    return amount(told.raw(name), "what an item costs")
