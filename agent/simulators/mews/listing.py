"""How the simulated Mews writes a command into the list, whole or broken.

Must never mend what was asked to be broken. Shapes: v1 page, "Get All Commands" and "Devices", and the docs' page
"Commands"; what tests break it with is invented, and so are the values for VisiOnline.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from agent.simulators.base.presence import utc_text
from agent.simulators.mews.commands import Command
from agent.simulators.mews.documents import CREATOR, PRINTER_DATA, RESERVATION
from agent.simulators.mews.store.devices import KEY_CUTTER as KEY_CUTTER
from agent.simulators.mews.store.records import Device
from agent.simulators.mews.switches import Dialect, KeyCutterData, MewsSwitches

# In a raw entry: the id of the command behind it, its time, and the type of a key cutter in the dialect.
ID_MARK, CREATED_MARK, TYPE_MARK = b"@ID@", b"@CREATED@", b"@TYPE@"

_HEAD = b'{"Id":"@ID@","State":"Pending","CreatedUtc":"@CREATED@","Creator":null'
_DEVICE = b',"Device":{"Id":"d1","Name":"Key cutter","Type":"@TYPE@"}'
_DEEP = 10_000  # levels; more than any recursive parser has stack for


class Neighbour(StrEnum):
    """Broken entries of the list."""

    NULL = "null"
    NUMBER = "number"
    TEXT = "text"
    EMPTY_OBJECT = "empty-object"
    MISSING_ID = "missing-id"
    BAD_UTF8 = "bad-utf8"
    DUPLICATE_KEYS = "duplicate-keys"
    DEEP = "deep"
    HUGE = "huge"
    HALF_SURROGATE = "half-surrogate"
    BAD_ESCAPE = "bad-escape"
    RAW_TAB = "raw-tab"
    NOT_A_NUMBER = "not-a-number"
    STRAY_QUOTE = "stray-quote"
    UNCLOSED = "unclosed"  # a bracket is missing


_CREATORS = {
    Neighbour.HALF_SURROGATE: rb'{"LastName":"Smith \ud83d"}',
    Neighbour.BAD_ESCAPE: rb'{"LastName":"\x53mith"}',
    Neighbour.RAW_TAB: b'{"LastName":"Smith\tSmith"}',
    Neighbour.NOT_A_NUMBER: b"NaN",
    Neighbour.STRAY_QUOTE: b'{"LastName":"Smi"th"}',
    Neighbour.UNCLOSED: b'{"LastName":"Smith"',
}
_CUSTOM_DATA = {
    KeyCutterData.NULL: None,
    KeyCutterData.NOT_JSON: '{"Type": "IndustryStandardProtocol", "MobileKeys": }',
    KeyCutterData.ARRAY: "[1, 2]",
    KeyCutterData.HUGE: '{"Type":"FiasProtocol","Filler":"' + "x" * (1 << 20) + '"}',
    KeyCutterData.DEEP: "[" * _DEEP + "]" * _DEEP,
}


def raw_neighbour(kind: Neighbour, megabytes: int) -> bytes:
    """The raw JSON text (or what should be) of a broken entry; `megabytes` is the size of HUGE's Data."""
    match kind:
        case Neighbour.NULL:
            return b"null"
        case Neighbour.NUMBER:
            return b"17"
        case Neighbour.TEXT:
            return b'"a command"'
        case Neighbour.EMPTY_OBJECT:
            return b"{}"
        case Neighbour.MISSING_ID:
            return b'{"State":"Pending","CreatedUtc":"@CREATED@"' + _DEVICE + b',"Data":{}}'
        case Neighbour.BAD_UTF8:
            return _HEAD + _DEVICE + b',"Data":{"KeyCutterId":"\xff\xfe\xc3"}}'
        case Neighbour.DUPLICATE_KEYS:
            return _HEAD + b',"Id":"00000000-0000-0000-0000-000000000000"' + _DEVICE + b',"Data":{},"Data":null}'
        case Neighbour.DEEP:
            return _HEAD + _DEVICE + b',"Data":' + b"[" * _DEEP + b"]" * _DEEP + b"}"
        case Neighbour.HUGE:
            return _HEAD + _DEVICE + b',"Data":{"Filler":"' + b"x" * (megabytes << 20) + b'"}}'
        case _:
            return _HEAD.replace(b"null", _CREATORS[kind]) + _DEVICE + b',"Data":{}}'


