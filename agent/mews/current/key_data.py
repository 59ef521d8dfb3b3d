"""`Data` of a key command in today's dialect (reference/mews.md sections 7 and 10). No I/O.

`KeyCutterData` is a text that staff wrote by hand, and that holds JSON if they did it well. No key needs it: it
may have the account at the lock server that the order names, and where it has none, the file's own is used.
"""

import msgspec

from agent.commands.model import Account, KeyRequest
from agent.mews.reading import key_data
from agent.mews.reading.decoding import Unreadable, label, read
from provisioning.secret import Secret

_NULL = msgspec.Raw(b"null")


def key_request(data: bytes | None) -> KeyRequest:
    """What is asked for. Raises `Unreadable` with the reason in a few words; never for the custom JSON."""
    request = key_data.key_request(data)
    if data is None or request.account is None:
        return request
    return msgspec.structs.replace(request, account=_with_custom(request.account, data))


class _Key(msgspec.Struct):
    KeyCutterData: msgspec.Raw = _NULL


class _Custom(msgspec.Struct):
    UserName: msgspec.Raw = _NULL
    Password: msgspec.Raw = _NULL


def _with_custom(account: Account, data: bytes) -> Account:
    """The account with the name and password of the custom JSON, where that can be read and has both."""
    try:
        text = label(read(data, _Key, "its Data").KeyCutterData)
        custom = read(text.encode("utf-8", "replace"), _Custom, "its KeyCutterData")
    except Unreadable:
        return account
    name, password = label(custom.UserName), label(custom.Password)
    return Account(account.url, Secret(name), Secret(password)) if name and password else account
