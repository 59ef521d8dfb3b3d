"""Faults of the hotel's rooms: those that an audit finds, and rooms that the lock system is not told of.

None of them stops keys by itself, so each is a warning. A kind's name is its code without "E-".
"""

from agent.health import lock_kinds, mews_kinds
from agent.health.box_kinds import NETWORK
from agent.health.kind import FaultKind, Level

_AUDIT = "`nightporter audit` names each, and proposes lines for the file where it can."
_ONE_BY_ONE = "Cut a key for one of the rooms that are named at the lock system's own PC."
_BY_HAND = "Check the rooms that are named in and out on the lock system's own screen until this is green."
_NO_WAY_TO_LOCKS = (
    *NETWORK,
    lock_kinds.INACTIVE,
    lock_kinds.UNREACHABLE,
    lock_kinds.SILENT,
    lock_kinds.ADDRESS,
    lock_kinds.CERTIFICATE,
    lock_kinds.AUTH,
    lock_kinds.ANSWER,
)
_NO_WAY_TO_MEWS = (
    *NETWORK,
    mews_kinds.UNREACHABLE,
    mews_kinds.SILENT,
    mews_kinds.CERTIFICATE,
    mews_kinds.ANSWER,
    mews_kinds.BARRED,
    mews_kinds.TOKEN,
    mews_kinds.DISABLED,
)

AUDIT_ROOMS = FaultKind(
    "E-AUDIT-ROOMS",
    Level.WARNING,
    "No key could be cut for some rooms of Mews",
    hint=f"The lock system lists no door by their names. {_AUDIT}",
    front_desk=_ONE_BY_ONE,
    follows="an order for one of them ends in Error",
)
AUDIT_DOORS = FaultKind(
    "E-AUDIT-DOORS",
    Level.WARNING,
    "Some lock ids of the provisioning file open nothing",
    hint=f"The lock system lists no door by the names that [doors] has for them. {_AUDIT}",
    front_desk=_ONE_BY_ONE,
    follows="an order that names one of them ends in Error",
)
AUDIT_DEVICES = FaultKind(
    "E-AUDIT-DEVICES",
    Level.WARNING,
    "Mews has devices that the provisioning file has not",
    hint=f"If they are of another box, nothing is wrong. {_AUDIT}",
    front_desk="Order keys and documents in Mews at the other devices.",
    follows="an order for one of them that comes to this box ends in Error",
)
ROOMS_REFUSED = FaultKind(
    "E-ROOMS-REFUSED",
    Level.WARNING,
    "The room management refuses some rooms",
    hint="Compare the names with those in the lock system: `rms` in [doors] is a room's name there. The box asks "
    "again every quarter of an hour.",
    front_desk=_BY_HAND,
    depends_on=_NO_WAY_TO_LOCKS,
)
ROOMS_UNTOLD = FaultKind(
    "E-ROOMS-UNTOLD",
    Level.WARNING,
    "Check-ins and check-outs do not reach the room management",
    hint="They are sent in order once it answers. If it is switched off or not confirmed, mend that in the "
    "provisioning file or the site profile.",
    front_desk="Check urgent rooms in and out on the lock system's own screen. The others follow later.",
    patience=60.0,
    depends_on=_NO_WAY_TO_LOCKS,
)
ROOMS_UNMAPPED = FaultKind(
    "E-ROOMS-UNMAPPED",
    Level.WARNING,
    "Guests are in rooms that the room management has no name for",
    hint="Give each a room in [doors], and `rms` where the room management calls it otherwise.",
    front_desk=_BY_HAND,
)
ROOMS_KEYS = FaultKind(
    "E-ROOMS-KEYS",
    Level.WARNING,
    "Keys of guests who left could not be cancelled",
    hint="They end with their stay all the same. The box tries again every quarter of an hour, until a day after.",
    front_desk="Cancel the keys of the rooms that are named on the lock system's own screen.",
    depends_on=_NO_WAY_TO_LOCKS,
)
ROOMS_MEWS = FaultKind(
    "E-ROOMS-MEWS",
    Level.WARNING,
    "Mews does not tell who is in house",
    hint="May the integration read rooms and reservations? Ask the hotel's Mews administrator. Rooms are neither "
    "checked in nor out meanwhile.",
    front_desk="Check rooms in and out on the lock system's own screen until this is green.",
    patience=60.0,
    depends_on=_NO_WAY_TO_MEWS,
)
ROOMS_HELD = FaultKind(
    "E-ROOMS-HELD",
    Level.WARNING,
    "Rooms are kept as they were because Mews' lists have gaps",
    hint="A guest in house is not in Mews' list of reservations, or the room is not in its list of rooms. For "
    "that alone no room is checked out and no key cancelled. May the integration read services, categories and "
    "rooms? Ask the hotel's Mews administrator.",
    front_desk="If the guest has left a room that is named, check it out on the lock system's own screen.",
    depends_on=_NO_WAY_TO_MEWS,
)
