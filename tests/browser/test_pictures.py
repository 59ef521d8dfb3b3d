"""The looks that the README's pictures are drawn from: a picture of the German page shows German."""

import re

import pytest

from agent.languages.phrasebook import phrasebook
from tests.browser.looks import LOOKS
from tests.browser.screenshots import PICTURES
from tests.languages.test_every_state import texts

GERMAN = phrasebook("de")
NAMES = re.compile(
    r"Front desk (left|right)|Front Office|eth0|\b(DONE|FAILED|UNKNOWN)\b"
)  # states are said in small


@pytest.mark.parametrize("look", sorted({each.look for each in PICTURES} & LOOKS.keys()))
def test_a_look_that_is_drawn_says_what_the_agent_says(look: str) -> None:
    said = [text for text in texts(LOOKS[look]()) if GERMAN.strange(NAMES.sub("7", text))]
    assert said == []
