"""A language that is loaded with the first note said in it: its catalogue costs nothing before."""

from collections.abc import Callable

from agent.languages.choice import LANGUAGES


def notes_in(language: str) -> Callable[[str], str]:
    """Says notes in a language; English changes nothing."""
    if language == LANGUAGES[0] or language not in LANGUAGES:
        return str

    def say(note: str) -> str:
        from agent.languages.phrasebook import phrasebook  # with the first note: no poll waits for it

        return phrasebook(language).say(note) if note else note

    return say
