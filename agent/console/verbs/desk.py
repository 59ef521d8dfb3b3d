"""A verb of the desk: its words go to the agent as they are, and what is told comes back line by line."""

from collections.abc import Sequence

from agent.console.desk_link import DeskLink
from agent.console.talk import Talk, confirm
from agent.control.words import sentences
from agent.control.words.told import End, Line, Progress, Result

_WIDTH = 24  # characters of a bar
_SURE = "--sure"


async def at_desk(talk: Talk, desk: DeskLink, words: Sequence[str]) -> None:
    """Have it done, and show it. Ctrl-C breaks it off, and what that leaves behind is said.

    What the desk wants a person to be sure of is asked, and then asked for once more.
    """
    result = await _done(talk, desk, words)
    if result.end is End.UNSURE:
        if not await confirm(talk, f"{result.text} Go on?"):
            return
        result = await _done(talk, desk, [*words[:2], _SURE, *words[2:]])  # all such verbs have two words
    if result.text:
        await talk.say(result.text)


async def _done(talk: Talk, desk: DeskLink, words: Sequence[str]) -> Result:
    talk.gives_last_words()

    def tell(told: Progress) -> None:
        for line in sentences.lines(told, talk.columns):
            talk.show(line + _bar(told))

    return await desk.carry_out(words, tell, talk.broken_off)


def _bar(told: Progress) -> str:
    if not isinstance(told, Line) or told.of < 2:
        return ""
    full = _WIDTH * min(told.done, told.of) // told.of
    return f" [{'#' * full}{'.' * (_WIDTH - full)}]"
