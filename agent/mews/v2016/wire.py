"""What is sent in the dialect of 2016 (reference/mews.md sections 1, 2 and 6). No I/O."""

import msgspec

from agent.mews.calls import Update
from agent.mews.reading.decoding import Unreadable, read, unwrapped
from agent.mews.reading.update import members
from provisioning.secret import Secret


def sign_in(connector_token: Secret) -> bytes:
    """The body of `app/signIn`."""
    return msgspec.json.encode({"ConnectorToken": connector_token.reveal()})


def get_all_active(access_token: Secret) -> bytes:
    """The body of `commands/getAllActive`."""
    return msgspec.json.encode({"AccessToken": access_token.reveal()})


def update(access_token: Secret, update: Update) -> bytes:
    """The body of `commands/update`."""
    return msgspec.json.encode({"AccessToken": access_token.reveal()} | members(update))


def signed_in(body: bytes) -> Secret:
    """The session token of an answer to `app/signIn`. Raises `Unreadable`."""
    token = read(unwrapped(body), _SignedIn, "it").AccessToken
    if not token:
        raise Unreadable("the sign-in brought no token")
    return Secret(token)


class _SignedIn(msgspec.Struct):
    AccessToken: str
