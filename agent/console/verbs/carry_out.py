"""Which verb is carried out where: the one table from requests to what they do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from agent.console.box import ConsoleBox
from agent.console.desk_link import DeskLink
from agent.console.talk import Talk
from agent.console.verbs import bundle, clock, guide, look, network_test, provision, root
from agent.console.verbs.desk import at_desk
from agent.console.words import help as help_words
from agent.console.words import requests as asked
from agent.console.words.short_forms import spelled_out
from agent.console.words.verbs import DESK_VERBS, VERBS
from agent.control.words import reading
from agent.control.words.reading import Names
from agent.control.words.verbs import Verb
from agent.health.catalogue import CATALOGUE


class LoggingIn(Talk, Protocol):
    """A line that can be logged in on."""

    async def log_in(self) -> bool: ...

    def log_out(self) -> None: ...


class CarryOut(Protocol):
    """How a verb is carried out."""

    async def __call__(
        self, talk: LoggingIn, box: ConsoleBox, desk: DeskLink, verb: Verb, words: Sequence[str]
    ) -> None: ...


async def carry_out(talk: LoggingIn, box: ConsoleBox, desk: DeskLink, verb: Verb, words: Sequence[str]) -> None:
    """Do what the words say. Raises `UserMistake` for words that mean nothing, `NightPorterError` for trouble."""
    if verb.name in DESK_VERBS:
        await at_desk(talk, desk, words)
        return
    request = reading.read(words, _NAMES, VERBS).request
    match request:
        case asked.Setup():
            await guide.setup(talk, box, desk)
        case asked.Bundle():
            await bundle.bundle(talk, box, desk, request)
        case asked.LogIn():
            await talk.log_in()
        case asked.LogOut():
            talk.log_out()
        case asked.Help():
            await talk.say(_help(request))
        case _:
            await _OWN[type(request)](talk, box, request)


def _help(request: asked.Help) -> str:
    if not request.verb:
        return help_words.short()
    if request.verb == help_words.ALL:
        return help_words.whole()
    words = spelled_out([request.verb, request.more] if request.more else [request.verb])
    name = " ".join(words)
    if name in VERBS:
        return help_words.one(VERBS[name])
    return "\n".join(help_words.one(verb) for verb in VERBS.values() if verb.name.split()[0] == words[0])


_NAMES = Names(codes=tuple(CATALOGUE), verbs=(*dict.fromkeys(name.split()[0] for name in VERBS), help_words.ALL))
_OWN: Mapping[type[msgspec.Struct], Callable[[Talk, ConsoleBox, Any], Awaitable[None]]] = {
    asked.Status: look.status,
    asked.Hops: look.hops,
    asked.Encoders: look.encoders,
    asked.Faults: look.faults,
    asked.Explain: look.explain,
    asked.Journal: look.journal,
    asked.TimeNow: clock.time_now,
    asked.Log: root.log,
    asked.Label: look.label,
    asked.NetworkShow: look.network_show,
    asked.NetworkSet: root.network_set,
    asked.NetworkConfirm: root.network_confirm,
    asked.NetworkUndo: root.network_undo,
    asked.NetworkTest: network_test.network_test,
    asked.ProvisionShow: look.provision_show,
    asked.ProvisionNew: provision.new,
    asked.ProvisionReceive: provision.receive,
    asked.ProvisionCheck: provision.check,
    asked.ProvisionDiff: provision.check,
    asked.ProvisionConfirm: root.provision_confirm,
    asked.ProvisionRollback: root.provision_rollback,
    asked.Identify: look.identify,
    asked.Update: root.update,
    asked.Reboot: root.reboot,
    asked.FactoryReset: root.factory_reset,
}
