"""The catalogue of each language: complete, compiled, short enough for where it is shown, and with all places."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from agent.commands.notes import NOTE_LIMIT
from agent.health.catalogue import CATALOGUE
from agent.health.kind import ADVICE_LENGTH, TITLE_LENGTH, FaultKind
from agent.languages.choice import LANGUAGES
from agent.languages.phrasebook import phrasebook
from agent.languages.shapes import shape
from tests.extract_messages import ROOT, extracted, of_templates

_FOLDER = ROOT / "agent" / "languages"
_MADE = re.compile(
    r"order \{missing\} more"
)  # `commands/notes.py` puts that in the place of "order the key again"
_PERCENT = re.compile(r"%\([a-z_]+\)s")
LABEL = 30  # characters of a text of a template of one or two words: it has a button, a heading or a cell
LONGER = 1.75  # times as long as in English is what a place on the page takes
pytestmark = pytest.mark.parametrize("language", LANGUAGES[1:])


def _file(language: str, ending: str) -> Path:
    return _FOLDER / language / "LC_MESSAGES" / f"nightporter.{ending}"


def _catalogue(language: str) -> Catalog:
    with _file(language, "po").open("rb") as content:
        return read_po(content, locale=language)


def _messages(language: str) -> dict[str, str]:
    """Those without a plural."""
    return {
        message.id: message.string
        for message in _catalogue(language)
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id
    }


def test_every_text_that_reaches_a_reader_is_translated(language: str) -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in _catalogue(language)}
    missing = [f"{where}: {text}" for text, where in (extracted() | of_templates()).items() if text not in known]
    assert missing == []


def test_nothing_is_translated_that_the_code_no_longer_says(language: str) -> None:
    said = extracted() | of_templates()
    assert [text for text in _messages(language) if text not in said and not _MADE.search(text.lower())] == []


def test_no_message_is_empty_unsure_or_put_aside(language: str) -> None:
    catalogue = _catalogue(language)
    assert catalogue.obsolete == {}
    assert [message.id for message in catalogue if message.id and (message.fuzzy or not message.string)] == []


def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(language))
    assert compiled.getvalue() == _file(language, "mo").read_bytes()


def test_a_translation_has_the_places_of_its_message_and_no_others(language: str) -> None:
    wrong = [
        text
        for text, said in _messages(language).items()
        if set(shape(said).places) ^ (set(shape(text).places) - _unsaid(text))
        or set(_PERCENT.findall(said)) != set(_PERCENT.findall(text))
    ]
    assert wrong == []


# Places for "is" or "are", for an ending, for "it" or "them".
_UNSAID = {
    "Key number{value} {made}.": {"value"},
    "{missing} {is_or_are} missing: write {usage}.": {"is_or_are"},
}
_STILL = "The provisioning file was taken, but {names} {names2} STILL"


def _unsaid(message: str) -> set[str]:
    """A place that holds the ending of an English plural has none in another language."""
    if message in _UNSAID:
        return _UNSAID[message]
    if message.startswith(_STILL):
        return {"names2", "names3"}
    is_plural = message.rstrip(".").endswith(("page{value}", "room{value}", "door{value}", "day{value}"))
    return {"value"} if is_plural else set()


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_a_fault_fits_where_it_is_shown(language: str, kind: FaultKind) -> None:
    say = phrasebook(language).say
    assert len(say(kind.title)) <= TITLE_LENGTH
    assert len(say(kind.hint)) <= ADVICE_LENGTH
    assert len(say(kind.front_desk)) <= ADVICE_LENGTH


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_a_fault_is_said_to_the_last_word(language: str, kind: FaultKind) -> None:
    book = phrasebook(language)
    for text in filter(None, (kind.title, kind.hint, kind.front_desk, kind.follows)):
        assert book.strange(text) == 0, text


def test_no_translation_is_too_long_for_a_note(language: str) -> None:
    most = NOTE_LIMIT - 100  # a note has values, and a clause and an advice of others
    long = [text for text, said in _messages(language).items() if len(said) > max(most, len(text) * LONGER)]
    assert long == []


def test_labels_fit_a_button_a_heading_or_a_cell(language: str) -> None:
    messages = _messages(language)
    labels = [text for text in of_templates() if text.count(" ") <= 1 and text in messages]
    assert [text for text in labels if len(messages[text]) > LABEL] == []
