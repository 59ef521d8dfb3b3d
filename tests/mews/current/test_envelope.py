"""What every request of today's dialect has."""

from agent.mews.current.envelope import envelope
from provisioning.secret import Secret


def test_a_request_has_both_tokens_and_says_who_asks() -> None:
    assert envelope(Secret("client"), "1.2.3")(Secret("access")) == {
        "ClientToken": "client",
        "AccessToken": "access",
        "Client": "Night Porter 1.2.3",
    }


def test_no_token_is_shown() -> None:
    assert "client-token" not in repr(envelope(Secret("client-token"), "1"))
