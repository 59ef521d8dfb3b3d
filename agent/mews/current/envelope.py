"""What every request of today's dialect has: both tokens, and who asks (reference/mews.md section 1). No I/O."""

from collections.abc import Callable
from typing import Any

from provisioning.secret import Secret

Envelope = Callable[[Secret], dict[str, Any]]  # from the access token to the members that every request has
CLIENT = "Night Porter"


def envelope(client_token: Secret, version: str) -> Envelope:
    """The envelope of a box with this client token; `version` is the agent's."""

    def members(access_token: Secret) -> dict[str, Any]:
        return {
            "ClientToken": client_token.reveal(),
            "AccessToken": access_token.reveal(),
            "Client": f"{CLIENT} {version}",
        }

    return members
