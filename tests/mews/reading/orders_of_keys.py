"""Commands as the v1 page of 2016 shows them (reference/mews.md 6.2 and 6.4), for tests to bend."""

import json
from typing import Any

ID = "aa20961f-6d9e-4b35-ad25-071213530aec"
DEVICE = {"Id": "63efb573-fc58-4065-b687-9bdd51568529", "Name": "Front desk", "Type": "VisiOnlineKeyCutter"}
KEY = {
    "ApiUrl": "https://10.4.5.7",
    "UserName": "user",
    "Password": "secret",
    "KeyCutterId": "1",
    "LockIds": ["101"],
    "ValidityStartUtc": "2015-09-02T12:00:00Z",
    "ValidityEndUtc": "2015-09-05T10:00:00Z",
    "KeyCount": 1,
    "Reservation": {"Customer": {"LastName": "Smith"}},
}
COMMAND = {
    "Id": ID,
    "State": "Pending",
    "CreatedUtc": "2015-09-02T19:25:44Z",
    "Creator": {"FirstName": "Sample", "LastName": "User", "ImageUrl": "..."},
    "Device": DEVICE,
    "Data": KEY,
}
GONE: Any = object()  # as a value: the member is left out


def changed(original: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The same with other members; `GONE` takes one away."""
    return {name: value for name, value in (original | members).items() if value is not GONE}


def command(**members: Any) -> bytes:
    """A command's text."""
    return json.dumps(changed(COMMAND, **members)).encode()


def key(**members: Any) -> bytes:
    """The text of a key command's `Data`."""
    return json.dumps(changed(KEY, **members)).encode()


def body(*commands: bytes) -> bytes:
    """An answer to getAllActive."""
    return b'{"Commands":[' + b",".join(commands) + b"]}"
