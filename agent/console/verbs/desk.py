"""A verb of the desk: its words go to the agent as they are, and what is told comes back line by line."""

from collections.abc import Sequence

from agent.console.desk_link import DeskLink
from agent.console.talk import Talk
from agent.control.words import sentences
from agent.control.words.told import Line, Progress

_WIDTH = 24  # characters of a bar


async def at_desk(talk: Talk, desk: DeskLink, words: Sequence[str]) -> None:
    """Have it done, and show it. Ctrl-C breaks it off, and what that leaves behind is said."""
    talk.gives_last_words()

    def tell(told: Progress) -> None:
        talk.show(sentences.line(told) + _bar(told))

    result = await desk.carry_out(words, tell, talk.broken_off)
    if result.text:
        await talk.say(result.text)


def _bar(told: Progress) -> str:
    if not isinstance(told, Line) or told.of < 2:
        return ""
    full = _WIDTH * min(told.done, told.of) // told.of
    return f" [{'#' * full}{'.' * (_WIDTH - full)}]"
