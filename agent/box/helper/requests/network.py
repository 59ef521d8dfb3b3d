"""The network, set on site: at once, and undone by itself unless a person confirms it in time."""

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.setup import network_trial
from agent.foundation.errors import UserMistake
from agent.handover.helper import End, SetNetwork
from provisioning.model import Network


def set_network(request: SetNetwork, caller: Caller, effects: Effects) -> None:
    """Put the settings on trial."""
    wanted = None if request.is_as_in_file else Network(request.address, request.gateway, request.dns)
    words, doubts = network_trial.begin(effects.paths, effects.run, wanted)
    for doubt in doubts:
        caller.say(doubt)
    again = f"Confirm them within {network_trial.SECONDS:.0f} seconds, or they are undone."
    caller.done(End.DONE, f"The box has these network settings now: {words}. {again}", network_trial.SECONDS)


def confirm(caller: Caller, effects: Effects) -> None:
    """Keep the settings that are on trial."""
    words = network_trial.confirm(effects.paths, effects.run)
    if words is None:
        raise UserMistake("No network settings are on trial: set them first.")
    caller.done(End.DONE, f"The network settings stay: {words}.")


def undo(caller: Caller, effects: Effects) -> None:
    """Go back to the settings before, now."""
    if not network_trial.undo(effects.paths, effects.run, "by hand"):
        raise UserMistake("No network settings are on trial: there is nothing to undo.")
    caller.done(End.DONE, "The network settings before are in use again.")
