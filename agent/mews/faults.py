"""The account's troubles as faults of the page."""

from collections.abc import Mapping

from agent.health.health import Health
from agent.mews.account.troubles import Trouble

HOP = "mews"
KINDS = {
    Trouble.UNREACHABLE: "E-MEWS-UNREACHABLE",
    Trouble.CERTIFICATE: "E-MEWS-CERTIFICATE",
    Trouble.SILENT: "E-MEWS-SILENT",
    Trouble.ANSWER: "E-MEWS-ANSWER",
    Trouble.TOKEN: "E-MEWS-TOKEN",
    Trouble.DISABLED: "E-MEWS-DISABLED",
    Trouble.RIVAL: "E-MEWS-RIVAL",
    Trouble.BUSY: "E-MEWS-BUSY",
    Trouble.BARRED: "E-MEWS-BARRED",
    Trouble.NO_DATE: "E-MEWS-NO-DATE",
    Trouble.UPDATE: "E-MEWS-UPDATE",
    Trouble.CLAIM: "E-MEWS-CLAIM",
}
_ALL = tuple(KINDS.values())


def show(health: Health, troubles: Mapping[Trouble, str]) -> None:
    """Tell `health` that these hold now, each in its words, and that all others are over, whoever raised them."""
    over = [KINDS[trouble] for trouble in KINDS if trouble not in troubles] if troubles else _ALL
    health.clear(HOP, *over)
    for trouble, text in troubles.items():
        health.raise_fault(KINDS[trouble], HOP, text)
