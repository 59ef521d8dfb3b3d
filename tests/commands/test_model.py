"""What passes from room to room shows no guest and no secret, wherever it is printed."""

import pytest

from agent.commands.model import Account, Listed, Standing
from agent.control.words.messages import Ask
from provisioning.secret import Secret

PRIVATE = "canary"


@pytest.mark.parametrize(
    "shown",
    [
        Account(f"https://user:{PRIVATE}@10.4.5.7", Secret(PRIVATE), Secret(PRIVATE)),
        Listed("id-1", Standing.NEW, None, "1", "Bar", None, b'{"Telephone": "canary"}'),
        Ask(1, ("lock", "mobile", "9", "101", PRIVATE)),
    ],
)
def test_nothing_private_is_in_a_repr(shown: object) -> None:
    assert PRIVATE not in repr(shown)
