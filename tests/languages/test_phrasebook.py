"""What a phrasebook makes of texts: ours said in German with their values, all else left as it is."""

import re
import string
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.commands.model import Kind
from agent.commands.notes import Code, ended, note, unwanted, with_words
from agent.drivers.coder_bridge.protocol import notes as bridge_notes
from agent.drivers.printing.ipp import notes as print_notes
from agent.drivers.visionline.protocol import notes as visionline_notes
from agent.languages.late import notes_in
from agent.languages.phrasebook import Phrasebook, phrasebook
from agent.languages.shapes import filled, shape
from agent.languages.speaker import LONGEST

GERMAN = phrasebook("de")
ENGLISH = phrasebook("en")
SAID = [
    (
        "All is well: 3 encoders ready, 12 keys cut since the start, 2 waiting.",
        "Alles in Ordnung: 3 Encoder bereit, 12 Karten seit dem Start codiert, 2 warten.",
    ),
    (
        "Mews refuses the token: no new keys come from Mews; 3 keys perhaps cut; 2 more problems are listed "
        "below.",
        "Mews lehnt das Token ab: aus Mews kommen keine neuen Karten; 3 Karten vielleicht codiert; 2 weitere "
        "Probleme stehen unten.",
    ),
    (
        "The printer has stopped (printer P1): documents wait there.",
        "Der Drucker steht (Drucker P1): Dokumente warten dort.",
    ),
    (
        "Encoder 1: present a card, key 1 of 2 for 101.",
        "Encoder 1: Karte auflegen, Nummer 1 von 2 für 101.",
    ),
    (
        "The box works; its address is 10.0.0.2 and fe80::1 (eth0).",
        "Die Box arbeitet; ihre Adresse ist 10.0.0.2 und fe80::1 (eth0).",
    ),
    ("since 5 Nov 14:03 (2 days 3 h)", "seit 5.11. 14:03 (2 Tage 3 h)"),
    (
        "2 of 3 keys cut, the third was not: order 1 more. The lock server cannot be reached (it refused the "
        "connection).",
        "2 von 3 Karten codiert, Nummer 3 nicht: bestellen Sie 1 weitere. Der Schließserver ist nicht erreichbar "
        "(die Verbindung wurde abgewiesen).",
    ),
    ("3 rooms taken, 2 to be told, 1 refused.", "3 Zimmer belegt, 2 zu melden, 1 abgelehnt."),
]


@pytest.mark.parametrize(("english", "german"), SAID)
def test_a_sentence_of_ours_is_said_with_its_values(english: str, german: str) -> None:
    assert GERMAN.say(english) == german


@pytest.mark.parametrize(
    "text", ["", "E-BOX-CABLE", "10.4.5.20/24", "“Key not cut”", "Zimmer 12", "— {room} —", "…"]
)
def test_what_is_not_ours_stays_as_it_is(text: str) -> None:
    assert GERMAN.say(text) == text


def test_somebody_elses_words_stay_in_a_sentence_of_ours() -> None:
    note = with_words("Key not cut: Mews has closed the order meanwhile.", "Key not cut. Ask again.")
    assert GERMAN.say(note).endswith("Mews sagt: “Key not cut. Ask again”.")


def test_a_text_longer_than_any_of_ours_is_left_alone() -> None:
    text = "Key not cut. " * LONGEST
    assert GERMAN.say(text) == text


