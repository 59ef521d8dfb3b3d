"""Which request does what: the whole of what root does for the console."""

from agent.box.helper.caller import Caller
from agent.box.helper.effects import Effects
from agent.box.helper.requests import log, network, ping, power, provisioning_file, update
from agent.handover import helper as asked


def carry_out(request: asked.Request, caller: Caller, effects: Effects) -> None:
    """Do it, and tell the caller. Raises `UserMistake` for what is refused, `NightPorterError` for what failed."""
    match request:
        case asked.TakeFile():
            provisioning_file.take(request, caller, effects)
        case asked.ConfirmFile():
            provisioning_file.confirm(caller, effects)
        case asked.RollBackFile():
            provisioning_file.roll_back(caller, effects)
        case asked.SetNetwork():
            network.set_network(request, caller, effects)
        case asked.ConfirmNetwork():
            network.confirm(caller, effects)
        case asked.UndoNetwork():
            network.undo(caller, effects)
        case asked.ReadLog():
            log.read(request, caller, effects)
        case asked.Update():
            update.update_box(request, caller, effects)
        case asked.Reboot():
            power.reboot(caller, effects)
        case asked.RestartAgent():
            power.restart_agent(caller, effects)
        case asked.FactoryReset():
            power.factory_reset(request, caller, effects)
        case asked.Ping():
            ping.ping(request, caller)
