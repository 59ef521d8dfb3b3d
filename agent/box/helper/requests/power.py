"""Starting the agent or the box again, as it is or as it came."""

from agent.box.boot.factory_reset import NAMES
from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.setup.boot_partition import writable
from agent.box.tools.programs import ProgramTrouble
from agent.foundation import files
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover import steps
from agent.handover.helper import End, FactoryReset

_SECONDS = 60.0  # s; systemd only takes the order
_AGENT = ("systemctl", "restart", "--no-block", "nightporter.service")


def reboot(caller: Caller, effects: Effects) -> None:
    """The agent is told to stop by the restart, and finishes a running key."""
    caller.say("The box starts again now. A key that is being cut is finished first.")
    _restart(effects)
    caller.done(End.DONE, "The box starts again.")


def restart_agent(caller: Caller, effects: Effects) -> None:
    """The agent alone: keys wait for some seconds."""
    caller.say("The agent starts again now. A key that is being cut is finished first.")
    try:
        effects.run(_AGENT, timeout=_SECONDS)
    except ProgramTrouble as trouble:
        raise NightPorterError(f"The agent did not take the order to restart ({trouble}).") from None
    caller.done(End.DONE, "The agent starts again.")


def factory_reset(request: FactoryReset, caller: Caller, effects: Effects) -> None:
    """Ask for a reset on the boot partition, as a person with a laptop would, and start the box again."""
    name = effects.paths.hostname.read_text().strip()
    if request.name != name:
        raise UserMistake(f"That is not this box's name: write {name} to reset it.")
    try:
        with writable(effects.paths, effects.run):
            files.write(effects.paths.boot / NAMES[0], b"", 0o600)
    except (OSError, ProgramTrouble) as error:
        raise NightPorterError(
            f"The reset cannot be asked for ({reason_of(error)}). Nothing was changed."
        ) from None
    steps.say("factory reset: asked for on the console; it is done at the start that follows", effects.paths.steps)
    caller.say("The box forgets its file, journal and settings at its next start, which is now.")
    _restart(effects)
    caller.done(End.DONE, "The box starts again, as it came.")


def _restart(effects: Effects) -> None:
    try:
        effects.run(("systemctl", "reboot"), timeout=_SECONDS)
    except ProgramTrouble as trouble:
        raise NightPorterError(f"The box did not take the order to restart ({trouble}): pull its plug.") from None
