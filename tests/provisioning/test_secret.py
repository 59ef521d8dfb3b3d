"""A secret is never shown, stored or sent by accident."""

import copy
import json
import pickle

import msgspec
import pytest

from provisioning.secret import Secret
from tests.provisioning.text import MINIMAL, good

SECRET = Secret("copper lamp 2093")


def test_a_secret_shows_itself_as_hidden() -> None:
    assert (repr(SECRET), str(SECRET), f"{SECRET}", f"{[SECRET]}") == (
        "(hidden)",
        "(hidden)",
        "(hidden)",
        "[(hidden)]",
    )


def test_a_secret_is_revealed_on_demand() -> None:
    assert SECRET.reveal() == "copper lamp 2093"


def test_secrets_of_the_same_text_are_equal_and_a_text_equals_no_secret() -> None:
    assert len({SECRET, Secret("copper lamp 2093")}) == 1
    assert Secret("blue kettle 4712") != SECRET
    assert SECRET != "copper lamp 2093"


@pytest.mark.parametrize(
    "send", [msgspec.json.encode, msgspec.to_builtins, json.dumps, pickle.dumps, copy.deepcopy]
)
def test_a_secret_cannot_be_sent_by_accident(send: object) -> None:
    assert callable(send)
    with pytest.raises(TypeError):
        send(SECRET)


def test_a_whole_file_shows_no_secret_when_it_is_printed() -> None:
    assert "kettle" not in repr(good(MINIMAL))
    assert "C66EF7B" not in repr(good(MINIMAL))
