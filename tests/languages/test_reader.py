"""In which language a request is answered, and what keeps it so."""

import pytest

from agent.languages.reader import Other, Reader, of_edition, reader


def german(_accept_language: str) -> str:
    return "de"


@pytest.mark.parametrize("asked", ["", "fr", "DE", "de-AT", "<b>"])
def test_the_browsers_wish_counts_where_no_language_of_ours_is_asked_for(asked: str) -> None:
    found = reader({"lang": asked}, "", german)
    assert found == Reader("de", "", (Other("en", "English", "?lang=en"),))
    assert found.edition == "de"


def test_a_language_that_is_asked_for_comes_first_and_is_kept() -> None:
    found = reader({"lang": "en"}, "de", german)
    assert (found.language, found.keep) == ("en", "?lang=en")
    assert of_edition(found.edition) == Reader("en", "?lang=en")


def test_a_change_of_language_keeps_what_else_was_asked_for() -> None:
    found = reader({"room": "1&2", "other": "x", "text": ""}, "", german, ("room", "text"))
    assert [other.query for other in found.others] == ["?room=1%262&lang=en"]
