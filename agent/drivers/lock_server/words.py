"""A lock server's own words, made fit for a note, a page or a log. No I/O.

No text of ours may hold a secret or a guest's name: what a server says goes through `cleaned` first.
"""

import json
import re
from collections.abc import Iterable

from agent.commands.people import NO_ONE, People
from agent.foundation.reading.text import plain, quoted, without
from provisioning.secret import Secret

_LONGEST_WORDS = 160  # characters; what a receptionist reads at a glance
_SCANNED = 4096  # characters of the server's words that are looked at, once the secrets are out
# Any JSON web token, cut short or foreign; what stands in a header that is signed.
_TOKEN_LIKE = re.compile(r"eyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*|(?<=AWS )\S+")


def refusal(words: str, reason: str) -> str:
    """How the lock system said no, for its cause: in its own `words` (cleaned), or else our `reason`."""
    return f"the lock system says {quoted(words)}" if words else f"the lock system refused it ({reason})"


def cleaned(words: str, secrets: Iterable[Secret], people: People = NO_ONE) -> str:
    """The server's words on one line, without control characters, secrets, anything like a token, and what the
    order says of `people`."""
    texts = tuple(secret.reveal() for secret in secrets)
    known = (*texts, *(json.dumps(text)[1:-1] for text in texts))
    line = plain(without(words, known), _SCANNED)
    return plain(people.without(_TOKEN_LIKE.sub("(hidden)", without(line, known))), _LONGEST_WORDS)
