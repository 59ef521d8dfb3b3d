"""What the desk acts on: one running hotel. Protocols; the composition provides them, tests have fakes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

from agent.commands.driver import Driver, Lane
from agent.commands.issued import IssuedKey
from agent.commands.probe import Probe
from agent.commands.record import Record
from agent.control.words.bundle import SupportBundle
from agent.mews.enquiries import Enquiries
from agent.rooms.audit.findings import Audit
from provisioning.model import Printer

if TYPE_CHECKING:
    from agent.drivers.printing.nearby.found import Look

DESK_IDS = "desk-"  # what the ids of the desk's orders begin with; Mews' never do

Say: TypeAlias = Callable[[str], None]  # hears a sentence of progress; neither waits nor raises
Hear: TypeAlias = Callable[[Record], None]  # hears each step of an order; neither waits nor raises


class OrderedKey(msgspec.Struct, frozen=True):
    """A key that somebody (`by`) orders at the desk; `start` and `end` are aware, in UTC."""

    id: str
    lane: Lane
    room: str
    start: datetime
    end: datetime
    copies: int
    by: str
    areas: tuple[str, ...] = ()
    contact: str = ""

    def __repr__(self) -> str:
        return f"OrderedKey({self.id!r}, {self.lane.id!r}, {self.room!r})"


class OrderedPage(msgspec.Struct, frozen=True):
    """A test page (a PDF, without a guest in it) that somebody (`by`) has printed at the desk."""

    id: str
    lane: Lane
    document: bytes
    by: str

    def __repr__(self) -> str:
        return f"OrderedPage({self.id!r}, {self.lane.id!r})"


class FileDoor(msgspec.Struct, frozen=True):
    """What a lock id of the file's [doors] opens, by the lock system's names."""

    lock_id: str
    rooms: tuple[str, ...]
    areas: tuple[str, ...]


class Hotel(Protocol):
    """The lanes and hops of the present provisioning file, and what can be done with them."""

    @property
    def has_agent(self) -> bool:
        """Whether an agent runs it; else a verb of its own does, and what it knows may go with its end."""
        ...

    @property
    def lanes(self) -> Sequence[Lane]:
        """The encoders and printers that there are; none without a file."""
        ...

    @property
    def hops(self) -> Sequence[str]:
        """The ids of all hops, in the order in which a command passes them."""
        ...

    @property
    def probes(self) -> Mapping[str, Probe]:
        """The test of each hop that has one."""
        ...

    @property
    def cards(self) -> Sequence[str]:
        """The ids of orders with a card that a person has to look after."""
        ...

    @property
    def rooms(self) -> Sequence[str]:
        """The rooms that the file lists under [doors]; others have keys, too."""
        ...

    @property
    def doors(self) -> Sequence[FileDoor]:
        """What the file lists under [doors], in its order."""
        ...

    @property
    def lock_systems(self) -> Sequence[Driver]:
        """The lock servers of the present file, in its order."""
        ...

    @property
    def name(self) -> str:
        """The box's; "" without a file."""
        ...

    @property
    def addresses(self) -> Sequence[str]:
        """The box's own in its networks."""
        ...

    @property
    def printers(self) -> Sequence[Driver]:
        """Those of the present file that this box drives, in its order."""
        ...

    @property
    def file_printers(self) -> Sequence[Printer]:
        """What the present file lists under [[printers]]."""
        ...

    def orders_at(self, lane: str) -> Sequence[Record]:
        """The orders of a device that are not over, the most urgent first."""
        ...

    async def look_around(self) -> "Look":
        """The printers that tell of themselves in the box's own networks. Takes some seconds."""
        ...

    @property
    def enquiries(self) -> Enquiries | None:
        """What can be asked of the present file's Mews; None without a file."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The hotel's; UTC without a file."""
        ...

    async def audit(self) -> Audit | None:
        """Rooms and devices of Mews, of the file and of the lock systems, compared now; None without a file.

        Raises `MewsError` where Mews does not answer.
        """
        ...

    def follow(self, id: str, hear: Hear) -> Callable[[], None]:
        """`hear` is told each step of any order that there is or will be. What is returned ends that."""
        ...

    def is_making(self, lane: str) -> bool:
        """Whether an order is in the hands of that device just now."""
        ...

    def record(self, id: str) -> Record | None:
        """What became of an order that the box still knows."""
        ...

    @property
    def cancels_keys_on_checkout(self) -> bool:
        """Whether the keys of a room that is checked out are to be cancelled."""
        ...

    def rms_name(self, room: str) -> str:
        """What the lock system's room management calls a room that keys have by this name."""
        ...

    def keys_of(self, room: str) -> Sequence[IssuedKey]:
        """The keys for a room that can be cancelled, the newest first."""
        ...

    def keys_of_order(self, id: str) -> Sequence[IssuedKey]:
        """The keys of an order that can be cancelled, the first one first."""
        ...

    def key_is_over(self, id: str) -> None:
        """That key was cancelled."""
        ...

    def now(self) -> datetime:
        """The time in UTC: by Mews' clock, or by the box's own until Mews has told it."""
        ...

    def order_key(self, order: OrderedKey, hear: Hear) -> None:
        """Put an order on its lane. What becomes of it, `hear` is told, to the step that ends it."""
        ...

    def order_page(self, order: OrderedPage, hear: Hear) -> None:
        """The same for a test page."""
        ...

    def waits_for(self, id: str) -> str:
        """What an order waits for just now, as a page says it; empty where it does not wait."""
        ...

    def leave(self, id: str) -> bool:
        """Who gave this order went away. True: surely nothing is made for it any more.

        False: one is being made, or was, and the order goes on to its end.
        """
        ...

    def pause(self, lane: str, by: str) -> bool:
        """Begin nothing more on a lane that there is; `by` is who says so. False: it was paused already."""
        ...

    def resume(self, lane: str) -> bool:
        """Go on with a lane that there is. False: it was not paused."""
        ...

    def take_over(self) -> bool:
        """Sign in at Mews again, although another connector does. False: nothing to sign in with."""
        ...

    def seen(self, id: str) -> bool:
        """A person has looked after an order's card. False: there is no such card."""
        ...

    async def reload(self) -> str:
        """Read the provisioning file again, and go on with it if it is good; else say why it is refused."""
        ...

    async def support_bundle(self, say: Say) -> SupportBundle:
        """All that support asks for first, packed, without secrets and guests; `say` hears what is being done."""
        ...
