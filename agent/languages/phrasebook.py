"""Says our English sentences in another language, where a person reads them. Pure, but for its catalogues' files.

The code writes plain English, with values in it: that is what journal, log, JSON and an older box carry. A
phrasebook knows each sentence as a message with named places, finds it by what stands between the places, and
puts the values into the same places of the translation. A value that is a text of ours is translated too;
anything else, and a text that it does not know, stays as it is. It must never change a name, a number, an
address, or somebody else's words.
"""

from functools import cache, lru_cache
from pathlib import Path

from agent.languages.choice import LANGUAGES
from agent.languages.mo_file import messages
from agent.languages.shapes import Shapes
from agent.languages.speaker import Speaker

_FOLDER = Path(__file__).parent
_REMEMBERED = 2048  # texts; a page of two days has some hundred, and most are the same at the next look
_LONG = 600  # characters; few of our texts have more, and others' long words are not kept in memory


class Phrasebook:
    """One language. `say` is for a sentence of ours, `gettext` and `ngettext` for a template's own texts."""

    def __init__(self, language: str, known: dict[str, tuple[str, ...]]) -> None:
        self.language = language
        self._known = known
        self.messages = singular = {text: forms[0] for text, forms in known.items() if len(forms) == 1}
        self._speaker = Speaker(singular, Shapes(singular))
        self._remembered = lru_cache(_REMEMBERED)(self._speaker.say)

    def say(self, text: str) -> str:
        """A sentence of ours in this language, with its values; what is none of ours as it is."""
        if not self._known:
            return text
        return self._remembered(text) if len(text) <= _LONG else self._speaker.say(text)

    def strange(self, text: str) -> int:
        """How many letters of `text` are in none of our messages: what is left in English, and values."""
        return self._speaker.strange(text)

    def gettext(self, text: str) -> str:
        """A text of a template."""
        forms = self._known.get(text)
        return forms[0] if forms else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """A text of a template with a number. German counts as English does: one, and all others."""
        forms = self._known.get(one)
        if forms is None or len(forms) == 1:
            return one if count == 1 else many
        return forms[count != 1]


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrasebook of one of `LANGUAGES`; of any other language the English one, which changes nothing."""
    if language not in LANGUAGES or language == LANGUAGES[0]:
        return Phrasebook(LANGUAGES[0], {})
    content = (_FOLDER / language / "LC_MESSAGES" / "nightporter.mo").read_bytes()
    return Phrasebook(language, dict(messages(content)))
