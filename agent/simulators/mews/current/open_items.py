"""Today's customers/getOpenItems: what is unpaid, as order and payment items (docs, "Customers").

Must never add them up: that is the caller's. A company has no such call, and is refused like an unknown customer.
"""

from collections.abc import Mapping

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.refusal import invalid, needed_texts, optional_text
from agent.simulators.mews.store.property import RATES, Property, converted
from agent.simulators.mews.store.records import OpenItem

_CATEGORY = "d250149e-a29d-4c70-b607-a1759faf7320"  # an accounting category: the docs' example
_ORDER = "6645113e-72cc-4f99-ab77-e4452911bf20"
_TAX = "UK-Z"


def open_items(property: Property, body: Mapping[str, object]) -> dict[str, object]:
    """The answer, in the currency asked for, else each item in its own."""
    customers, currency = needed_texts(body, "CustomerIds"), optional_text(body, "Currency")
    if any(id not in property.customers for id in customers):
        raise invalid("CustomerIds")
    if currency is not None and currency not in RATES:
        raise invalid("Currency")
    return {"Customers": [_items_of(property, id, currency) for id in dict.fromkeys(customers)]}


def _items_of(property: Property, customer: str, currency: str | None) -> dict[str, object]:
    items = property.owed(customer)
    return {
        "CustomerId": customer,
        "OrderItems": [_order_item(item, currency) for item in items if not item.is_payment],
        "PaymentItems": [_payment_item(item, currency) for item in items if item.is_payment],
    }


def _order_item(item: OpenItem, currency: str | None) -> dict[str, object]:
    return {
        "Id": item.id,
        "AccountId": item.account,
        "OrderId": _ORDER,
        "BillId": None,
        "AccountingCategoryId": _CATEGORY,
        "Amount": _amount(item, currency),
        "RevenueType": "Additional",
        "ConsumedUtc": utc_text(item.consumed),
        "ClosedUtc": None,
        "AccountingState": "Open",
        "Data": {"Discriminator": "Rebate", "Value": {"RebatedItemId": None}},
    }


def _payment_item(item: OpenItem, currency: str | None) -> dict[str, object]:
    return {
        "Id": item.id,
        "AccountId": item.account,
        "BillId": None,
        "AccountingCategoryId": _CATEGORY,
        "Amount": _amount(item, currency),
        "OriginalAmount": _amount(item, None),
        "AmountDefault": None,
        "Notes": None,
        "SettlementId": None,
        "ConsumedUtc": utc_text(item.consumed),
        "ClosedUtc": None,
        "AccountingState": "Open",
        "State": "Charged",
        "Identifier": None,
        "Data": {"Discriminator": "Cash", "Value": None},
    }


def _amount(item: OpenItem, currency: str | None) -> dict[str, object]:
    into = currency or item.currency
    value = converted(item.value, item.currency, into)
    return {
        "Currency": into,
        "NetValue": value,
        "GrossValue": value,
        "TaxValues": [{"Code": _TAX, "Value": 0}],
        "Breakdown": {"Items": [{"TaxRateCode": _TAX, "NetValue": value, "TaxValue": 0}]},
    }
