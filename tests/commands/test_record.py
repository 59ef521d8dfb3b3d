"""A command's row: what each event writes into it, and what stays."""

import msgspec
import pytest

from agent.commands.lifecycle import NotInTable, State
from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.notes import AGAIN, UNWANTED
from agent.commands.record import Record

NEW = Record("id-1", "Encoder", Kind.KEY, "encoder:1", "101", copies=3, created=1000)
DONE = Outcome(Verdict.DONE)
FAILED = Outcome(Verdict.FAILED, "E-KEY-REFUSED", "Key not cut", "no card came", AGAIN)
UNKNOWN = Outcome(Verdict.UNKNOWN, "E-KEY-UNKNOWN", "The key may have been cut", "nothing came back", "Look.")
CLAIMED = NEW.claim(1010)


def changes(before: Record, after: Record) -> dict[str, object]:
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)  # by the names of their columns
    return {name: new[name] for name in new if new[name] != old[name]}


def test_a_claim_notes_its_time() -> None:
    assert changes(NEW, CLAIMED) == {"state": State.CLAIMED, "claimed": 1010}


def test_the_first_copy_is_dispatched_before_any_is_cut() -> None:
    assert changes(CLAIMED, CLAIMED.dispatch(1)) == {"state": State.DISPATCHED, "copy": 1}


def test_a_later_copy_says_that_the_earlier_ones_are_cut() -> None:
    assert changes(CLAIMED.dispatch(1), CLAIMED.dispatch(1).dispatch(3)) == {"copy": 3, "cut": 2}


def test_a_copy_that_is_made_counts() -> None:
    assert changes(CLAIMED.dispatch(2), CLAIMED.dispatch(2).make()) == {"cut": 2}


def test_success_means_that_all_copies_are_cut() -> None:
    dispatched = CLAIMED.dispatch(3)
    assert changes(dispatched, dispatched.end(DONE, 1020)) == {
        "state": State.DONE,
        "verdict": "done",
        "cut": 3,
        "ended": 1020,
    }


def test_a_failure_before_the_first_card_keeps_its_words() -> None:
    assert (
        CLAIMED.dispatch(1).end(FAILED, 1020).note
        == FAILED.note
        == "Key not cut: no card came. Please order the key again."
    )


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (FAILED, "2 of 3 keys cut, the third was not: order 1 more. No card came."),
        (UNKNOWN, "2 of 3 keys cut, the third perhaps cut: nothing came back. Look."),
    ],
)
def test_an_order_that_stops_half_way_says_how_many_are_cut(outcome: Outcome, said: str) -> None:
    assert CLAIMED.dispatch(3).end(outcome, 1020).note == said


@pytest.mark.parametrize(("outcome", "state"), [(FAILED, State.FAILED), (UNKNOWN, State.UNKNOWN)])
def test_a_failed_copy_is_not_counted_as_cut(outcome: Outcome, state: State) -> None:
    ended = CLAIMED.dispatch(2).end(outcome, 1020)
    assert (ended.state, ended.verdict, ended.code, ended.made) == (state, outcome.verdict, outcome.code, 1)


def test_a_claim_can_fail_before_anything_was_dispatched() -> None:
    assert CLAIMED.end(FAILED, 1020).state is State.FAILED


def test_a_claim_alone_cannot_have_cut_a_key() -> None:
    with pytest.raises(NotInTable):
        CLAIMED.end(UNKNOWN, 1020)


def test_a_command_that_nobody_claimed_can_be_refused() -> None:
    refused = NEW.refuse(FAILED, 1005)
    assert (refused.state, refused.note, refused.claimed, refused.ended) == (State.FAILED, FAILED.note, 0, 1005)


def test_a_withdrawn_command_notes_when() -> None:
    assert changes(NEW, NEW.withdraw(1005)) == {"state": State.WITHDRAWN, "ended": 1005}


def test_a_report_keeps_the_verdict() -> None:
    ended = CLAIMED.dispatch(1).end(UNKNOWN, 1020)
    assert changes(ended, ended.report(1030)) == {"state": State.REPORTED, "reported": 1030}


def test_nothing_can_be_reported_twice() -> None:
    reported = NEW.refuse(FAILED, 1005).report(1006)
    with pytest.raises(NotInTable):
        reported.report(1007)


@pytest.mark.parametrize("outcome", [DONE, FAILED, UNKNOWN])
def test_a_result_that_its_origin_forgot_is_owed_as_it_was(outcome: Outcome) -> None:
    ended = CLAIMED.dispatch(3).end(outcome, 1020)
    assert changes(ended, ended.report(1030).forgotten()) == {"reported": 1030}


def test_a_refusal_that_only_the_row_will_know_has_a_time_of_a_claim() -> None:
    refused = NEW.refuse(FAILED, 1020)
    assert changes(refused, refused.remember(1030)) == {"claimed": 1030}


def test_cards_that_mews_does_not_take_are_loose_until_they_were_seen() -> None:
    done = CLAIMED.dispatch(3).end(DONE, 1020)
    unwanted = done.disown()
    assert (done.is_loose, unwanted.is_loose, unwanted.code) == (False, True, UNWANTED)
    assert unwanted.note.startswith("3 cards were cut, and Mews does not take the result")
    assert not unwanted.see(1040).is_loose


