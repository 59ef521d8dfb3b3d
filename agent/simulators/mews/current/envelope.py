"""What every request of today carries: two tokens, the client's name, and which property it is about.

Must never tell which of two tokens was wrong: the docs know one 401. Source: docs, "Requests", "Multi-property".
"""

from collections.abc import Mapping

from agent.simulators.mews.refusal import Refusal, invalid, optional_text, text, texts
from agent.simulators.mews.store.records import OWN
from agent.simulators.mews.switches import MewsSwitches, Portfolio

CLIENT = "client"  # who changed a command's state: there are no sessions any more


def authorise(body: Mapping[str, object], switches: MewsSwitches) -> None:
    """Let a request pass, or refuse it with 400 (a member is missing) or 401 (a token is not good)."""
    tokens = text(body, "ClientToken"), text(body, "AccessToken")
    if not text(body, "Client").strip():
        raise invalid("Client")
    if not are_good(*tokens, switches):
        raise Refusal(401, "Invalid ClientToken or AccessToken.")


def are_good(client_token: str | None, access_token: str | None, switches: MewsSwitches) -> bool:
    """Whether both tokens are the right ones."""
    return (client_token, access_token) == (switches.client_token, switches.token)


def acting_in(body: Mapping[str, object], switches: MewsSwitches) -> str:
    """The property that an act is for: with a portfolio token it has to be named, else it is ignored."""
    if switches.portfolio is Portfolio.NO:
        return OWN
    return text(body, "EnterpriseId")


def looking_at(body: Mapping[str, object], switches: MewsSwitches) -> frozenset[str] | None:
    """The properties that a list is about, None for all within the token's scope."""
    named = texts(body, "EnterpriseIds")
    if switches.portfolio is Portfolio.NO:
        return frozenset({OWN})
    if switches.portfolio is Portfolio.STRICT and not named:
        raise invalid("EnterpriseIds")
    return frozenset(named) if named else None


def configured(body: Mapping[str, object], switches: MewsSwitches) -> str | None:
    """The property whose configuration is asked for, None for the dummy that stands for a portfolio."""
    named = optional_text(body, "EnterpriseId")
    if switches.portfolio is Portfolio.NO:
        return OWN
    if switches.portfolio is Portfolio.STRICT and named is None:
        raise invalid("EnterpriseId")
    return named