def stamped(raw: bytes, id: str, created: datetime, type: str) -> bytes:
    """A raw entry with its marks replaced."""
    raw = raw.replace(ID_MARK, id.encode()).replace(CREATED_MARK, utc_text(created).encode())
    return raw.replace(TYPE_MARK, type.encode())


def key_data(
    key_cutter: str, rooms: tuple[str, ...], start: datetime, end: datetime, copies: float
) -> dict[str, object]:
    """Data of a key command. The VisiOnline address is in a block reserved for examples."""
    return {
        "ApiUrl": "https://198.51.100.7/api/v1/",
        "UserName": "visionline-user",
        "Password": "visionline-password",
        "KeyCutterId": key_cutter,
        "LockIds": list(rooms),
        "ValidityStartUtc": utc_text(start),
        "ValidityEndUtc": utc_text(end),
        "KeyCount": copies,
        "Reservation": RESERVATION,
    }


def print_data(printer: str, document: str, copies: float) -> dict[str, object]:
    """Data of a print command; `document` is Base64."""
    return {**PRINTER_DATA, "CopyCount": copies, "FileData": document, "PrinterName": printer}


class Listing:
    """A list of commands as text, of which most stays the same from one poll to the next."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[object, object, bytes]] = {}

    def page(
        self,
        commands: Iterable[Command],
        neighbours: Iterable[bytes],
        switches: MewsSwitches,
        cursor: str | UnsetType | None = UNSET,
    ) -> bytes:
        """The whole body: the broken neighbours first, then the commands, then a cursor if there is to be one."""
        self._shown = {command.id: self._entry(command, switches) for command in commands}
        entries = (*neighbours, *(text for _, _, text in self._shown.values()))
        extra = b',"SinceTomorrow":null' if switches.unknown_fields else b""
        end = b"" if cursor is UNSET else b',"Cursor":' + msgspec.json.encode(cursor)
        return b'{"Commands":[' + b",".join(entries) + b"]" + extra + end + b"}"

    def _entry(self, command: Command, switches: MewsSwitches) -> tuple[object, object, bytes]:
        before = self._shown.get(command.id)
        if before is not None and before[0] is command.history[-1] and before[1] is switches:
            return before
        return command.history[-1], switches, entry(command, switches)


def entry(command: Command, switches: MewsSwitches) -> bytes:
    """A command as the list shows it."""
    if command.element is not None:
        return command.element
    shown: dict[str, object] = {
        "Id": command.id,
        "State": "Parked" if switches.unknown_state else command.state,
        "CreatedUtc": utc_text(command.created),
        "Creator": None if switches.creator_null else CREATOR,
        "Device": _device(command.device, switches),
    }
    if command.data is not UNSET:
        shown["Data"] = _data(command.data, switches)
    return msgspec.json.encode(_extended(shown, switches))


def _device(device: Device, switches: MewsSwitches) -> dict[str, object]:
    shown: dict[str, object] = {"Id": device.id, "Name": device.name, "Type": device.type}
    if switches.dialect is Dialect.CURRENT and device.identifier is not None:
        shown["Identifier"] = device.identifier
    return _extended({**shown, "Type": "Teleporter"} if switches.unknown_device_type else shown, switches)


def _data(data: object, switches: MewsSwitches) -> object:
    if not isinstance(data, dict):
        return data
    shown = {"__type": "DeviceCommandData:#Mews", **data} if switches.type_member else dict(data)
    for name in ("KeyCount", "CopyCount"):
        if switches.float_counts and isinstance(shown.get(name), int):
            shown[name] = float(shown[name])
    if not switches.empty_driver_and_port and "PrinterDriverName" in shown:
        shown |= {"PrinterDriverName": "PDF", "PrinterPortName": "LPT1:"}
    if switches.key_cutter_data in _CUSTOM_DATA and "KeyCutterData" in shown:
        shown["KeyCutterData"] = _CUSTOM_DATA[switches.key_cutter_data]
    if switches.key_cutter_data is KeyCutterData.ABSENT:
        shown.pop("KeyCutterData", None)
    return _extended(shown, switches)


def _extended(shown: dict[str, object], switches: MewsSwitches) -> dict[str, object]:
    return (
        {**shown, "SinceTomorrow": {"Kind": "Unknown", "Values": [1, None]}} if switches.unknown_fields else shown
    )