def test_a_result_that_mews_takes_after_all_is_told_as_before() -> None:
    done = CLAIMED.dispatch(3).end(DONE, 1020)
    assert done.disown().own(done) == done


def test_a_key_that_was_perhaps_cut_is_loose_also_when_it_was_reported() -> None:
    unknown = CLAIMED.dispatch(1).end(UNKNOWN, 1020)
    assert (unknown.is_loose, unknown.report(1030).is_loose) == (True, True)
    assert unknown.disown().note.startswith("A card was perhaps cut")


def test_a_refused_event_changes_nothing() -> None:
    with pytest.raises(NotInTable):
        NEW.dispatch(1)
    assert NEW.state is State.WAITING


@pytest.mark.parametrize(
    ("record", "is_open"),
    [
        (NEW, False),
        (CLAIMED, True),
        (CLAIMED.dispatch(1), True),
        (CLAIMED.end(FAILED, 1020), True),
        (CLAIMED.withdraw(1020), False),
        (CLAIMED.end(FAILED, 1020).report(1030), False),
    ],
)
def test_a_record_is_open_while_mews_is_owed_something(record: Record, is_open: bool) -> None:
    assert record.is_open is is_open


def row(**words: object) -> dict[str, object]:
    return {**msgspec.to_builtins(CLAIMED.dispatch(2)), **words}


@pytest.mark.parametrize(
    "record",
    [
        NEW,
        CLAIMED,
        CLAIMED.dispatch(2),
        CLAIMED.withdraw(1020),
        *(CLAIMED.dispatch(1).end(outcome, 1020) for outcome in (DONE, FAILED, UNKNOWN)),
        *(CLAIMED.dispatch(1).end(outcome, 1020).report(1030) for outcome in (DONE, FAILED, UNKNOWN)),
    ],
)
def test_a_row_is_read_back_as_the_record_that_it_was(record: Record) -> None:
    assert Record.from_row(msgspec.to_builtins(record)) == record


@pytest.mark.parametrize(
    ("words", "state", "verdict"),
    [
        ({"state": "dreaming"}, State.DISPATCHED, ""),
        ({"state": "dreaming", "copy": 0, "cut": 0}, State.DISPATCHED, ""),
        ({"state": "dreaming", "verdict": "perfect"}, State.DISPATCHED, ""),
        ({"state": "dreaming", "verdict": "done"}, State.DONE, "done"),
        ({"state": "dreaming", "verdict": "failed"}, State.FAILED, "failed"),
        ({"state": "dreaming", "verdict": "done", "reported": 1040}, State.REPORTED, "done"),
        ({"state": "dreaming", "verdict": "", "reported": 1040}, State.REPORTED, "unknown"),
        ({"state": "reported", "verdict": "perfect", "reported": 1040}, State.REPORTED, "unknown"),
        ({"state": "failed", "verdict": "perfect"}, State.FAILED, "failed"),
        ({"state": "dispatched", "verdict": "perfect"}, State.DISPATCHED, ""),
    ],
)
def test_a_newer_versions_words_are_read_as_perhaps_cut_unless_ours_beside_them_say_more(
    words: dict[str, object], state: State, verdict: str
) -> None:
    record = Record.from_row(row(**words))
    assert (record.state, record.verdict) == (state, verdict)


def test_a_newer_versions_kind_is_some_other_kind() -> None:
    assert Record.from_row(row(kind="elevator")).kind is Kind.OTHER


DAMAGES: list[dict[str, object]] = [
    {"copies": "many"},
    {"copies": -1},
    {"cut": 2**62},
    {"state": b"\xff"},
    {"verdict": 7},
    {"note": None},
    {"room": "1\x1b[31m"},
    {"created": 10**15},
    {"ended": -(10**12)},
]


@pytest.mark.parametrize("damage", [*DAMAGES, {"id": ""}])
def test_a_damaged_row_is_no_newer_versions_row(damage: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        Record.from_row(row(**damage))


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_left_of_a_damaged_row_is_kept_and_counts_as_perhaps_cut(damage: dict[str, object]) -> None:
    left = Record.salvaged(row(**damage))
    assert left is not None
    assert left.state is State.DISPATCHED
    assert changes(CLAIMED.dispatch(2), left).keys() <= damage.keys()


@pytest.mark.parametrize("damage", DAMAGES[5:])
@pytest.mark.parametrize("state", [State.REPORTED, State.WITHDRAWN])
def test_a_damaged_row_of_what_has_ended_owes_nothing(state: State, damage: dict[str, object]) -> None:
    left = Record.salvaged(row(state=str(state), **damage))
    assert left is not None
    assert not left.is_open


def test_a_row_that_was_reported_owes_nothing_even_without_its_state() -> None:
    left = Record.salvaged(row(state=b"\xff", reported=1040))
    assert left is not None
    assert (left.state, left.verdict) == (State.REPORTED, "unknown")


@pytest.mark.parametrize("id", ["", None, 7, b"\xff", "a\x00"])
def test_nothing_is_left_of_a_row_without_its_id(id: object) -> None:
    assert Record.salvaged(row(id=id)) is None