@pytest.mark.parametrize(
    "piece", ["x; ", "a (b ", "and so it is, ", "the lock server: ", "keys cut and the room or ", "Key. "]
)
def test_a_text_of_very_many_clauses_ends_soon(piece: str) -> None:
    text = piece * (LONGEST // len(piece))
    assert len(GERMAN.say(text)) >= len(text.strip()) // 2


def test_long_words_of_somebody_else_are_not_kept_in_memory() -> None:
    book = Phrasebook("de", {text: (said,) for text, said in GERMAN.messages.items()})
    book.say("Key not cut.")
    tracemalloc.start()
    try:
        for number in range(150):
            book.say(f"Key not cut: {number} {'no words of ours are in here ' * 120}")
            book.say(f"{number} {'and so it is, ' * 20}")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 400_000


def test_after_very_many_texts_the_next_is_said_as_the_first() -> None:
    book = Phrasebook("de", {text: (said,) for text, said in GERMAN.messages.items()})
    said = {book.say(f"The image is version {number}.0.0; no update is on trial.") for number in range(4500)}
    assert len(said) == 4500
    assert "Das Image hat Version 7.0.0; kein Update wird erprobt." in said


def test_english_changes_nothing() -> None:
    assert [ENGLISH.say(text) for text, _ in SAID] == [text for text, _ in SAID]
    assert phrasebook("fr").language == "en"


def test_a_template_counts_in_both_languages() -> None:
    words = ("%(num)s earlier order", "%(num)s earlier orders")
    assert ENGLISH.ngettext(*words, 1) == words[0]
    assert ENGLISH.ngettext(*words, 2) == words[1]
    assert GERMAN.ngettext(*words, 1) == "%(num)s früherer Auftrag"
    assert GERMAN.ngettext(*words, 0) == "%(num)s frühere Aufträge"
    assert GERMAN.gettext("Room") == "Zimmer"
    assert GERMAN.gettext("no text of ours") == "no text of ours"


def _notes() -> list[str]:
    commands = [ended(code, kind, "7").note for code in Code for kind in Kind]
    half = [note(ended(code, kind, "7"), 2, 3, kind) for code in Code for kind in Kind]
    bridge = [
        bridge_notes.ended(code, "7", "1", mobile=way).note
        for code in bridge_notes.KeyCode
        for way in (False, True)
    ]
    visionline = [visionline_notes.ended(code, "7", "1") for code in visionline_notes.KeyCode]
    half_cards = [note(each, 1, 2) for each in visionline]
    prints = [print_notes.ended(code, "7", 2).note for code in print_notes.PrintCode]
    return [*commands, *half, *bridge, *(each.note for each in visionline), *half_cards, *prints,
            unwanted(1), unwanted(2), unwanted(1, is_sure=False), unwanted(2, is_sure=False)]  # fmt: skip


@pytest.mark.parametrize("text", sorted(set(filter(None, _notes()))))
def test_every_note_is_said_to_the_last_word(text: str) -> None:
    assert GERMAN.strange(text) == 0, GERMAN.say(text)


def test_a_note_in_the_hotels_language_is_that_of_the_phrasebook() -> None:
    text = SAID[-2][0]
    assert notes_in("de")(text) == SAID[-2][1]
    assert notes_in("de")("") == ""
    assert notes_in("en")(text) == notes_in("xx")(text) == text


# Two addresses that are joined by "and" or "or" are joined in German, too.
_VALUES = st.one_of(
    st.text(string.ascii_letters + string.digits + " {}:;,.()%“”-_/", max_size=30).filter(
        lambda text: " and " not in text and " or " not in text
    ),
    st.sampled_from(["", "{room}", "{", "A: b", "Foo. Bar.", "(x)", "“y”"]),
)


@settings(max_examples=300)
@given(st.data())
def test_a_value_that_is_none_of_ours_is_never_lost(data: st.DataObject) -> None:
    """A mark in front and behind makes it none of ours, whatever is between. Where a value has the end of a
    sentence in it, two readings are equally good, so what counts is that each of its words is still there."""
    messages = [text for text in GERMAN.messages if shape(text).places]
    message = data.draw(st.sampled_from(messages))
    values = {
        place: "7" if place.rstrip("23") in ("count", "copies") else
        "12:30" if place == "time" else f"9{data.draw(_VALUES)}9"
        for place in shape(message).places
    }  # fmt: skip
    said = GERMAN.say(filled(message, values))
    for place in shape(GERMAN.messages[message]).places:
        assert [word for word in re.findall(r"\w+", values[place]) if word not in said] == []
