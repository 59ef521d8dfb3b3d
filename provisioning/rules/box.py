"""[box]: what the box is called and where the hotel is.

The time zone decides what is printed into a key, so it has no default, and a zone without a place is refused: it
has no summer time, or another country's. Zones: the IANA database, through zoneinfo.
"""

import re
from zoneinfo import ZoneInfo

from provisioning.addresses import host_label
from provisioning.model import Box, Language
from provisioning.rules.choices import read_choice
from provisioning.table import Table

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+")
_NOT_PLACES = ("posix", "right", "Etc", "SystemV")  # folders of zones without a place


def read_box(table: Table) -> Box:
    """The section's values; mistakes go into the table's ledger."""
    return Box(
        table.text("name", host_label, "aurora-desk"),
        table.text("timezone", zone, "Europe/Vienna"),
        read_choice(table, "language", Language.ENGLISH),
    )


def zone(text: str) -> str:
    """An IANA time zone of a place, by its exact name. Raises `Wrong`."""
    if not _ZONE.fullmatch(text) or text.split("/")[0] in _NOT_PLACES or not _is_readable(text):
        from provisioning.zones import refusal  # here, because its tables are for mistakes alone

        raise refusal(text)
    return text


def _is_readable(text: str) -> bool:
    # Reading one zone takes 0.1 ms; the list of all takes 30 ms, which would show in the box's start.
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not found; not a zone file; a folder or too long a name
        return False
    return True
