"""[room_sync] and [drill]: what the box does by itself with Mews' reservations. Nothing is asked of Mews here.

Source of ids: reference/mews.md section 1; that only today's dialect orders keys: section 14.
"""

import re

from provisioning.model import CoderBridge, Dialect, Drill, Mews, RoomSync
from provisioning.problems import Wrong
from provisioning.rules.mews import read_id
from provisioning.table import Table

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_AT = "05:30"
_ID = "2bbb5d8a-0492-4271-9941-cd6d89b81d43"


def read_room_sync(table: Table) -> RoomSync:
    """The section's values; mistakes go into the table's ledger."""
    return RoomSync(table.flag("active", default=False))


def check_room_sync(table: Table, sync: RoomSync, bridge: CoderBridge | None) -> None:
    """Room sync needs a lock system that keeps rooms, which is `bridge` alone."""
    if sync.active and bridge is None:
        wrong = "is true, and no lock system of this file keeps rooms"
        table.error("active", wrong, "Write active = false, or a section [coder_bridge]")
    elif sync.active and bridge and not bridge.active:
        wrong = "is true, and the Coder Bridge, which keeps the rooms, is not active"
        table.warn("active", wrong, "Switch it on under [coder_bridge] when the connection test is well")


def read_drill(document: Table, mews: Mews) -> Drill | None:
    """The section's values, None where it is absent; mistakes go into the ledger."""
    if not document.has("drill"):
        return None
    table = document.table("drill", Drill)
    if mews.dialect is Dialect.V2016:
        write = 'Take the section out, or write dialect = "current" under [mews]'
        document.error("drill", "needs a call that Mews' dialect 2016 does not have", write)
    return Drill(
        at=table.text("at", time_of_day, _AT),
        reservation=read_id(table, "reservation", _ID),
        key_cutter=read_id(table, "key_cutter", _ID),
    )


def time_of_day(text: str) -> str:
    """HH:MM of 24 hours. Raises `Wrong`."""
    if _TIME.fullmatch(text):
        return text
    if _TIME.fullmatch(f"0{text}"):
        raise Wrong("has an hour of one digit", f'Write "0{text}"')
    raise Wrong("is no time of day", f'Write hours and minutes, like "{_AT}" or "17:00"')
