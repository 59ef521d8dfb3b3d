"""The chapter of notes: what staff read in Mews at an order that did not end as wished, by its code. Pure."""

from collections.abc import Iterator

from agent.commands import notes as common
from agent.commands.model import Kind
from agent.drivers.coder_bridge.protocol import notes as coder_bridge
from agent.drivers.printing.ipp import notes as printing
from agent.drivers.visionline.protocol import notes as visionline
from agent.status.manual.sections import Entry, Fact, Section

_WORDS = "..."  # in the place of the case's own words
_OF_PRINTS = frozenset({common.Code.NO_PRINT, common.Code.NO_PRINTER})


def notes() -> Section:
    """All of them, by their codes; where two lock systems have the same code, with the words of both."""
    found: dict[str, dict[str, None]] = {}
    for code, text in _all():
        found.setdefault(code, {})[text] = None
    return Section(
        "notes",
        "Notes at orders in Mews",
        (
            "A note says what became of the card or the paper, then why, and last what to do. In the place of the "
            "dots stand the words of the case. A document has PRINT in the place of KEY where both can end so.",
        ),
        tuple(Entry(code, facts=tuple(Fact("", text) for text in found[code])) for code in sorted(found)),
    )


def _all() -> Iterator[tuple[str, str]]:
    for code in common.Code:
        kind = Kind.PRINT if code in _OF_PRINTS else Kind.KEY
        yield str(code), common.ended(code, kind, _WORDS).note
    yield common.UNWANTED, common.unwanted(1)
    for bridge_code in coder_bridge.KeyCode:
        yield str(bridge_code), coder_bridge.ended(bridge_code, _WORDS, _WORDS).note
    for visionline_code in visionline.KeyCode:
        yield str(visionline_code), visionline.ended(visionline_code, _WORDS, _WORDS).note
    for print_code in printing.PrintCode:
        yield str(print_code), printing.ended(print_code, _WORDS).note
