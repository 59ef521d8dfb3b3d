"""Verbs that the box's root helper carries out: the console hands them on, and shows what it says."""

from agent.console.box import ConsoleBox
from agent.console.talk import Talk, confirm
from agent.console.words import requests as asked
from agent.handover.helper import (
    ConfirmFile,
    ConfirmNetwork,
    Done,
    FactoryReset,
    ReadLog,
    Reboot,
    Request,
    RollBackFile,
    SetNetwork,
    UndoNetwork,
    Update,
)

DHCP, AS_IN_FILE = "dhcp", "file"


async def have_done(talk: Talk, box: ConsoleBox, request: Request) -> Done:
    """Have it done, and show all that is said."""
    done = await box.helper.ask(request, talk.show)
    if done.text:
        await talk.say(done.text)
    return done


async def log(talk: Talk, box: ConsoleBox, request: asked.Log) -> None:
    """The log, without end if it is followed."""
    await have_done(talk, box, ReadLog(request.lines, request.follows))


async def network_set(talk: Talk, box: ConsoleBox, request: asked.NetworkSet) -> None:
    """Other settings at once, and how to keep them."""
    done = await have_done(talk, box, _settings(request))
    if done.confirm_seconds is not None:
        await talk.say(
            f"This is undone in {done.confirm_seconds:.0f} s. If the box is reached as it should be,"
            " type: network confirm"
        )


async def network_confirm(talk: Talk, box: ConsoleBox, _request: asked.NetworkConfirm) -> None:
    """Keep them."""
    await have_done(talk, box, ConfirmNetwork())


async def network_undo(talk: Talk, box: ConsoleBox, _request: asked.NetworkUndo) -> None:
    """Those before."""
    await have_done(talk, box, UndoNetwork())


async def provision_confirm(talk: Talk, box: ConsoleBox, _request: asked.ProvisionConfirm) -> None:
    """Keep the file on trial."""
    await have_done(talk, box, ConfirmFile())


async def provision_rollback(talk: Talk, box: ConsoleBox, _request: asked.ProvisionRollback) -> None:
    """The file before."""
    await have_done(talk, box, RollBackFile())


async def update(talk: Talk, box: ConsoleBox, request: asked.Update) -> None:
    """A new version."""
    await have_done(talk, box, Update(request.source))


async def reboot(talk: Talk, box: ConsoleBox, _request: asked.Reboot) -> None:
    """Start again, if that is meant."""
    await talk.say("Keys cannot be cut for about a minute.")
    if await confirm(talk, "Start the box again?"):
        await have_done(talk, box, Reboot())


async def factory_reset(talk: Talk, box: ConsoleBox, request: asked.FactoryReset) -> None:
    """Forget everything, if the name is the box's."""
    if request.name != box.name:
        await talk.say(f"That is not this box's name: if all is to be forgotten, type factory-reset {box.name}")
        return
    await talk.say("The provisioning file, the journal and all settings are forgotten for good.")
    if await confirm(talk, "Go on?"):  # short: a question that is wider than the row is cut
        await have_done(talk, box, FactoryReset(request.name))


def _settings(request: asked.NetworkSet) -> SetNetwork:
    if request.address.lower() == AS_IN_FILE:
        return SetNetwork(is_as_in_file=True)
    address = None if request.address.lower() == DHCP else request.address
    dns = tuple(filter(None, request.dns.split(",")))
    return SetNetwork(address, request.gateway or None, dns)
