"""The account's troubles as faults of the page."""

from collections.abc import Mapping

from agent.health import mews_kinds
from agent.health.health import Health
from agent.mews.account.troubles import Trouble

HOP = "mews"
KINDS = {
    Trouble.UNREACHABLE: mews_kinds.UNREACHABLE,
    Trouble.CERTIFICATE: mews_kinds.CERTIFICATE,
    Trouble.SILENT: mews_kinds.SILENT,
    Trouble.ANSWER: mews_kinds.ANSWER,
    Trouble.TOKEN: mews_kinds.TOKEN,
    Trouble.DISABLED: mews_kinds.DISABLED,
    Trouble.RIVAL: mews_kinds.RIVAL,
    Trouble.BUSY: mews_kinds.BUSY,
    Trouble.BARRED: mews_kinds.BARRED,
    Trouble.NO_DATE: mews_kinds.NO_DATE,
    Trouble.UPDATE: mews_kinds.UPDATE,
    Trouble.CLAIM: mews_kinds.CLAIM,
}
_ALL = tuple(KINDS.values())


def show(health: Health, troubles: Mapping[Trouble, str]) -> None:
    """Tell `health` that these hold now, each in its words, and that all others are over."""
    over = [KINDS[trouble] for trouble in KINDS if trouble not in troubles] if troubles else _ALL
    health.clear(HOP, *over)
    for trouble, text in troubles.items():
        health.raise_fault(KINDS[trouble], HOP, text)
