"""How VisiOnline's words for a failure are told apart: a table of words, each inferred. No I/O.

The vendor's codes and texts are not public (reference/visionline.md, sections 6, 8 and 10), so the words are those
that such a text is likely to hold. The first row that fits counts: what may have cut a card stands above what
surely did not.
"""

import re

from msgspec import Struct

from agent.drivers.visionline.protocol.notes import KeyCode


class Row(Struct, frozen=True):
    """A kind of failure: its words say so when each of `groups` has one in them."""

    code: KeyCode
    groups: tuple[tuple[str, ...], ...]


_ENCODER = ("encoder", "encoding device")
_CARD = ("card", "key", "keycard", "medium", "transponder", "chip")
_NOT_THERE = (
    "not found",
    "unknown",
    "no such",
    "not exist",
    "does not exist",
    "doesn't exist",
    "invalid",
    "not registered",
    "not defined",
)
_DOWN = (
    "offline",
    "not online",
    "not connected",
    "disconnected",
    "not available",
    "unavailable",
    "unreachable",
    "not reachable",
    "cannot be reached",
    "not running",
)

ROWS = (
    Row(KeyCode.INTERRUPTED, (("interrupt", "interrupted", "interruption"),)),
    Row(
        KeyCode.INTERRUPTED,
        (
            _CARD,
            ("removed", "taken away", "withdrawn", "pulled", "too early", "too soon", "partially", "incomplete"),
        ),
    ),
    Row(
        KeyCode.ENCODER_SILENT,
        (("communication",), ("time out", "timeout", "timed out", "error", "failed", "failure", "lost")),
    ),
    Row(
        KeyCode.ENCODER_SILENT,
        (_ENCODER, ("not respond", "not responding", "no response", "stopped responding", "no answer", "aborted")),
    ),
    Row(KeyCode.CARD_CHIP, (("appropriate sectors", "appropriate sector", "no sectors", "no free sectors"),)),
    Row(
        KeyCode.CARD_VALID,
        (
            _CARD,
            (
                "re issued",
                "reissued",
                "re issue",
                "reissue",
                "still valid",
                "already valid",
                "overwrite",
                "overwritten",
            ),
        ),
    ),
    Row(
        KeyCode.CARD_FORMAT,
        (
            _CARD,
            ("format", "type", "technology"),
            (
                "incompatible",
                "not compatible",
                "unsuitable",
                "unsupported",
                "not supported",
                "wrong",
                "invalid",
                "mismatch",
                "unknown",
            ),
        ),
    ),
    Row(
        KeyCode.NO_CARD,
        (
            (
                "no card",
                "no keycard",
                "no key card",
                "card not found",
                "card not present",
                "card missing",
                "without card",
                "without a card",
                "card not presented",
                "waiting for card",
                "waiting for a card",
                "card timeout",
            ),
        ),
    ),
    Row(KeyCode.ENCODER_BUSY, (_ENCODER, ("busy", "in use", "occupied"))),
    Row(KeyCode.ENCODER_OFFLINE, (_ENCODER, _DOWN)),
    Row(KeyCode.ENCODER_UNKNOWN, (_ENCODER, (*_NOT_THERE, "no encoder"))),
    Row(KeyCode.DOOR_UNKNOWN, (("door", "doors", "room", "lock"), _NOT_THERE)),
    Row(KeyCode.INSTANCE, (("instance", "database", "service", "visionline server"), _DOWN)),
)


def kind_of(words: str) -> KeyCode | None:
    """The kind of failure that the server's words tell of; None where they tell of none that is known."""
    text = f" {_split(words)} "
    fits = (row.code for row in ROWS if all(any(f" {word} " in text for word in group) for group in row.groups))
    return next(fits, None)


def _split(words: str) -> str:
    """Small words with one blank between them; EncoderNotOnline is three."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)
    return " ".join(re.findall(r"[a-z0-9']+", apart.lower()))
