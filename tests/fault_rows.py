"""What brings a fault of Mews, of a lock system or of a printer about, what ends it, and how long both may take.

`tests/fault_times.py` measures it. The rows of all else are in `tests/fault_rows_of_the_box.py` and, of what takes
a certificate, a listener or who is told, in `tests/fault_rows_of_lines.py`.
"""

from collections.abc import Awaitable, Callable

import msgspec

from agent.health import lock_kinds, mews_kinds, print_kinds
from agent.health.kind import FaultKind
from agent.simulators.base.presence import Absence
from agent.simulators.mews.commands import State
from agent.simulators.mews.operations import GET_ALL_ACTIVE, SIGN_IN, UPDATE
from agent.simulators.mews.switches import Dialect, Portfolio
from tests.faults.desk import ended
from tests.print_hotel import PrintHotel

SOON = 3.0  # s; what the page promises
POLL = 2.0  # s; the default pace

Act = Callable[[PrintHotel], Awaitable[None]]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A fault, what brings it about and what ends it: each returns when the box can see it for the first time.

    `says`, `shows`, `ends`: seconds that it may take from then on until its hop says that something is amiss,
    until the page shows the code, and until that is gone; `why` where one is more than three. Without `end` it
    goes by itself, hours later, on purpose. `before` is done before the start, `more` and `values` are the file's.
    `needs` are programs; where one of them works while the agent waits, `is_real` lets time pass as it does.
    """

    kind: FaultKind
    cause: Act
    end: Act | None
    says: float = SOON
    shows: float = SOON
    ends: float = SOON
    why: str = ""
    at_start: bool = False
    dialect: Dialect = Dialect.V2016
    has_push: bool = False
    is_visionline: bool = False
    is_printer: bool = False
    changes: tuple[str, str] = ("", "")  # of the file's text, before the start
    before: Callable[[PrintHotel], None] = lambda hotel: None
    more: str = ""
    values: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    is_real: bool = False


async def heal(hotel: PrintHotel) -> None:
    """All simulators are well again."""
    for simulator in (hotel.mews, hotel.bridge, hotel.visionline, hotel.printer):
        simulator.heal()


async def heal_and_cut(hotel: PrintHotel) -> None:
    """All are well, and a key shows it."""
    await heal(hotel)
    await key(hotel, "909")


async def key(hotel: PrintHotel, room: str = "101") -> None:
    """A key is ordered, and over."""
    await ended(hotel, hotel.mews.add_key("1", [room]))


def bad_key(kind: str, keys: int = 1) -> Act:
    """Keys for which the bridge does that."""

    async def cause(hotel: PrintHotel) -> None:
        hotel.bridge.fail(kind, "guest_key")
        for number in range(keys):
            await key(hotel, f"10{number}")

    return cause


def bad_log_in(kind: str) -> Act:
    """The bridge forgets the box, does not let it in again, and a key has to find out."""

    async def cause(hotel: PrintHotel) -> None:
        hotel.bridge.fail(kind, "auth")
        hotel.bridge.tokens.end_all()
        await key(hotel)

    return cause


def failing(side: str, kind: str, *operations: str, **details: object) -> Act:
    """A server answers so from now on."""

    async def cause(hotel: PrintHotel) -> None:
        for operation in operations:
            getattr(hotel, side).fail(kind, operation, **details)

    return cause


def away(side: str, how: Absence = Absence.REFUSE) -> Act:
    """A server goes away."""

    async def cause(hotel: PrintHotel) -> None:
        getattr(hotel, side).presence.leave(how)

    return cause


def switched(side: str, **switches: object) -> Act:
    """A server behaves otherwise from now on."""

    async def cause(hotel: PrintHotel) -> None:
        getattr(hotel, side).switch(**switches)

    return cause


def file_with(old: str, new: str) -> Act:
    """A new file is put in place and read."""

    async def cause(hotel: PrintHotel) -> None:
        text = hotel.config.read_text()
        assert old in text
        hotel.config.write_text(text.replace(old, new))
        assert hotel.app is not None
        assert await hotel.app.reload_and_tell() == ""

    return cause


async def order_refused_claim(hotel: PrintHotel) -> None:
    """Three orders that Mews lets no one have."""
    hotel.mews.fail("403", UPDATE, match={"State": "Processing"})
    for number in range(3):
        await key(hotel, f"10{number}")


async def order_without_updates(hotel: PrintHotel) -> None:
    """An order, and Mews takes no word about it, twice."""
    hotel.mews.fail("500", UPDATE)
    hotel.mews.add_key("1", ["101"])
    await hotel.mews.wait_calls(UPDATE, hotel.mews.calls[UPDATE] + 2)


async def order_in_a_new_state(hotel: PrintHotel) -> None:
    """A command in a state that no document names."""
    hotel.mews.switch(unknown_state=True)
    hotel.mews.add_key("1", ["101"])


async def list_a_nameless_command(hotel: PrintHotel) -> None:
    """A command without an id."""
    hotel.mews.error_body = b'{"Commands":[{"State":"Pending"}]}'
    hotel.mews.fail("error-200", GET_ALL_ACTIVE)


async def lose_orders_to_others(hotel: PrintHotel) -> None:
    """Three orders that wait go on without the box."""
    hotel.bridge.switch(card_seconds=20.0)
    ids = [hotel.mews.add_key("1", ["101"]) for _ in range(5)]
    await hotel.mews.wait_calls(GET_ALL_ACTIVE, hotel.mews.calls[GET_ALL_ACTIVE] + 2)
    for id in ids[2:]:
        hotel.mews.set_state(id, State.PROCESSING, "another connector")


async def cancel_while_cut(hotel: PrintHotel) -> None:
    """An order is cancelled while its card is made."""
    id = hotel.mews.add_key("1", ["101"])
    await hotel.bridge.wait_calls("guest_key", hotel.bridge.calls["guest_key"] + 1)
    hotel.mews.cancel(id)
    await hotel.bridge.wait_cuts(1)


async def order_elsewhere(hotel: PrintHotel) -> None:
    """An order for a server that the file does not name."""
    await ended(hotel, hotel.order_at_visionline(ApiUrl="https://evil.example"))


async def order_here(hotel: PrintHotel) -> None:
    """All is as it was, and a key at the VisiOnline shows it."""
    await heal(hotel)
    await ended(hotel, hotel.order_at_visionline())


async def order_with_a_refused_account(hotel: PrintHotel) -> None:
    """The account that Mews sends along is gone."""
    hotel.visionline.switch(more_accounts=())
    await ended(hotel, hotel.order_at_visionline())


async def order_with_a_known_account(hotel: PrintHotel) -> None:
    """And there again."""
    hotel.visionline.switch(more_accounts=("visionline-user:visionline-password",))
    await ended(hotel, hotel.order_at_visionline())


async def order_without_rights(hotel: PrintHotel) -> None:
    """No card may be signed for."""
    hotel.visionline.fail("401", "cards")
    await ended(hotel, hotel.order_at_visionline())


async def pause(hotel: PrintHotel) -> None:
    """Somebody at the desk pauses an encoder."""
    assert hotel.app is not None
    hotel.app.pipeline.pause("encoder:1", "root")


async def resume(hotel: PrintHotel) -> None:
    """And lets it go on."""
    assert hotel.app is not None
    hotel.app.pipeline.resume("encoder:1")


async def change_password(hotel: PrintHotel) -> None:
    """The bridge has another password, and a key finds out."""
    hotel.bridge.switch(client_pw="another-one")
    hotel.bridge.tokens.end_all()
    await key(hotel)


async def change_password_back(hotel: PrintHotel) -> None:
    """It has the old one again, and a key finds out."""
    hotel.bridge.switch(client_pw="bridge-password")
    await key(hotel)


async def open_cover(hotel: PrintHotel) -> None:
    """The printer stops."""
    hotel.printer.engine.say(("cover-open-error",), is_stopping=True)


async def near_end(hotel: PrintHotel) -> None:
    """The printer goes on, for a while."""
    hotel.printer.engine.say(("toner-low-warning",))


async def be_well(hotel: PrintHotel) -> None:
    """The printer says that nothing is wrong."""
    hotel.printer.engine.say(())


async def come_back(hotel: PrintHotel) -> None:
    """Whoever was away is there."""
    for simulator in (hotel.mews, hotel.bridge, hotel.visionline):
        simulator.presence.come_back()


async def power_off(hotel: PrintHotel) -> None:
    """The printer is switched off."""
    hotel.printer.power_off()


async def power_on(hotel: PrintHotel) -> None:
    """And on."""
    hotel.printer.power_on()


LIST = "only a look at the whole list of rooms tells, so looks are a minute apart; it stops no key by itself"
LOG_IN = "only a log-in tells, and its end, so looks are a minute apart"
RETRY_AFTER = "Mews names a pause of 5 s (Retry-After), and gets it"

ROWS: tuple[Row, ...] = (
    Row(kind=mews_kinds.UNREACHABLE, cause=away("mews"), end=come_back),
    Row(
        kind=mews_kinds.SILENT,
        cause=away("mews", Absence.HANG),
        end=come_back,
        shows=6.0,
        why="a list is given 3 s at least before Mews counts as silent, for it may only be slow",
    ),
    Row(kind=mews_kinds.ANSWER, cause=failing("mews", "500", GET_ALL_ACTIVE), end=heal),
    Row(
        kind=mews_kinds.BUSY,
        cause=failing("mews", "429", GET_ALL_ACTIVE, retry_after="5"),
        end=heal,
        ends=8.0,
        why=RETRY_AFTER,
    ),
    Row(
        kind=mews_kinds.BARRED,
        cause=failing("mews", "429", GET_ALL_ACTIVE, retry_after="5"),
        end=heal,
        shows=70.0,
        ends=8.0,
        why=f"for the first minute it is a pause like any other (E-MEWS-BUSY); {RETRY_AFTER}",
    ),
    Row(kind=mews_kinds.TOKEN, cause=failing("mews", "401", GET_ALL_ACTIVE, SIGN_IN), end=heal),
    Row(kind=mews_kinds.DISABLED, cause=failing("mews", "401", GET_ALL_ACTIVE), end=heal),
    Row(
        kind=mews_kinds.RIVAL,
        cause=switched("mews", rival_seconds=1.0),
        end=switched("mews", rival_seconds=None),
        at_start=True,
        ends=310.0,
        why="two boxes must never throw each other out in a loop: the pauses grow, and it is over once a session "
        "has lasted a minute",
    ),
    Row(
        kind=mews_kinds.NO_DATE,
        cause=switched("mews", date_header=False),
        end=switched("mews", date_header=True),
        at_start=True,
    ),
    Row(kind=mews_kinds.COMMAND, cause=list_a_nameless_command, end=heal),
    Row(kind=mews_kinds.STATE, cause=order_in_a_new_state, end=switched("mews", unknown_state=False)),
    Row(
        kind=mews_kinds.DISCONTINUED,
        cause=failing("mews", "410", GET_ALL_ACTIVE),
        end=heal,
        dialect=Dialect.CURRENT,
    ),
    Row(
        kind=mews_kinds.PORTFOLIO,
        cause=switched("mews", portfolio=Portfolio.DOCUMENTED),
        end=switched("mews", portfolio=Portfolio.NO),
        at_start=True,
        dialect=Dialect.CURRENT,
    ),
    Row(
        kind=mews_kinds.ZONE,
        cause=switched("mews", zone="Europe/London"),
        end=switched("mews", zone="Europe/Vienna"),
        at_start=True,
        dialect=Dialect.CURRENT,
    ),
    Row(
        kind=mews_kinds.CLOCK,
        cause=switched("mews", clock_offset_seconds=600.0),
        end=switched("mews", clock_offset_seconds=0.0),
        at_start=True,
        dialect=Dialect.CURRENT,
        says=63.0,
        shows=63.0,
        why="a time server may set the box's clock right within a minute, and keys go by Mews' clock",
    ),
    Row(kind=mews_kinds.UPDATE, cause=order_without_updates, end=heal),
    Row(kind=mews_kinds.CLAIM, cause=order_refused_claim, end=heal_and_cut),
    Row(
        kind=mews_kinds.SHARED,
        cause=lose_orders_to_others,
        end=come_back,
        ends=640.0,
        why="what was seen holds for ten minutes, for it may go on",
    ),
    Row(
        kind=mews_kinds.PUSH,
        cause=switched("mews", push=False),
        end=switched("mews", push=True),
        at_start=True,
        dialect=Dialect.CURRENT,
        has_push=True,
        says=63.0,
        shows=63.0,
        ends=100.0,
        why="an update of Mews closes all hotels' lines, and is over within a minute: each new try is a call of "
        "the budget and stops no key, for the box polls meanwhile",
    ),
    Row(kind=lock_kinds.UNREACHABLE, cause=away("bridge"), end=come_back),
    Row(
        kind=lock_kinds.WEB_API,
        cause=away("visionline"),
        end=come_back,
        is_visionline=True,
    ),
    Row(
        kind=lock_kinds.SILENT,
        cause=away("bridge", Absence.HANG),
        end=come_back,
        shows=9.0,
        why="its program may only be slow, so that a look gives it 5 s",
    ),
    Row(kind=lock_kinds.ADDRESS, cause=bad_log_in("redirect"), end=heal_and_cut),
    Row(kind=lock_kinds.AUTH, cause=change_password, end=change_password_back),
    Row(kind=lock_kinds.ANSWER, cause=bad_log_in("html-200"), end=heal_and_cut),
    Row(kind=lock_kinds.KEY_ANSWER, cause=bad_key("html-500"), end=heal_and_cut),
    Row(kind=lock_kinds.KEYS, cause=bad_key("html-500", 3), end=heal_and_cut),
    Row(
        kind=lock_kinds.ROOMS,
        cause=failing("bridge", "404", "config_rooms"),
        end=heal,
        says=63.0,
        shows=63.0,
        why=LIST,
    ),
    Row(
        kind=lock_kinds.SIGNATURE,
        cause=failing("visionline", "403", "log-out", "doors"),
        end=heal,
        is_visionline=True,
        says=63.0,
        shows=63.0,
        why=f"{LOG_IN}; a key that is refused is told at once",
    ),
    Row(
        kind=lock_kinds.SESSIONS,
        cause=failing("visionline", "401", "log-out"),
        end=heal,
        is_visionline=True,
        says=63.0,
        shows=63.0,
        why=f"{LOG_IN}; it stops no key by itself",
    ),
    Row(kind=lock_kinds.RIGHTS, cause=order_without_rights, end=order_here, is_visionline=True),
    Row(kind=lock_kinds.OTHER_SERVER, cause=order_elsewhere, end=order_here, is_visionline=True),
    Row(
        kind=lock_kinds.ORDER_LOG_IN,
        cause=order_with_a_refused_account,
        end=order_with_a_known_account,
        is_visionline=True,
    ),
    Row(
        kind=lock_kinds.INACTIVE,
        cause=file_with("\nactive = true\nserver", "\nactive = false\nserver"),
        end=file_with("\nactive = false\nserver", "\nactive = true\nserver"),
    ),
    Row(
        kind=lock_kinds.PROFILE,
        cause=file_with("allow_unconfirmed = true", "allow_unconfirmed = false"),
        end=file_with("allow_unconfirmed = false", "allow_unconfirmed = true"),
    ),
    Row(
        kind=lock_kinds.UNCONFIRMED,
        changes=("allow_unconfirmed = true", "allow_unconfirmed = false"),
        cause=file_with("allow_unconfirmed = false", "allow_unconfirmed = true"),
        end=file_with("allow_unconfirmed = true", "allow_unconfirmed = false"),
    ),
    Row(kind=lock_kinds.ENCODER, cause=bad_key("bad-request", 2), end=heal_and_cut),
    Row(kind=lock_kinds.PAUSED, cause=pause, end=resume),
    Row(
        kind=lock_kinds.KEY_PERHAPS,
        cause=bad_key("drop"),
        end=None,
        why="a card may lie there until the next day, or until somebody says at the desk what became of it",
    ),
    Row(
        kind=lock_kinds.KEY_UNWANTED,
        cause=cancel_while_cut,
        end=None,
        why="a card may lie there until the next day, or until somebody says at the desk what became of it",
    ),
    Row(
        kind=print_kinds.UNREACHABLE,
        cause=power_off,
        end=power_on,
        is_printer=True,
    ),
    Row(
        kind=print_kinds.SILENT,
        cause=failing("printer", "500", "get-printer-attributes"),
        end=heal,
        is_printer=True,
    ),
    Row(
        kind=print_kinds.ADDRESS,
        cause=failing("printer", "404", "get-printer-attributes"),
        end=heal,
        is_printer=True,
    ),
    Row(
        kind=print_kinds.STOPPED,
        cause=open_cover,
        end=be_well,
        is_printer=True,
    ),
    Row(
        kind=print_kinds.SOON,
        cause=near_end,
        end=be_well,
        is_printer=True,
    ),
)
