"""The verbs about Mews at the desk: what they show, what they say where something is missing, an order's way."""

import msgspec
import pytest
import trio

from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.record import Record
from agent.control.acts import NOT_BEGUN
from agent.control.words.told import End, Line, Result, Table
from agent.foundation.errors import UserMistake
from agent.mews.calls import Failed, Refused
from agent.mews.records import Money, Spaces, Stays, StayState
from tests.control.fake_hotel import FAILED
from tests.control.fake_mews import CATEGORY, CUTTER, JANE, ROOM, STAY, SUITE, Old, SignedIn, Today, enquiries
from tests.control.test_desk import Bench

ORDER = ("mews", "order", "--cutter", CUTTER.id, "--room", "101")


@pytest.fixture
def mews() -> Today:
    return Today()


@pytest.fixture
def bench(mews: Today) -> Bench:
    bench = Bench()
    bench.hotel.enquiries = enquiries(mews)
    return bench


def table(bench: Bench) -> Table:
    [found] = [told for told in bench.told if isinstance(told, Table)]
    return found


def lines(bench: Bench) -> list[str]:
    return [told.text for told in bench.told if isinstance(told, Line)]


async def test_the_test_of_mews_tells_which_hotel_it_is(bench: Bench) -> None:
    assert await bench.ask("mews", "test") == Result(
        End.DONE, "1 step went well. It is Hotel Aurora (e1), in the time zone Europe/Vienna."
    )


@pytest.mark.parametrize(
    ("words", "columns", "rows", "text"),
    [
        (
            ("commands",),
            ("COMMAND", "STATE", "TYPE", "DEVICE", "ORDERED"),
            (("c-1", "new", "KeyCutter", "Front desk", "2026-11-25 15:00"),),
            "1 command.",
        ),
        (
            ("spaces",),
            ("ROOM", "KIND", "IN", "STATE", "CATEGORY"),
            (
                ("9", "room", "", "not in use", "Best Room"),
                ("101", "room", "", "clean", "Best Room"),
                ("101-A", "bed", "101", "dirty", "Best Room"),
            ),
            "3 spaces.",
        ),
        (
            ("reservations",),
            ("NUMBER", "STATE", "ROOM", "FROM", "TO"),
            (("123", "started", "101", "2026-11-25 15:00", "2026-11-28 11:00"),),
            "1 reservation.",
        ),
        (
            ("reservations", "--names"),
            ("NUMBER", "STATE", "ROOM", "FROM", "TO", "GUESTS"),
            (("123", "started", "101", "2026-11-25 15:00", "2026-11-28 11:00", "Jane Canary-Smith"),),
            "1 reservation.",
        ),
        (
            ("reservations", "--names", "--all"),
            (
                *("NUMBER", "STATE", "ROOM", "FROM", "TO"),
                *("RESERVATION", "OWNER", "GROUP", "CHANNEL", "MANAGER", "SEGMENT", "AGENCY", "GUESTS"),
            ),
            (
                (
                    *("123", "started", "101", "2026-11-25 15:00", "2026-11-28 11:00"),
                    *("r1", "jane", "g1", "5551", "m-7", "b1", "t1", "Jane Canary-Smith"),
                ),
            ),
            "1 reservation.",
        ),
        (
            ("devices",),
            ("DEVICE", "TYPE", "NAME", "IDENTIFIER"),
            ((CUTTER.id, "KeyCutter", "Front desk", "1"), ("p1", "Printer", "Office", "Office")),
            "2 devices.",
        ),
    ],
)
async def test_what_mews_has_is_one_table_and_no_act(
    bench: Bench, words: tuple[str, ...], columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], text: str
) -> None:
    assert await bench.ask("mews", *words) == Result(End.DONE, text)
    assert table(bench) == Table(columns, rows)
    assert bench.rows.acts == {}


