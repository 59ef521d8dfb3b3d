"""The driver for Messerschmitt's Coder Bridge: keys, and what else the lock system can do, joined.

Puts no secret into a note or a fault; what each request may never do stands in the file of its capability.
Facts: reference/coder-bridge.md; the vendor's own text ("coderBridge API") names the requests, not their paths.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo

import trio

from agent.commands.driver import CardRead, Job, KeyJob, Lane, LockArea, LockDoor, LockTime, Task, TokenLife
from agent.commands.model import Kind, Outcome
from agent.commands.notes import Code
from agent.commands.notes import ended as not_made
from agent.commands.probe import Step
from agent.drivers.coder_bridge.acts import Acts
from agent.drivers.coder_bridge.bridge import Bridge
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP, BridgeFaults
from agent.drivers.coder_bridge.cancelling import Cancelling
from agent.drivers.coder_bridge.card_reading import CardReading
from agent.drivers.coder_bridge.doubts import doubts
from agent.drivers.coder_bridge.keys import Encoders, KeyMaking
from agent.drivers.coder_bridge.lists import BridgeLists
from agent.drivers.coder_bridge.own_steps import BridgeSteps
from agent.drivers.coder_bridge.protocol.notes import KeyCode, ended
from agent.drivers.coder_bridge.protocol.objections import Rules
from agent.drivers.coder_bridge.protocol.profile import NO_LIMIT, Profile
from agent.drivers.coder_bridge.protocol.words import Copies, Slot
from agent.drivers.coder_bridge.room_management import RoomManagement
from agent.drivers.coder_bridge.watch import BridgeLook
from agent.drivers.knocking import Knock
from agent.drivers.lock_server.log_in import Credentials
from agent.drivers.server_watch import ServerWatch
from agent.foundation.http import Peer
from agent.foundation.timing import utc_now
from agent.health.health import Health


class CoderBridgeDriver:
    """One Coder Bridge and its encoders, as the pipeline sees them.

    `zone` is the hotel's; `encoders` gives each encoder's identifier its name, `mobile` are those that send keys
    to telephones. While not `active` every job is refused and nothing is sent. `clock` gives monotonic seconds,
    `now` the true time; `knock` tries whether the server is there, `hint` is called as `late_since` begins and
    ceases to tell.
    """

    def __init__(
        self,
        peer: Peer,
        profile: Profile,
        credentials: Credentials,
        zone: tzinfo,
        health: Health,
        encoders: Mapping[str, str],
        *,
        mobile: Collection[str] = (),
        active: bool = True,
        allow_unconfirmed: bool = False,
        allow_precheckin: bool = False,
        clock: Callable[[], float] = trio.current_time,
        now: Callable[[], datetime] = utc_now,
        knock: Knock | None = None,
        hint: Callable[[], None] = lambda: None,
    ) -> None:
        self._bridge = Bridge(peer, profile, credentials, clock)
        self._profile = profile
        self._encoders = Encoders(encoders, frozenset(mobile))
        self._active = active
        self._allow_unconfirmed = allow_unconfirmed
        self._faults = BridgeFaults(health)
        self._look = BridgeLook(self._bridge, profile, self._faults)
        self._watch = ServerWatch(self._look, knock, hint)
        rules = Rules(profile, zone, allow_unconfirmed, allow_precheckin)
        acts = Acts(self._bridge, rules, active=active)
        self._lists = BridgeLists(self._bridge, rules, self._faults, clock, active=active)
        self._keys = KeyMaking(self._bridge, rules, self._encoders, self._lists, self._faults, now)
        self._cancelling = Cancelling(acts, profile)
        self._rooms = RoomManagement(acts, profile)
        self._cards = CardReading(self._bridge, acts, profile, self._watch, self._encoders.mobile)

    @property
    def hop(self) -> str:
        """Its place on the page."""
        return SERVER_HOP

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Its encoders."""
        return tuple(
            Lane(f"encoder:{id}", id, name, self.hop, is_mobile=id in self._encoders.mobile)
            for id, name in self._encoders.names.items()
        )

    @property
    def locks_out(self) -> bool:
        """Whether a stay has one key from here and no other: of two orders at once the later one is refused."""
        return self._profile.duplicates.how.value is Copies.REFUSE

    @property
    def calls_at_once(self) -> float:
        """How many calls the server takes at a time, as its profile says."""
        cap = self._profile.limits.calls_at_once.value
        return math.inf if cap == NO_LIMIT else cap

    @property
    def card_seconds(self) -> float:
        """How long the server is waited for while somebody presents a card, as the profile says."""
        return self._profile.limits.key_seconds.value

    @property
    def last_answer(self) -> float | None:
        """When anything came back from the server (monotonic seconds), None: never yet."""
        return self._bridge.last_answer

    @property
    def late_since(self) -> float | None:
        """When it was asked for an answer that has not come yet (monotonic seconds); None: it owes none."""
        return self._watch.late_since

    @property
    def next_try(self) -> float | None:
        """When a server that is away is looked for again (monotonic seconds)."""
        return self._watch.next_try

    @property
    def token_life(self) -> TokenLife | None:
        """Of the token that all its calls are made with."""
        return self._bridge.token_life

    def objection(self, job: Job) -> Outcome | None:
        """Why this job cannot be done; None if it can. Asks no one."""
        if not isinstance(job, KeyJob):
            return not_made(Code.NO_PRINT, Kind.PRINT)
        if not self._active:
            return ended(KeyCode.INACTIVE, mobile=self._encoders.is_mobile(job))
        return self._keys.objection(job)

    async def carry_out(self, job: Job) -> Outcome:
        """Have one key made, within the deadlines of the profile (`KeyMaking.make`)."""
        refused = self.objection(job)
        if refused is not None or not isinstance(job, KeyJob):
            return refused or not_made(Code.NO_PRINT, Kind.PRINT)
        with self._watch.encoder_waits():
            return await self._keys.make(job)

    async def watch(self) -> None:
        """State the standing faults, then look at the server every minute, by calls that can do no harm."""
        self._faults.stand(self._profile, active=self._active, allow_unconfirmed=self._allow_unconfirmed)
        if not self._active:
            await trio.sleep_forever()
        await self._watch.watch()

    def own_steps(self) -> Sequence[Step]:
        """What can be tested of it once a connection comes about."""
        return BridgeSteps(
            self._bridge,
            self._profile,
            self._look.rooms,
            active=self._active,
            allow_unconfirmed=self._allow_unconfirmed,
        ).steps()

    def doubts(self, task: Task, *, areas: bool = False, copies: bool = False) -> str:
        """What no one has confirmed of the calls that a task needs, on one line; "" where all is."""
        return doubts(self._profile, task, areas=areas, copies=copies)

    async def cancel_key(self, room: str, key: str) -> Outcome:
        """Cancel the key `key` (a `tid`) of a room. No card is touched, so it may be asked again."""
        return await self._cancelling.cancel_key(room, key)

    @property
    def frees_rooms(self) -> bool:
        """Whether its room management may take a room for free once a key of it is cancelled."""
        rms = self._profile.rms
        return rms.send.value and rms.key_checkout_ends_occupancy.value

    async def check_in_room(self, room: str) -> Outcome:
        """The room, by its name at the room management, is taken. May be asked again."""
        return await self._rooms.check_in(room)

    async def check_out_room(self, room: str) -> Outcome:
        """The room, by its name at the room management, is free. May be asked again."""
        return await self._rooms.check_out(room)

    async def read_card(self, encoder: str) -> CardRead | Outcome:
        """What the card at the encoder says, or why it cannot be read. May be asked again."""
        return await self._cards.read(encoder)

    async def list_doors(self) -> tuple[LockDoor, ...]:
        """The rooms that the lock system knows. Raises `CallFailed`, with a reason fit to be shown."""
        self._lists.permit(Slot.CONFIG_ROOMS, "rooms")
        rooms = await self._look.rooms()
        doors = (LockDoor(room.name, state=room.status, until=room.until) for room in rooms)
        return tuple(map(self._bridge.clean_row, doors))

    async def list_areas(self) -> tuple[LockArea, ...]:
        """The special areas, asked for now. Raises `CallFailed`."""
        return await self._lists.areas.fetch()

    async def list_times(self) -> tuple[LockTime, ...]:
        """The checkout times, asked for now. Raises `CallFailed`."""
        return await self._lists.times.fetch()
