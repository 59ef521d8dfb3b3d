"""A site to be learned: a simulated bridge with ways of its own, and a person who stands at its encoder and doors.

The bridge here is stricter than the plain simulator: it reads dates by the site's pattern and zone, and refuses
others. The person tells what a person can see, and can be made to be wrong.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import trio

from agent.drivers.coder_bridge.learner import Learner
from agent.drivers.coder_bridge.learning.lesson import Place
from agent.drivers.coder_bridge.learning.steps import Question
from agent.drivers.coder_bridge.learning.walk import Ended
from agent.drivers.coder_bridge.profile_file import read
from agent.drivers.coder_bridge.protocol.profile import Profile
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.http import Peer
from agent.simulators.base.presence import SimulatedClock
from agent.simulators.base.simulator import Call, Due
from agent.simulators.coder_bridge import answers
from agent.simulators.coder_bridge.answers import Refusal, RefusalKind
from agent.simulators.coder_bridge.encoders import Cut
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.site import pairs
from agent.simulators.coder_bridge.slots import Address, Fields, Slot
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, SERVER
from tests.drivers.coder_bridge.profile_bench import BUILT_IN
from tests.in_process import SimulatorTransport

NOW = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
CONTACT = "+43 664 7654321"
ROOMS = ("101", "102", "Zirbenstube")
ENCODERS = {"1": "Empfang links", "2": "Bar"}
_STRPTIME = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "XXX": "%z", "'T'": "T"}


class Ways(msgspec.Struct, frozen=True):
    """What a site has of its own: paths by slot, names of fields, the form of dates, switches of the simulator.

    `separator` stands between areas; `second_card_ends_first`: the same request once more makes a new guest.
    """

    paths: dict[Slot, str] = {}
    fields: Fields = Fields()
    pattern: str = "MM/dd/yyyy"
    zone: tzinfo = VIENNA
    separator: str = ","
    needs_start: bool = False
    needs_end: bool = True
    has_default_encoder: bool = False
    second_card_ends_first: bool = False
    has_screen: bool = True
    has_mobile: bool = False
    switches: dict[str, Any] = {}


class SiteSimulator(CoderBridgeSimulator):
    """The bridge of a site."""

    def __init__(self, ways: Ways) -> None:
        addresses = {slot: Address(_method(slot), path) for slot, path in ways.paths.items()}
        super().__init__(clock=SimulatedClock(NOW), addresses=addresses, fields=ways.fields)
        self.ways = ways
        self.switch(**{"rooms": ROOMS, "encoders": tuple(ENCODERS), **ways.switches})
        self.seen: list[Call] = []
        self.accepts_over = False

    def _perform(self, call: Call) -> Due:
        self.seen.append(call)
        if self.ways.has_default_encoder and call.body:
            call.body.setdefault(self._fields.encoder, "1")
        if call.operation in (Slot.GUEST_KEY, Slot.GUEST_KEY_PRECHECKIN) and not self._has_dates(call.body or {}):
            return Due(answers.refused(Refusal(RefusalKind.BAD_REQUEST), self.switches, ""))
        return super()._perform(call)

    def _has_dates(self, body: dict[str, object]) -> bool:
        start, end = body.get(self.ways.fields.start), body.get(self.ways.fields.end)
        until, since = self.moment(end), self.moment(start)
        if end is None and not self.ways.needs_end:
            return True
        if until is None or (since is None and (start is not None or self.ways.needs_start)):
            return False
        return self.accepts_over or self.last_moment(until) > self.clock.now()

    def moment(self, text: object) -> datetime | None:
        """What the site takes a text for."""
        form = self.ways.pattern
        for piece, directive in _STRPTIME.items():
            form = form.replace(piece, directive)
        try:
            read = datetime.strptime(str(text), form)
        except ValueError:
            return None
        return read if read.tzinfo else read.replace(tzinfo=self.ways.zone)

    def last_moment(self, until: datetime) -> datetime:
        """When a key ends: at that time, or with that day."""
        return until if "HH" in self.ways.pattern else until + timedelta(days=1)

    def opens(self, cut: Cut, now: datetime, area: str = "") -> bool:
        """Whether a card opens its room now (or an area)."""
        since, until = self.moment(cut.start) or NOW, self.moment(cut.end) or self.clock.now() + timedelta(days=1)
        is_good = since <= now < self.last_moment(until)
        return is_good and (not area or area in cut.areas.split(self.ways.separator))

    def opens_still(self, at: int) -> bool:
        """Whether a card, by its place among those that were cut, was not made useless by a later one."""
        return not self.ways.second_card_ends_first or at == len(self.cuts) - 1


class Person:
    """Who answers. `wrongly` may put another answer in the place of the true one (None: no answer at all)."""

    def __init__(self, site: SiteSimulator, wrongly: Callable[[Question, str], str | None] | None = None) -> None:
        self.site, self.wrongly = site, wrongly
        self.asked: list[Question] = []
        self.said: list[str | None] = []
        self.told: list[str] = []
        self.agreed = 0  # answers with which a card may be cut
        self._cards = 0
        self.skips: tuple[str, ...] = ()

    async def ask(self, question: Question) -> str | None:
        """Look, think, answer."""
        await trio.sleep(40)
        self.asked.append(question)
        true = self._answer(question)
        typed = true if self.wrongly is None else self.wrongly(question, true)
        self.said.append(typed)
        self.agreed += _allows_card(question, typed)
        return typed

    def _answer(self, question: Question) -> str:
        words = [choice.word for choice in question.choices]
        if "skip" in words:
            return "skip" if any(part in question.text for part in self.skips) else words[0]
        if "go" in words:
            return self._of_last_card(words)
        if "unseen" in words:
            return self._of_screen(words)
        return self._of_text(question.text) if not words else self._of_door(question.text)

    def _of_last_card(self, words: list[str]) -> str:
        new, self._cards = len(self.site.cuts) - self._cards, len(self.site.cuts)
        if "none" in words:
            return "go" if new else "none"
        return "card" if new else "go"

    def _of_screen(self, words: list[str]) -> str:
        if not self.site.ways.has_screen:
            return "unseen"
        until = self.site.moment(self.site.cuts[-1].end)
        assert until is not None
        if "HH" not in self.site.ways.pattern:
            return "day"
        wall = until.astimezone(VIENNA)
        shown = f"{wall.day} November {wall.year}, {wall:%H:%M}"
        text = {choice.text: choice.word for choice in self.asked[-1].choices}
        found = [word for meaning, word in text.items() if f"at {wall:%H:%M}" in meaning]
        assert found, (shown, text)
        return found[0]

    def _of_door(self, text: str) -> str:
        if "cut a card" in text:
            new, self._cards = len(self.site.cuts) - self._cards, len(self.site.cuts)
            return "yes" if new else "no"
        if "Did the key come" in text:
            return "yes" if self.site.mobile_keys else "no"
        if "as free" in text:
            return "no" if self.site.occupied["101"] else "yes"
        if "cancelled at the lock system" in text:
            return "yes"
        self._cards = len(self.site.cuts)
        now = self.site.clock.now()
        if "last two" in text:
            places = (len(self.site.cuts) - 2, len(self.site.cuts) - 1)
            return "yes" if all(self.site.opens_still(at) for at in places) else "no"
        areas = pairs(self.site.switches.special_areas)
        ids = [id for id, name in areas.items() if name in text]
        last = self.site.cuts[-1]
        return "yes" if all(self.site.opens(last, now, area) for area in ids or [""]) else "no"

    def _of_text(self, text: str) -> str:
        if text.startswith("Which encoder"):
            return "1"
        if text.startswith("Test cards open one room"):
            return "101"
        if text.startswith("Write your own telephone"):
            return CONTACT
        return ""


def _allows_card(question: Question, typed: str | None) -> bool:
    begun = [choice for choice in question.choices if typed and choice.word.startswith(typed.strip().casefold())]
    return any(choice.allows_card for choice in begun)


def _method(slot: Slot) -> str:
    return "GET" if slot in (Slot.CONFIG_CHECKOUT_TIMES, Slot.CONFIG_SPECIAL_AREAS) else "POST"


class SiteBench:
    """A site, the person there, and lessons whose proofs are kept in one file."""

    def __init__(self, simulator: SiteSimulator, peer: Peer, folder: Path) -> None:
        self.simulator, self.peer = simulator, peer
        self.file = folder / "site.toml"
        self.person = Person(simulator)
        self.encoders, self.mobile = dict(ENCODERS), ("2",) if simulator.ways.has_mobile else ()
        self.zone = VIENNA
        switches = simulator.switches
        self.account = Credentials(switches.client_id, Secret(PASSWORD))

    def learner(self) -> Learner:
        """A new lesson, which goes on from the file."""
        place = Place(self.encoders, self.zone, self.simulator.clock.now, self.mobile)
        person = self.person
        return Learner(
            self.peer, self.account, BUILT_IN, place, self.file, person.ask, person.told.append, run_sync=at_once
        )

    async def learn(self) -> Ended:
        """A whole lesson."""
        return await self.learner().run()

    @property
    def profile(self) -> Profile:
        """What the file says."""
        found = read(self.file.name, self.file.read_bytes())
        assert isinstance(found, Profile), found
        return found


async def at_once(write: Callable[[], None]) -> None:
    """A worker thread looks idle to a clock that jumps."""
    write()


@asynccontextmanager
async def site_bench(folder: Path, ways: Ways | None = None) -> AsyncIterator[SiteBench]:
    """A bench whose site has these ways."""
    simulator = SiteSimulator(ways or Ways())
    async with Peer(SERVER, transport=SimulatorTransport(simulator)) as peer:
        yield SiteBench(simulator, peer, folder)
