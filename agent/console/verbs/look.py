"""Verbs that look: the page's words, the catalogue, the files in which the box's programs meet. Change nothing."""

from collections.abc import Iterable, Iterator

from agent.console.box import ConsoleBox
from agent.console.label_words import label_text
from agent.console.network_words import network_text
from agent.console.talk import Talk
from agent.console.terminal.page_status import troubles_text
from agent.console.words import requests as asked
from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.status import as_text
from agent.status.crossing import acting_url
from agent.status.snapshot import words
from agent.status.snapshot.snapshot import Hop, Recent, Snapshot
from agent.status.snapshot.stations import HopKind, kind_of, title
from board.interfaces import read_interfaces

NO_FILE = "There is no provisioning file yet: type setup, or put provisioning.toml on the boot partition."
IDENTIFY_SECONDS = 60.0  # s; enough to go from one room to the next
_LEVELS = {Level.OK: "", Level.WARNING: "A warning", Level.FAULT: "A fault"}


async def status(talk: Talk, box: ConsoleBox, _request: asked.Status) -> None:
    """The page as text."""
    snapshot = await box.page.snapshot()
    await talk.say(as_text.render(snapshot, talk.columns) if snapshot else await _no_agent(box))


async def hops(talk: Talk, box: ConsoleBox, _request: asked.Hops) -> None:
    """A line each."""
    snapshot = await box.page.snapshot()
    await talk.say("\n".join(map(_hop_line, snapshot.hops)) if snapshot else await _no_agent(box))


async def encoders(talk: Talk, box: ConsoleBox, _request: asked.Encoders) -> None:
    """The encoders and printers, by the id that verbs take."""
    snapshot = await box.page.snapshot()
    if snapshot is None:
        await talk.say(await _no_agent(box))
        return
    found = [hop for hop in snapshot.hops if kind_of(hop.id)[0] in (HopKind.ENCODER, HopKind.PRINTER)]
    await talk.say("\n".join(map(_lane_line, found)) or "The provisioning file names no encoder and no printer.")


async def faults(talk: Talk, box: ConsoleBox, _request: asked.Faults) -> None:
    """What is wrong, with what to do."""
    status = await box.page.status()
    if status is None:
        await talk.say(_no_page(box))
    elif status.troubles:
        await talk.say(troubles_text(status))
    else:
        await talk.say("There are no faults and no warnings." if status.is_agent else status.text)


async def explain(talk: Talk, _box: ConsoleBox, request: asked.Explain) -> None:
    """A fault of the catalogue, in the page's words."""
    kind = CATALOGUE[request.code]
    advice = words.advice(kind.front_desk, kind.hint, "")
    lines = [f"{kind.code}: {kind.title}", *(f"    {line}" for line in advice)]
    lines.append(f"    {_LEVELS[kind.level]}{'; ' + kind.follows if kind.follows else ''}.")
    await talk.say("\n".join(lines))


async def journal(talk: Talk, box: ConsoleBox, _request: asked.Journal) -> None:
    """The last orders."""
    snapshot = await box.page.snapshot()
    if snapshot is None:
        await talk.say(await _no_agent(box))
        return
    lines = [line for recent in snapshot.commands.recent for line in _order(recent, snapshot)]
    await talk.say("\n".join(lines) or "There was no order yet.")


async def provision_show(talk: Talk, box: ConsoleBox, _request: asked.ProvisionShow) -> None:
    """The file in words."""
    await talk.say(box.provision_text() or NO_FILE)


async def label(talk: Talk, box: ConsoleBox, _request: asked.Label) -> None:
    """What only the box can say of its label."""
    snapshot = await box.page.snapshot()
    if snapshot is None:
        await talk.say(await _no_agent(box))
        return
    acting = acting_url(f"{box.name}.local", snapshot.box.acting)
    await talk.say(label_text(box.name, box.about, box.url, acting, snapshot.box.fingerprint))


async def network_show(talk: Talk, box: ConsoleBox, _request: asked.NetworkShow) -> None:
    """The network in words."""
    snapshot = await box.page.snapshot()
    acting = acting_url(f"{box.name}.local", snapshot.box.acting) if snapshot else ""
    fingerprint = snapshot.box.fingerprint if snapshot else ""
    await talk.say(network_text(read_interfaces(), box.url, acting, fingerprint))


async def identify(talk: Talk, box: ConsoleBox, _request: asked.Identify) -> None:
    """Have the lights blink."""
    if box.identify(IDENTIFY_SECONDS):
        await talk.say(f"The box's light flickers for {IDENTIFY_SECONDS:.0f} s.")
    else:
        await talk.say("This box has no light that could blink.")


def _hop_line(hop: Hop) -> str:
    return f"{title(hop.id):<24}{words.level_word(hop.level):<9}{hop.text}"


def _lane_line(hop: Hop) -> str:
    return f"{hop.id:<24}{words.level_word(hop.level):<9}{hop.text}"


def _order(recent: Recent, snapshot: Snapshot) -> Iterator[str]:
    at = words.moment(recent.at, snapshot.box.time)
    yield f"{at:<13} {recent.state.lower():<9} {recent.room:<9} {recent.kind:<6} {recent.target}"
    yield from _indented(filter(None, (recent.note,)))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


async def _no_agent(box: ConsoleBox) -> str:
    """What is known while it is not the agent that answers."""
    status = await box.page.status()
    if status is None:
        return _no_page(box)
    troubles = troubles_text(status)
    return f"{status.text}\n{troubles}".rstrip()


def _no_page(box: ConsoleBox) -> str:
    steps = box.last_steps()
    return "The box's page does not answer." + (f" The last steps were:\n{steps}" if steps else "")
