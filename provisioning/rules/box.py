"""[box]: what the box is called and where the hotel is.

The time zone decides what is printed into a key, so it has no default. Zones: the IANA database, through zoneinfo.
"""

import re
from zoneinfo import ZoneInfo, available_timezones

from provisioning.addresses import host_label
from provisioning.model import Box
from provisioning.problems import Wrong, nearest, quoted
from provisioning.table import Table

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_NOT_PLACES = ("posix", "right", "localtime", "posixrules", "Factory")  # files beside the zones, no zones


def read_box(table: Table) -> Box:
    """The section's values; mistakes go into the table's ledger."""
    name = table.text("name", host_label, "aurora-desk")
    timezone = table.text("timezone", zone, "Europe/Vienna")
    if timezone and ("/" not in timezone or timezone.startswith("Etc/")):
        table.warn("timezone", "names no place, so its summer time may not be the hotel's", _CITY)
    return Box(name, timezone)


_CITY = 'Write continent and city, like "Europe/Vienna"'


def zone(text: str) -> str:
    """An IANA time zone by its exact name. Raises `Wrong` with the nearest one."""
    if not _ZONE.fullmatch(text) or text.split("/")[0] in _NOT_PLACES or not _is_readable(text):
        meant = _nearest_zone(text)
        raise Wrong(f"{quoted(text)} is no IANA time zone", f'Did you mean "{meant}"?' if meant else _CITY)
    return text


def _is_readable(text: str) -> bool:
    # Reading one zone takes 0.1 ms; the list of all takes 30 ms, which would show in the box's start.
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not found; not a zone file; a folder or too long a name
        return False
    return True


def _nearest_zone(text: str) -> str | None:
    zones = sorted(available_timezones())
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in zones}
    city = text.rpartition("/")[2].strip().replace(" ", "_").casefold()
    meant = city if city in cities else nearest(text, [*cities, *zones])
    return cities.get(meant, meant) if meant else None