async def test_without_being_asked_for_no_name_of_a_guest_is_told(bench: Bench) -> None:
    await bench.ask("mews", "reservations")
    assert not any("Canary" in repr(told) or "canary" in repr(told) for told in bench.told)


async def test_days_are_days_of_the_hotel(bench: Bench, mews: Today) -> None:
    await bench.ask("mews", "reservations", "--from", "2026-03-28", "--to", "2026-03-29")  # the clock goes forward
    [(start, end)] = [asked for asked in mews.asked if len(asked) == 2]
    assert (str(start), str(end)) == ("2026-03-28 00:00:00+01:00", "2026-03-29 23:59:59+02:00")


@pytest.mark.parametrize("day", ["28.3.2026", "2026-02-30", "0001-01-01", "tomorrow", ""])
async def test_a_day_that_is_none_is_refused_in_one_sentence(bench: Bench, day: str) -> None:
    with pytest.raises(UserMistake, match=r"like 2026-11-26|a word in plain letters"):
        await bench.ask("mews", "reservations", "--from", day)


@pytest.mark.parametrize(
    ("money", "text"),
    [("12.50", "12.50 EUR are owed."), ("0", "Nothing is owed: the balance is 0 EUR."), ("-3", None)],
)
async def test_a_balance_is_said_in_its_own_currency(
    bench: Bench, mews: Today, money: str, text: str | None
) -> None:
    mews.money = msgspec.convert({"value": money, "currency": "EUR"}, Money)
    result = await bench.ask("mews", "balance", "jane", "--currency", "eur")
    assert result == Result(End.DONE, text or "Nothing is owed: the balance is -3 EUR.")
    assert mews.asked == [("jane", "EUR")]


@pytest.mark.parametrize("verb", ["spaces", "reservations", "devices", "balance jane", ORDER])
async def test_what_the_dialect_cannot_tell_is_said(verb: str | tuple[str, ...]) -> None:
    bench = Bench()
    bench.hotel.enquiries = enquiries(Old())
    result = await bench.ask(*(verb if isinstance(verb, tuple) else ("mews", *verb.split())))
    assert result.end is End.FAILED
    assert result.text.startswith("This dialect of Mews cannot tell ")


async def test_the_dialect_of_2016_is_tested_all_the_same() -> None:
    bench = Bench()
    bench.hotel.enquiries = enquiries(Old())
    text = "1 step went well. Mews tells which hotel it is only at a sign-in, and there was none."
    assert await bench.ask("mews", "test") == Result(End.DONE, text)
    bench.hotel.enquiries = enquiries(SignedIn())
    assert await bench.ask("mews", "test") == Result(End.DONE, "1 step went well. It is Hotel Aurora (e1).")


async def test_days_from_the_last_to_the_first_are_a_mistake_and_mews_is_not_asked(
    bench: Bench, mews: Today
) -> None:
    result = await bench.ask("mews", "reservations", "--from", "2026-12-02", "--to", "2026-12-01")
    text = "The last day is before the first: write the first behind --from."
    assert (result, mews.asked) == (Result(End.FAILED, text), [])


async def test_names_that_mews_did_not_tell_are_said_to_be_missing(bench: Bench, mews: Today) -> None:
    nameless = msgspec.structs.replace(STAY, customer=None, companions=())
    mews.found = Stays((nameless,))
    await bench.ask("mews", "reservations", "--names")
    assert lines(bench) == ["Mews told no guest's name with them: in today's dialect it does not."]
    assert table(bench).columns == ("NUMBER", "STATE", "ROOM", "FROM", "TO")


@pytest.mark.parametrize("words", ["test", "commands", "spaces", "reservations", "devices", "balance jane"])
async def test_without_a_file_there_is_no_mews_to_ask(words: str) -> None:
    result = await Bench().ask("mews", *words.split())
    assert (result.end, "no provisioning file" in result.text) == (End.FAILED, True)


