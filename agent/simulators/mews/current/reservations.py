"""Today's reservations/getAll/2023-06-06: its filters, and a reservation as it is written there.

Must never embed a guest: an owner is an id and a kind, `Customer` or `Company` (reference/mews.md section 14).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.current.envelope import looking_at
from agent.simulators.mews.current.paging import limitation, newest_first, page
from agent.simulators.mews.refusal import interval, invalid, texts, words
from agent.simulators.mews.store.property import Property
from agent.simulators.mews.store.records import AccountType, Reservation, StayState
from agent.simulators.mews.switches import MewsSwitches

_PROFILE = "3cd637ef-4728-47f9-8fb1-afb900c9cdcf"  # who made and changed it: the docs' example
_RATE = "ed4b660b-19d0-434b-9360-a4de2ea42eda"
_ADULTS = "1f67644f-052d-4863-acdf-ae1600c60ca0"
_OF_IDS: dict[str, Callable[[Reservation], str | None]] = {
    "ReservationIds": lambda stay: stay.id,
    "ServiceIds": lambda stay: stay.service,
    "ReservationGroupIds": lambda stay: stay.group,
    "AccountIds": lambda stay: stay.account,
    "TravelAgencyIds": lambda stay: stay.travel_agency,
    "Numbers": lambda stay: stay.number,
    "ChannelNumbers": lambda stay: stay.channel_number,
    "AssignedResourceIds": lambda stay: stay.room,
}
_OF_TIME: dict[str, Callable[[Reservation], Any]] = {
    "CreatedUtc": lambda stay: stay.created,
    "UpdatedUtc": lambda stay: stay.updated,
    "ScheduledStartUtc": lambda stay: stay.start,
    "ActualStartUtc": lambda stay: stay.actual_start,
    "ScheduledEndUtc": lambda stay: stay.end,
    "ActualEndUtc": lambda stay: stay.actual_end,
}
_EITHER_OR = (("ScheduledStartUtc", "ActualStartUtc"), ("ScheduledEndUtc", "ActualEndUtc"))


def reservations(property: Property, body: Mapping[str, object], switches: MewsSwitches) -> dict[str, object]:
    """The answer: those that pass all the filters that are there."""
    filters = [*_filters(body, switches)]
    found, cursor = page(
        newest_first(property.reservations.values()),
        lambda stay: all(passes(stay) for passes in filters),
        limitation(body),
        switches,
    )
    return {"Reservations": [reservation(stay) for stay in found], "Cursor": cursor}


def reservation(stay: Reservation) -> dict[str, object]:
    """A reservation as the docs show it."""
    return {
        "Id": stay.id,
        "ServiceId": stay.service,
        "AccountId": stay.account,
        "AccountType": stay.account_type,
        "CreatorProfileId": _PROFILE,
        "UpdaterProfileId": _PROFILE,
        "BookerId": None,
        "Number": stay.number,
        "State": stay.state,
        "Origin": "Connector",
        "CommanderOrigin": None,
        "OriginDetails": None,
        "CreatedUtc": utc_text(stay.created),
        "UpdatedUtc": utc_text(stay.updated),
        "CancelledUtc": stay.cancelled and utc_text(stay.cancelled),
        "VoucherId": None,
        "BusinessSegmentId": stay.segment,
        "Options": _options(stay),
        "RateId": _RATE,
        "CreditCardId": None,
        "GroupId": stay.group,
        "RequestedResourceCategoryId": stay.category,
        "AssignedResourceId": stay.room,
        "AvailabilityBlockId": None,
        "PartnerCompanyId": None,
        "TravelAgencyId": stay.travel_agency,
        "AssignedResourceLocked": False,
        "ChannelNumber": stay.channel_number,
        "ChannelManagerNumber": stay.channel_manager,
        "CancellationReason": "Other" if stay.state is StayState.CANCELED else None,
        "ReleasedUtc": None,
        "StartUtc": utc_text(min(stay.begins, stay.start)),
        "EndUtc": utc_text(stay.end),
        "ScheduledStartUtc": utc_text(stay.start),
        "ActualStartUtc": stay.actual_start and utc_text(stay.actual_start),
        "ScheduledEndUtc": utc_text(stay.end),
        "ActualEndUtc": stay.actual_end and utc_text(stay.actual_end),
        "Purpose": "Leisure",
        "QrCodeData": _qr_code(stay),
        "PersonCounts": [{"AgeCategoryId": _ADULTS, "Count": max(1, len(stay.companions))}],
        **stay.more,
    }


def _filters(body: Mapping[str, object], switches: MewsSwitches) -> list[Callable[[Reservation], bool]]:
    if any(body.get(one) is not None and body.get(other) is not None for one, other in _EITHER_OR):
        raise invalid("parameters: a scheduled and an actual time cannot be asked for together")
    filters: list[Callable[[Reservation], bool]] = []
    for name, id_of in _OF_IDS.items():
        if (ids := texts(body, name)) is not None:
            filters.append(lambda stay, ids=frozenset(ids), id_of=id_of: id_of(stay) in ids)  # type: ignore[misc]
    for name, time_of in _OF_TIME.items():
        if (times := interval(body, name)) is not None:
            filters.append(lambda stay, times=times, time_of=time_of: times.has(time_of(stay)))  # type: ignore[misc]
    if (colliding := interval(body, "CollidingUtc")) is not None:
        filters.append(lambda stay: colliding.meets(min(stay.begins, stay.start), stay.end))
    if (states := words(body, "States", StayState)) is not None:
        filters.append(lambda stay: stay.state in states)
    if (enterprises := looking_at(body, switches)) is not None:
        filters.append(lambda stay: stay.enterprise in enterprises)
    return filters


def _options(stay: Reservation) -> dict[str, bool]:
    has_come = stay.actual_start is not None
    return {
        "OwnerCheckedIn": has_come,
        "AllCompanionsCheckedIn": has_come,
        "AnyCompanionCheckedIn": has_come,
        "ConnectorCheckIn": False,
    }


def _qr_code(stay: Reservation) -> str:
    is_of_a_person = stay.account_type is AccountType.CUSTOMER
    code = {"Id": stay.id, "GroupId": stay.group, "CustomerId": stay.account if is_of_a_person else None}
    return msgspec.json.encode({"Reservations": [code]}).decode()
