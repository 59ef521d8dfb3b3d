"""What the desk acts on, in the running agent: lanes, hops and probes of the present file, and the pass."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from agent.commands.driver import Driver, KeyJob, Lane, PrintJob, Prints
from agent.commands.issued import IssuedKey
from agent.commands.lifecycle import ENDS, State
from agent.commands.probe import Probe
from agent.commands.record import Record
from agent.control.hotel import FileDoor, Hear, OrderedKey, OrderedPage, Say
from agent.control.words.bundle import SupportBundle
from agent.foundation.errors import UserMistake
from agent.hotel.site import Site
from agent.mews.enquiries import Enquiries
from agent.pipeline.loose_cards import LooseCards
from agent.pipeline.orders import Orders
from agent.pipeline.pipeline import Pipeline
from agent.rooms.audit.findings import Audit
from board.addresses import places
from board.routes import is_near
from provisioning.model import Printer

if TYPE_CHECKING:
    from agent.drivers.printing.nearby.found import Look


class Agent(Protocol):
    """What is asked of the process around the hotel."""

    def now(self) -> datetime: ...

    async def reload_and_tell(self) -> str: ...


class DeskHotel:
    """One for the life of the process. `site` gives the present one, None without a file; `box` is its probe."""

    def __init__(
        self,
        agent: Agent,
        site: Callable[[], Site | None],
        pipeline: Pipeline,
        orders: Orders,
        loose_cards: LooseCards,
        box: Probe,
        *,
        has_agent: bool = True,
        bundle: Callable[[Say], Awaitable[SupportBundle]] | None = None,
    ) -> None:
        self.has_agent, self._bundle = has_agent, bundle
        self._agent, self._site, self._pipeline = agent, site, pipeline
        self._orders, self._loose_cards, self._box = orders, loose_cards, box
        self._hear: dict[str, Hear] = {}
        self._followers: dict[str, list[Hear]] = {}

    @property
    def lanes(self) -> Sequence[Lane]:
        """Those of the present file."""
        site = self._site()
        return () if site is None else site.lanes

    @property
    def rooms(self) -> Sequence[str]:
        """Those that the present file lists."""
        site = self._site()
        return () if site is None else site.rooms

    @property
    def hops(self) -> Sequence[str]:
        """Those of the present file, in the order in which a command passes them."""
        site = self._site()
        if site is None:
            return ("box",)
        servers = (driver.hop for driver in site.drivers)
        return tuple(dict.fromkeys(("mews", "box", *servers, *(lane.id for lane in site.lanes))))

    @property
    def probes(self) -> Mapping[str, Probe]:
        """Those of the box and of the present file's hops."""
        site = self._site()
        return {"box": self._box} if site is None else {**site.probes, "box": self._box}

    @property
    def cards(self) -> Sequence[str]:
        """The orders with a card to be looked after."""
        return self._loose_cards.ids

    @property
    def doors(self) -> Sequence[FileDoor]:
        """What the present file lists under [doors]."""
        site = self._site()
        return () if site is None else [FileDoor(id, door.rooms, door.areas) for id, door in site.doors.items()]

    @property
    def lock_systems(self) -> Sequence[Driver]:
        """The lock servers of the present file."""
        site = self._site()
        return () if site is None else site.lock_systems

    @property
    def name(self) -> str:
        """The box's, as the present file has it."""
        site = self._site()
        return "" if site is None else site.name

    @property
    def addresses(self) -> Sequence[str]:
        """The box's own."""
        return [address for place in places() for address in place.addresses]

    @property
    def printers(self) -> Sequence[Driver]:
        """The printers of the present file."""
        site = self._site()
        drivers = () if site is None else site.drivers
        return [driver for driver in drivers if isinstance(driver, Prints)]

    @property
    def file_printers(self) -> Sequence[Printer]:
        """What the present file lists under [[printers]]."""
        site = self._site()
        return () if site is None else site.printers

    def orders_at(self, lane: str) -> Sequence[Record]:
        """The orders of a device that are not over."""
        return [order.record for order in self._orders.under_way() if order.record.target == lane]

    async def look_around(self) -> "Look":
        """The printers that tell of themselves."""
        from agent.drivers.printing.search import look_around, usual_wire

        return await look_around(places(), is_near, usual_wire())

    @property
    def enquiries(self) -> Enquiries | None:
        """Those of the present file's Mews."""
        site = self._site()
        return None if site is None else site.enquiries

    @property
    def zone(self) -> tzinfo:
        """The present file's."""
        site = self._site()
        return UTC if site is None else site.zone

    async def audit(self) -> Audit | None:
        """Of the present file."""
        site = self._site()
        return None if site is None else await site.door_audit.audit()

    def follow(self, id: str, hear: Hear) -> Callable[[], None]:
        """Told of every step of an order, until what is returned is called."""
        self._followers.setdefault(id, []).append(hear)
        return lambda: self._unfollow(id, hear)

    def _unfollow(self, id: str, hear: Hear) -> None:
        left = [each for each in self._followers.pop(id, []) if each is not hear]
        if left:
            self._followers[id] = left

    def is_making(self, lane: str) -> bool:
        """Whether an order is in the hands of that device."""
        order = self._orders.on_lane(lane)
        return order is not None and order.record.state is State.DISPATCHED

    def record(self, id: str) -> Record | None:
        """What became of an order."""
        return self._orders.record(id)

    @property
    def cancels_keys_on_checkout(self) -> bool:
        """As the present file says."""
        site = self._site()
        return site is not None and site.cancels_keys_on_checkout

    def rms_name(self, room: str) -> str:
        """What the lock system's room management calls a room."""
        site = self._site()
        return room if site is None else site.routes.rms_name(room)

    def keys_of(self, room: str) -> Sequence[IssuedKey]:
        """The keys for a room that can be cancelled."""
        return self._pipeline.issued.of_room(room)

    def keys_of_order(self, id: str) -> Sequence[IssuedKey]:
        """The keys of an order that can be cancelled."""
        return self._pipeline.issued.of_order(id)

    def key_is_over(self, id: str) -> None:
        """That key was cancelled."""
        self._pipeline.issued.end(id)

    def now(self) -> datetime:
        """By Mews' clock, or by the box's own."""
        return self._agent.now()

    def order_key(self, order: OrderedKey, hear: Hear) -> None:
        """Put it on its lane."""
        self._hear[order.id] = hear
        encoder, copies = order.lane.identifier, order.copies
        # It joins: a key for a test must not lock the guests of the room out.
        job = KeyJob(
            encoder,
            (order.room,),
            order.areas,
            order.start,
            order.end,
            1,
            copies,
            joins=True,
            is_test=True,
            contact=order.contact,
            reservation=order.id if order.lane.is_mobile else "",  # a mobile key is for someone, here for a test
        )
        self._pipeline.order(order.lane, job, order.id, order.by)

    def order_page(self, order: OrderedPage, hear: Hear) -> None:
        """Put it on its lane."""
        self._hear[order.id] = hear
        job = PrintJob(order.lane.identifier, order.id, order.document, "application/pdf", 1)
        self._pipeline.order(order.lane, job, order.id, order.by)

    def hear(self, record: Record) -> None:
        """Something happened to an order, of the desk or not."""
        for follower in tuple(self._followers.get(record.id, ())):
            follower(record)
        hear = self._hear.get(record.id)
        if hear is not None:
            hear(record)
            if record.state in ENDS:
                del self._hear[record.id]

    def waits_for(self, id: str) -> str:
        """What an order waits for just now."""
        order = self._orders.get(id)
        return "" if order is None or order.waits_for is None else str(order.waits_for)

    def leave(self, id: str) -> bool:
        """Who gave this order went away."""
        self._hear.pop(id, None)
        record = self._pipeline.cancel(id)
        return record is None or record.state in (State.CLAIMED, State.WITHDRAWN)

    def pause(self, lane: str, by: str) -> bool:
        """Begin nothing more on a lane."""
        if lane in self._pipeline.paused:
            return False
        self._pipeline.pause(lane, by)
        return True

    def resume(self, lane: str) -> bool:
        """Go on with a lane."""
        if lane not in self._pipeline.paused:
            return False
        self._pipeline.resume(lane)
        return True

    def take_over(self) -> bool:
        """Sign in at Mews again, although another connector does."""
        site = self._site()
        return site is not None and site.connector.take_over()

    def seen(self, id: str) -> bool:
        """A person has looked after a card."""
        record = self._loose_cards.find(id)
        if record is None:
            return False
        self._pipeline.see(record)
        return True

    async def reload(self) -> str:
        """Have the file read again."""
        return await self._agent.reload_and_tell()

    async def support_bundle(self, say: Say) -> SupportBundle:
        """As the agent packs it. Raises `UserMistake` where there is none."""
        if self._bundle is None:
            raise UserMistake("Without an agent write nightporter bundle.")
        return await self._bundle(say)