async def test_mews_own_words_for_staff_are_passed_on(bench: Bench, mews: Today) -> None:
    mews.error = Refused(403, "this property is closed for the season")
    assert await bench.ask("mews", "spaces") == Result(End.FAILED, "This property is closed for the season.")


# -- an order -----------------------------------------------------------------------------------------------------


async def followed(bench: Bench) -> None:
    """Wait until the order is followed."""
    while "c-9" not in bench.hotel.followers:  # noqa: ASYNC110 - a fact of another task
        await trio.sleep(0.01)


def step(bench: Bench, record: Record) -> None:
    bench.hotel.records[record.id] = record
    bench.hotel.followers[record.id](record)


@pytest.mark.parametrize("cutter", [CUTTER.id, CUTTER.id.lower(), "1", "front desk", f"{{{CUTTER.id}}}"])
async def test_an_order_is_followed_from_mews_to_the_encoder(
    bench: Bench, mews: Today, cutter: str, autojump_clock: object
) -> None:
    results = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            results.append(await bench.ask("mews", "order", "--cutter", cutter, "--room", "101", "--copies", "2"))

        nursery.start_soon(ask)
        await followed(bench)
        record = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1).claim(1)
        step(bench, record)
        await trio.sleep(0.1)
        record = record.dispatch(1)
        step(bench, record)
        await trio.sleep(0.1)
        step(bench, record.end(Outcome(Verdict.DONE), 2).report(3))
    assert results == [Result(End.DONE, results[0].text)]
    assert mews.asked[-1] == (CUTTER.id, STAY.id, 2)
    assert lines(bench) == [
        "Orders at Front desk for reservation 123, started, in room 101 until 2026-11-28 11:00.",
        "Mews has it as command c-9; waits for Mews to list it to this box.",
        "The box has it, and Mews was told.",
        "The encoder is asked (encoder:1): present a card.",
    ]
    assert bench.hotel.followers == {}


async def test_an_order_that_fails_says_why(bench: Bench, autojump_clock: object) -> None:
    results = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            results.append(await bench.ask(*ORDER))

        nursery.start_soon(ask)
        await followed(bench)
        record = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1).claim(1).dispatch(1)
        step(bench, record.end(FAILED, 2).report(3))
    assert results[0].end is End.FAILED
    assert "no card was presented" in results[0].text


@pytest.mark.parametrize("is_claimed", [False, True])
async def test_an_order_that_is_cancelled_while_it_is_followed_is_said_so(
    bench: Bench, autojump_clock: object, is_claimed: bool
) -> None:
    results = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            results.append(await bench.ask(*ORDER))

        nursery.start_soon(ask)
        await followed(bench)
        record = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1)
        record = record.claim(1) if is_claimed else record
        step(bench, record)
        await trio.sleep(1)
        withdrawn = record.withdraw(2)
        del bench.hotel.records["c-9"]  # the box forgets it, as one that was never its own
        bench.hotel.followers["c-9"](withdrawn)
    assert results == [Result(End.FAILED, NOT_BEGUN)]


async def test_an_order_that_comes_again_after_it_was_withdrawn_is_followed_on(
    bench: Bench, autojump_clock: object
) -> None:
    results = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            results.append(await bench.ask(*ORDER))

        nursery.start_soon(ask)
        await followed(bench)
        record = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1)
        bench.hotel.followers["c-9"](record.withdraw(2))
        step(bench, record)
        await trio.sleep(300)
        step(bench, record.claim(3).dispatch(1).end(Outcome(Verdict.DONE), 4).report(5))
    assert results[0].end is End.DONE


async def test_an_order_that_a_new_file_drops_and_mews_lists_no_more_is_not_waited_for_for_ever(
    bench: Bench, autojump_clock: object
) -> None:
    results = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            results.append(await bench.ask(*ORDER))

        nursery.start_soon(ask)
        await followed(bench)
        record = Record("c-9", CUTTER.name, Kind.KEY, "encoder:1", "101", 1)
        step(bench, record)
        await trio.sleep(1)
        del bench.hotel.records["c-9"]
        bench.hotel.followers["c-9"](record.set_back())
    assert (results[0].end, "Was it cancelled in Mews?" in results[0].text) == (End.PERHAPS, True)


