"""An update from a bundle at an address, as `nightporter update` does it; its steps are told to the caller too.

It goes on when the caller leaves: a cable that falls out breaks off no update.
"""

from collections.abc import Callable

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.update import download, update
from agent.box.update.effects import Effects as UpdateEffects
from agent.foundation.errors import UserMistake
from agent.handover.helper import End, Update


class ToldEffects(UpdateEffects, frozen=True, kw_only=True):
    """Each step of the update is told to one more."""

    tell: Callable[[str], None]

    def say(self, text: str) -> None:
        """A step."""
        super().say(text)
        self.tell(text)


def update_box(request: Update, caller: Caller, effects: Effects) -> None:
    """Fetch, check, install, restart."""
    if not download.is_url(request.source):
        raise UserMistake("Write the address of a bundle, like http://10.4.5.9/nightporter-amd64.raucb.")
    told = ToldEffects(paths=effects.paths, run=effects.run, tell=caller.say)
    update.update_box(told, update.Wish(request.source))
    caller.done(End.DONE, "The update is done as far as it goes before the restart.")
