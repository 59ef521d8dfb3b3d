"""The kinds of failure by the words that tell of them, all inferred (reference/visionline.md, section 10)."""

import pytest

from agent.drivers.visionline.protocol.failures import ROWS, kind_of
from agent.drivers.visionline.protocol.notes import PERHAPS, KeyCode


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("No card on the encoder", KeyCode.NO_CARD),
        ("No card was presented in time", KeyCode.NO_CARD),
        ("Timeout waiting for card", KeyCode.NO_CARD),
        ("NO_CARD_ON_ENCODER", KeyCode.NO_CARD),
        ("E-17: Card not present", KeyCode.NO_CARD),
        ("Incompatible card format", KeyCode.CARD_FORMAT),
        ("The card type is not supported", KeyCode.CARD_FORMAT),
        ("Card cannot be re-issued", KeyCode.CARD_VALID),
        ("CardCannotBeReissued", KeyCode.CARD_VALID),
        ("The chip does not have any appropriate sectors for this card", KeyCode.CARD_CHIP),
        ("Encoder not online", KeyCode.ENCODER_OFFLINE),
        ("EncoderNotOnline", KeyCode.ENCODER_OFFLINE),
        ("The encoder FrontDesk1 is offline.", KeyCode.ENCODER_OFFLINE),
        ("Encoder communication timeout", KeyCode.ENCODER_SILENT),
        ("Encoder: communication time-out", KeyCode.ENCODER_SILENT),
        ("The encoder does not respond: not responding", KeyCode.ENCODER_SILENT),
        ("Encoding interrupted", KeyCode.INTERRUPTED),
        ("EncodingInterrupted", KeyCode.INTERRUPTED),
        ("The card was removed before the end", KeyCode.INTERRUPTED),
        ("Card removed too early while no card format was known", KeyCode.INTERRUPTED),
        ("Unknown encoder", KeyCode.ENCODER_UNKNOWN),
        ("Encoder 'X' does not exist", KeyCode.ENCODER_UNKNOWN),
        ("Encoder is busy", KeyCode.ENCODER_BUSY),
        ("Door 999 not found", KeyCode.DOOR_UNKNOWN),
        ("UnknownDoor", KeyCode.DOOR_UNKNOWN),
        ("Invalid room", KeyCode.DOOR_UNKNOWN),
        ("VisiOnline instance unreachable", KeyCode.INSTANCE),
        ("The database is not available", KeyCode.INSTANCE),
        ("", None),
        ("Something else went wrong", None),
        ("Request blocked: unknown header", None),
        ("Keyboard not found", None),
    ],
)
def test_words_tell_the_kind(words: str, code: KeyCode | None) -> None:
    assert kind_of(words) is code


def test_what_may_have_cut_a_card_is_looked_for_first() -> None:
    codes = [row.code in PERHAPS for row in ROWS]
    assert codes == sorted(codes, reverse=True)


def test_every_row_can_fit() -> None:
    for row in ROWS:
        words = " ".join(group[0] for group in row.groups)
        assert kind_of(words) is not None