async def test_of_two_rooms_of_one_number_the_id_says_which(
    bench: Bench, mews: Today, autojump_clock: object
) -> None:
    mews.listed_spaces = Spaces((ROOM, msgspec.structs.replace(ROOM, id="s101x")), (CATEGORY,))
    result = await bench.ask(*ORDER)
    words = "Mews has 2 rooms 101. Write the id of one in its place: s101, s101x. Nothing was ordered."
    assert result == Result(End.FAILED, words)
    await bench.ask(*ORDER[:-1], "S101")
    assert mews.asked[-1] == (CUTTER.id, STAY.id, 1)


async def test_an_order_that_this_box_never_hears_of_is_said_so(bench: Bench, autojump_clock: object) -> None:
    result = await bench.ask(*ORDER)
    assert (result.end, "linked to this connector" in result.text) == (End.PERHAPS, True)


@pytest.mark.parametrize(
    ("cutter", "room", "words"),
    [
        ("7", "101", f"Mews has no key cutter 7, or several. Write one of {CUTTER.id}."),
        ("p1", "101", f"Mews has no key cutter p1, or several. Write one of {CUTTER.id}."),
        ("1", "999", "Mews has no room 999. Write one as nightporter mews spaces shows it."),
        ("1", SUITE.number, "Mews has no room 9. Write one as nightporter mews spaces shows it."),
        ("1", "101-A", "Room 101-A has no reservation for now that has begun or is confirmed."),
    ],
)
async def test_what_an_order_names_has_to_be_there(
    bench: Bench, mews: Today, cutter: str, room: str, words: str
) -> None:
    result = await bench.ask("mews", "order", "--cutter", cutter, "--room", room)
    assert result == Result(End.FAILED, f"{words} Nothing was ordered.")
    assert len(mews.asked[-1]) < 3


@pytest.mark.parametrize(
    ("states", "chosen"),
    [
        ((StayState.CONFIRMED, StayState.STARTED), 1),
        ((StayState.PROCESSED, StayState.CONFIRMED), 1),
        ((StayState.CANCELED, StayState.STARTED), 1),
    ],
)
async def test_who_is_in_house_comes_before_who_is_expected(
    bench: Bench, mews: Today, states: tuple[StayState, ...], chosen: int, autojump_clock: object
) -> None:
    stays = [msgspec.structs.replace(STAY, id=f"r{at}", state=state) for at, state in enumerate(states)]
    mews.found = Stays(tuple(stays))
    await bench.ask(*ORDER)
    assert mews.asked[-1] == (CUTTER.id, f"r{chosen}", 1)


async def test_an_order_whose_answer_was_lost_may_have_been_given(bench: Bench, mews: Today) -> None:
    class Lost(Today):
        async def order_key(self, token: object, device: str, stay: str, copies: int) -> str:
            raise Failed("the answer was lost")

    bench.hotel.enquiries = enquiries(Lost())
    result = await bench.ask(*ORDER)
    assert result.text == "The answer was lost. It may have been ordered all the same: look in Mews."
    assert result.end is not End.DONE


@pytest.mark.parametrize("missing", [("--cutter", "1"), ("--room", "101"), ()])
async def test_an_order_wants_both_its_flags(bench: Bench, missing: tuple[str, ...]) -> None:
    with pytest.raises(UserMistake, match="missing: write mews order --cutter ID --room ROOM"):
        await bench.ask("mews", "order", *missing)


def test_a_guest_is_in_no_repr() -> None:
    assert "anary" not in f"{JANE!r}{STAY!r}{ROOM!r}"
