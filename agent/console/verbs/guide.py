"""`setup`: from a box out of its packet to a key that opens its door, one question after the other.

Looks each time what is missing, so it may be broken off anywhere and begun again. Says that something is well only
when the box has said so.
"""

import trio

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink
from agent.console.network_words import waited_for
from agent.console.talk import Talk, confirm
from agent.console.terminal.page_status import FAULT, Status, troubles_text
from agent.console.verbs import provision
from agent.console.verbs.desk import at_desk
from agent.status.snapshot.stations import HopKind, kind_of
from board.base import NetworkState
from provisioning.interview import Interview

LOOK_SECONDS = 1.0  # s between two looks
PATIENCE_SECONDS = 90.0  # s for Mews and the lock servers after a new file
_BY_QUESTIONS, _BY_LAPTOP = "questions", "send"


async def setup(talk: Talk, box: ConsoleBox, desk: DeskLink) -> None:
    """All steps, those that are done already in a sentence."""
    await _network(talk, box)
    if not await _file(talk, box):
        return
    await _hops(talk, box)
    await _key(talk, box, desk)


async def _network(talk: Talk, box: ConsoleBox) -> None:
    await talk.say("1. The network")
    while (network := box.get_network()).state is NetworkState.NO_CABLE:
        for _, sentence in waited_for(network):
            await talk.say(f"   {sentence}.")
        if not await confirm(talk, "   Look again? (no: go on without a network)"):
            return
    if network.state is NetworkState.NO_ADDRESS:
        await talk.say("   The cable is in, and no router gives an address: the file has to say a fixed one.")
    elif network.addresses:
        await talk.say(f"   The box is on the network at {' '.join(network.addresses)}.")
    else:
        await talk.say("   This machine has a network of its own.")


async def _file(talk: Talk, box: ConsoleBox) -> bool:
    """Whether the box has a provisioning file now."""
    await talk.say("2. The provisioning file")
    if box.facts().is_provisioned:
        await talk.say("   The box has one (provision show).")
        return True
    while True:
        how = (
            (await talk.ask(f"   Make one by {_BY_QUESTIONS}, or {_BY_LAPTOP} one from a laptop? "))
            .strip()
            .lower()
        )
        if how and _BY_QUESTIONS.startswith(how):
            return await provision.offer(talk, box, await provision.interview(talk, Interview(None)))
        if how and _BY_LAPTOP.startswith(how):
            await talk.say(
                "   Close this terminal, and on the laptop run: nightporter provision send FILE --port DEVICE\n"
                "   Then open the terminal again, and type setup."
            )
            return False
        await talk.say(f"   Type {_BY_QUESTIONS} or {_BY_LAPTOP}.")


async def _hops(talk: Talk, box: ConsoleBox) -> None:
    await talk.say("3. Mews and the lock system")
    status = await _settled(talk, box)
    if status is None:
        await talk.say("   The agent does not answer yet: type status in a minute.")
        return
    await talk.say(f"   {status.text}")
    if status.troubles:
        await talk.say(troubles_text(status))


async def _settled(talk: Talk, box: ConsoleBox) -> Status | None:
    """The box once all has answered and no fault is left, or as it is when patience is over."""
    status = None
    with trio.move_on_after(PATIENCE_SECONDS):
        while True:
            status = await box.page.status()
            if status is not None and status.is_agent and not status.waits_for_mews and status.level != FAULT:
                break
            talk.progress("   waiting for the agent, Mews and the lock servers ...")
            await trio.sleep(LOOK_SECONDS)
    return status if status is not None and status.is_agent else None


async def _key(talk: Talk, box: ConsoleBox, desk: DeskLink) -> None:
    await talk.say("4. A test key")
    snapshot = await box.page.snapshot()
    encoders = [hop.id for hop in snapshot.hops if kind_of(hop.id)[0] is HopKind.ENCODER] if snapshot else []
    if not encoders:
        await talk.say("   There is no encoder yet: the provisioning file names none.")
        return
    if not await confirm(talk, "   Cut one now?"):
        return
    encoder = await talk.ask(f"   At which encoder ({', '.join(encoders)})? ")
    room = await talk.ask("   For which room? ")
    await at_desk(talk, desk, ["key", "--", encoder.strip() or encoders[0], room.strip()])
