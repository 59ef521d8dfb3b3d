"""Network settings on trial: used at once, for this boot, and undone after two minutes unless they are confirmed.

`network-trial` is what systemd runs when the two minutes are over (a timer: no process of ours waits). A power cut
undoes them too, because nothing of them is on a disk before they are confirmed.
"""

from agent.box.setup import active_file, put_to_work, site_network
from agent.box.setup.site_network import SiteNetwork
from agent.box.tools import one_at_a_time, programs
from agent.box.tools.paths import Paths
from agent.foundation.errors import NightPorterError, reason_of
from agent.handover import steps
from provisioning.model import Network

SECONDS = 120.0  # s; as in nightporter-network-trial.timer (a test compares them)
_TIMER = "nightporter-network-trial.timer"
_LONG_SECONDS = 400.0  # s to wait for another who takes a file: that can run five programs of 60 s
_BUSY = "The box is just taking a provisioning file, or setting its network: try again in a moment."


def main() -> None:
    """The two minutes are over."""
    undo(Paths(), programs.run, "not confirmed in time", _LONG_SECONDS)


def begin(paths: Paths, run: programs.Run, wanted: Network | None) -> tuple[str, tuple[str, ...]]:
    """Use `wanted`, None for the file's own; gives it in words, and doubts. Raises `NightPorterError`."""
    with one_at_a_time.held(paths.take_lock, _BUSY):
        of_file = _of_file(paths)
        network, doubts = (of_file, ()) if wanted is None else site_network.checked(wanted)
        if not put_to_work.ask(paths, run, ("systemctl", "restart", _TIMER)):
            raise NightPorterError(
                "The clock that would undo the settings cannot be started: nothing was changed."
            )
        site_network.begin(paths, SiteNetwork(network, of_file))
        words = site_network.sentence(network)
        steps.say(f"network: on trial for two minutes: {words}", paths.steps)
        put_to_work.put_to_work(paths, run, restarts_agent=False)
        return words, doubts


def confirm(paths: Paths, run: programs.Run) -> str | None:
    """Keep what is on trial, also over a restart; in words, None where nothing is. Raises `NightPorterError`."""
    with one_at_a_time.held(paths.take_lock, _BUSY):
        site = site_network.on_trial(paths)
        if site is None:
            return None
        try:
            site_network.keep(paths, site)
        except OSError as error:
            raise NightPorterError(
                f"The settings cannot be kept ({reason_of(error)}): they will be undone."
            ) from None
        site_network.end(paths)
        put_to_work.ask(paths, run, ("systemctl", "stop", _TIMER))
        put_to_work.put_to_work(paths, run, restarts_agent=False)
        words = site_network.sentence(site.network)
        steps.say(f"network: confirmed: {words}", paths.steps)
        return words


def undo(paths: Paths, run: programs.Run, why: str, patience: float = one_at_a_time.SECONDS) -> bool:
    """Go back to the settings before, if any are on trial; whether they were."""
    with one_at_a_time.held(paths.take_lock, _BUSY, patience):
        if site_network.on_trial(paths) is None:
            return False
        site_network.end(paths)
        put_to_work.ask(paths, run, ("systemctl", "stop", _TIMER))
        put_to_work.put_to_work(paths, run, restarts_agent=False)
        steps.say(f"network: the settings on trial were undone, {why}", paths.steps)
        return True


def _of_file(paths: Paths) -> Network:
    active = active_file.load(paths)
    usable = active.provisioning if active else None
    return usable.network if usable else Network()
