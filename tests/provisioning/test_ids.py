"""Ids compare as people read them."""

import pytest

from provisioning.ids import same_id

GUID = "63efb573-fc58-4065-b687-9bdd51568529"


@pytest.mark.parametrize("written", [GUID, GUID.upper(), f"{{{GUID}}}", f" {{ {GUID.upper()} }} "])
def test_a_guid_is_the_same_in_every_spelling(written: str) -> None:
    assert same_id(written) == GUID


@pytest.mark.parametrize("other", ["{1", "1}", "{}", "11", ""])
def test_what_is_another_id_stays_another(other: str) -> None:
    assert same_id(other) != same_id("1")
