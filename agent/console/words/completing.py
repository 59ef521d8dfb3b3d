"""What may stand at the cursor: the console's own words, and the desk's arguments by asking it. Else pure."""

from collections.abc import Awaitable, Callable, Sequence

from agent.console.words.help import ALL
from agent.console.words.short_forms import spelled_out
from agent.console.words.verbs import DESK_VERBS, VERBS
from agent.control.words.reading import Names, completions
from agent.foundation.errors import UserMistake
from agent.health.catalogue import CATALOGUE

_DESK_FIRSTS = frozenset(name.split()[0] for name in DESK_VERBS)

AskDesk = Callable[[Sequence[str]], Awaitable[tuple[str, ...]]]


class Completing:
    """Knows the console's own names: verbs and fault codes."""

    def __init__(self) -> None:
        firsts = dict.fromkeys(name.split()[0] for name in VERBS)
        self._names = Names(codes=tuple(CATALOGUE), verbs=(*firsts, ALL))

    async def candidates(self, words: Sequence[str], ask_desk: AskDesk) -> tuple[str, ...]:
        """What the last of the words, begun or empty, may become."""
        *before, begun = words or [""]
        try:
            full = [*spelled_out(before), begun]
        except UserMistake:
            return ()
        found = completions(full, self._names, VERBS)
        return await ask_desk(full) or found if before and full[0] in _DESK_FIRSTS else found
