"""The manual has all that there is: each fault, each setting, each verb; and finds what is asked for."""

import pytest

from agent.console.words.verbs import OWN
from agent.control.words.verbs import TABLE
from agent.foundation.errors import UserMistake
from agent.health.about import ABOUT, ABOUT_LENGTH
from agent.health.catalogue import CATALOGUE
from agent.languages.phrasebook import phrasebook
from agent.status.manual import as_text
from agent.status.manual.manual import found, manual
from agent.status.manual.sections import Entry, Section
from agent.status.snapshot.support_until import SUPPORTED_UNTIL
from provisioning.shapes import settings
from provisioning.words import WORDS

CHAPTERS = manual(OWN)


def chapter(anchor: str) -> Section:
    """The one of that anchor."""
    return next(each for each in CHAPTERS if each.anchor == anchor)


def names(topic: str) -> list[str]:
    """What is found under a topic."""
    return [each.name if isinstance(each, Entry) else each.anchor for each in found(CHAPTERS, topic)]


def test_each_kind_of_fault_has_a_paragraph_and_no_paragraph_is_of_a_kind_that_is_gone() -> None:
    assert ABOUT.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_paragraph_is_short_whole_and_plain(code: str) -> None:
    text = ABOUT[code]
    assert 40 < len(text) <= ABOUT_LENGTH
    assert text.endswith(".")
    assert "  " not in text
    assert text.isprintable()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_each_fault_is_in_it_with_what_its_readers_do(code: str) -> None:
    entry = next(each for each in chapter("faults").entries if each.name == code)
    told = {fact.label: fact.text for fact in entry.facts}
    kind = CATALOGUE[code]
    assert (entry.title, entry.anchor) == (kind.title, code)
    assert told["What it means"] == ABOUT[code]
    assert told["At the front desk"] == kind.front_desk
    assert told["For support"] == kind.hint


def test_each_setting_of_the_file_is_in_it() -> None:
    texts = {entry.name.strip("[]").removesuffix("] NAME") for entry in chapter("settings").entries}
    assert texts == WORDS.keys()
    assert len(chapter("settings").entries) > len(tuple(settings()))


def test_a_secret_is_called_one_and_a_default_is_named() -> None:
    told = {entry.name: entry.facts for entry in chapter("settings").entries}
    assert any(fact.text.startswith("A secret") for fact in told["coder_bridge.password"])
    assert [(fact.label, fact.text) for fact in told["mews.poll_seconds"]][-1][0] == "Left out"
    assert [fact.text for fact in told["box.name"]] == ["It has to be there."]


def test_each_verb_is_in_it() -> None:
    assert [entry.name for entry in chapter("verbs").entries] == [verb.name for verb in TABLE]
    assert [entry.name for entry in chapter("console").entries] == [verb.name for verb in OWN]


def test_each_note_is_in_it_in_words() -> None:
    told = {entry.name: entry.facts for entry in chapter("notes").entries}
    assert {"E-KEY-STALE", "E-KEY-REFUSED", "E-KEY-NO-CARD", "E-PRINT-EMPTY", "E-KEY-UNWANTED"} <= told.keys()
    assert all(fact.text and "{" not in fact.text for facts in told.values() for fact in facts)


def test_no_two_chapters_and_no_two_entries_of_one_have_the_same_address() -> None:
    anchors = [each.anchor for each in CHAPTERS]
    assert len(set(anchors)) == len(anchors)
    for each in CHAPTERS:
        inside = [entry.anchor for entry in each.entries]
        assert len(set(inside)) == len(inside), each.anchor
        assert all(inside)


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("faults", ["faults"]),
        ("E-MEWS-SILENT", ["E-MEWS-SILENT"]),
        ("e-mews-silent", ["E-MEWS-SILENT"]),
        ("E-KEY-UNWANTED", ["E-KEY-UNWANTED", "E-KEY-UNWANTED"]),  # a fault, and a note
        ("mews.push", ["mews.push"]),
        ("[mews]", ["Mews", "[mews]"]),
        ("doors", ["[doors] NAME"]),
        ("lock  key", ["lock key"]),
        ("nightporter run", ["nightporter run"]),
        ("network set", ["network set"]),
    ],
)
def test_a_topic_is_found_however_it_is_typed(topic: str, expected: list[str]) -> None:
    assert names(topic) == expected


def test_a_group_stands_for_all_that_is_in_it() -> None:
    assert {verb.name for verb in TABLE if verb.name.startswith("lock ")} <= set(names("lock"))


def test_an_unknown_topic_gets_the_nearest_that_is_known() -> None:
    with pytest.raises(UserMistake, match="did you mean E-MEWS-SILENT"):
        found(CHAPTERS, "E-MEWS-SILNT")
    with pytest.raises(UserMistake, match="write one of box, hops, lights"):
        found(CHAPTERS, "xyzzy\x1b[2J")


@pytest.mark.parametrize("columns", [1, 40, 80, 200])
def test_it_is_wrapped_to_the_terminal(columns: int) -> None:
    lines = as_text.text(CHAPTERS, columns).splitlines()
    assert max(map(len, lines)) <= max(columns, 56)  # a word that fits on no line is longer
    assert "E-MEWS-SILENT: Mews does not answer" in as_text.text(CHAPTERS, 200)


def test_the_contents_name_each_chapter() -> None:
    assert all(each.anchor in as_text.contents(CHAPTERS) for each in CHAPTERS)


def test_an_entry_alone_and_without_words_is_its_name() -> None:
    assert as_text.text([Entry("a"), Section("b", "B", ("c",))], 80) == "a\n\nB\n=\n\nc"


def test_until_when_this_version_is_supported_stands_in_it() -> None:
    assert SUPPORTED_UNTIL in chapter("security").paragraphs[0]


def test_a_heading_and_a_label_of_the_manual_are_said_in_german() -> None:
    german = phrasebook("de")
    entries = [entry for each in CHAPTERS for entry in each.entries]
    headings = [entry.name for entry in entries if entry.is_words]
    labels = [fact.label for entry in entries for fact in entry.facts]
    assert "...a key is not cut" in headings
    assert [text for text in (*headings, *labels) if german.strange(text)] == []
