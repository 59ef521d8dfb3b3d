"""What the room management is told, decided by value: once each, in order, the newest state of a room alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.model import Outcome, Verdict
from agent.journal.rows.kept_rooms import KeptRoom, kept_room
from agent.rooms.sync.plan import plan as words
from agent.rooms.sync.plan.house import MARGIN_SECONDS, NO_ROOM, NOT_LISTED
from agent.rooms.sync.plan.places import Sighting
from agent.rooms.sync.plan.plan import Act, Answer, Plan, Status, answer_of
from agent.rooms.sync.plan.states import RoomState
from tests.rooms.sync.peers import DONE, LOST, NOT_REACHED, REFUSED

D, R, M, L = Answer.DONE, Answer.REFUSED, Answer.MISSED, Answer.LOST


def there(stay: str, *rooms: str, at: float = 0.0) -> Sighting:
    return Sighting(stay, True, rooms, at)


def gone(stay: str, at: float = 0.0) -> Sighting:
    return Sighting(stay, False, (), at)


class Desk:
    """A plan, the journal's rows, and a clock that goes to the next thing to do."""

    def __init__(self, *rows: KeptRoom, cancels_keys: bool = False) -> None:
        self.plan = Plan(iter(rows), cancels_keys=cancels_keys)
        self.now = 0.0
        self.rows = {row.id: row for row in rows}

    def step(self, answer: Answer = D, reason: str = "no") -> str:
        """Do what is due first; "" while nothing is."""
        step = self.plan.next(self.now)
        if step is None:
            return ""
        intent = self.plan.intent(step)
        if intent is not None:
            self._take(intent)
        if step.act is not Act.NOTE:
            self._take(self.plan.end(step, answer, reason, self.now))
        return f"{step.act} {step.room} {step.stay}".strip()

    def _take(self, row: KeptRoom) -> None:
        self.plan.take(row)
        self.rows[row.id] = row

    def all(self, *answers: Answer) -> list[str]:
        """What is done until nothing waits any more."""
        done, left = list[str](), list(answers)
        while (pause := self.plan.pause(self.now)) != float("inf"):
            assert len(done) < 100
            self.now += pause
            done.append(self.step(left.pop(0) if left else D))
        return done

    def state(self, room: str) -> tuple[str, tuple[str, ...]]:
        row = self.rows[room]
        return row.state, row.stay_ids


def look(
    desk: Desk, *seen: Sighting, found: tuple[Sighting, ...] = (), now: float = 0.0, is_whole: bool = True
) -> Desk:
    desk.plan.look(seen)
    desk.plan.miss(seen, found, now, is_whole=is_whole)
    return desk


def until(stay: str, room: str, end: float) -> Sighting:
    return Sighting(stay, True, (room,), end=end)


def test_nothing_is_told_before_a_whole_look() -> None:
    desk = Desk(kept_room("101", "in", ("a",)))
    desk.plan.change([gone("a")])
    assert (desk.step(), desk.plan.pause(0)) == ("", float("inf"))
    assert look(desk, gone("a")).all() == ["out 101"]


def test_a_first_look_checks_in_each_taken_room_once_in_order_and_none_out() -> None:
    desk = look(Desk(), there("b", "102", at=2), there("a", "101", at=1), gone("c", at=0))
    assert desk.plan.status == Status(taken=2, waiting=2, is_informed=True)
    assert desk.all() == ["in 101", "in 102"]
    assert desk.now == words.CALL_SECONDS * 1
    assert look(desk, there("b", "102"), there("a", "101")).all() == []


def test_a_stay_begins_moves_and_ends() -> None:
    desk = look(Desk())
    desk.plan.change([there("a", "101")])
    assert desk.all() == ["in 101"]
    assert desk.state("101") == ("in", ("a",))
    desk.plan.change([there("a", "102", at=1)])
    assert sorted(desk.all()) == ["in 102", "out 101"]
    desk.plan.change([gone("a")])
    assert desk.all() == ["out 102"]
    assert desk.plan.rows == ()


def test_a_room_with_two_stays_is_out_when_the_last_has_gone() -> None:
    desk = look(Desk(), there("a", "7"), there("b", "7"))
    assert desk.all() == ["in 7"]
    desk.plan.change([gone("a")])
    assert desk.all() == ["note 7"]
    assert desk.state("7") == ("in", ("b",))
    desk.plan.change([gone("b")])
    assert desk.all() == ["out 7"]


def test_what_began_and_ended_meanwhile_is_not_told() -> None:
    desk = look(Desk())
    desk.plan.change([there("a", "101")])
    desk.plan.change([gone("a")])
    assert desk.all() == []


def test_a_turnover_that_was_missed_is_noted_and_not_told() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",))), gone("a"), there("b", "101"))
    assert desk.all() == ["note 101"]
    assert desk.state("101") == ("in", ("b",))


def test_a_state_that_this_version_does_not_know_changes_nothing() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",))), Sighting("a", None))
    assert desk.all() == []


def test_a_stay_that_mews_knows_no_more_is_gone_a_week_after_its_planned_end_and_not_before() -> None:
    desk = look(Desk(cancels_keys=True), until("a", "101", 1000.0), there("b", "102"))
    assert desk.all() == ["in 101", "in 102"]
    late = 1000.0 + MARGIN_SECONDS
    for _ in range(3):
        assert look(desk, there("b", "102"), now=late - 1).all() == []
        assert desk.plan.held == {"101": NOT_LISTED}
    assert look(desk, there("b", "102"), now=late, is_whole=False).all() == []
    assert look(desk, there("b", "102"), now=late).all() == ["out 101", "keys 101 a"]
    assert desk.plan.held == {}


def test_where_no_plan_is_known_the_week_begins_with_the_first_list_that_lacks_the_stay() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",))), there("b", "102"), now=5.0)
    assert look(desk, there("b", "102"), now=4.0 + MARGIN_SECONDS).all() == ["in 102"]
    assert look(desk, there("b", "102"), now=5.0 + MARGIN_SECONDS).all() == ["out 101"]


@pytest.mark.parametrize(("listed", "is_out"), [(0, False), (1, False), (2, True)])
def test_a_list_that_lacks_half_of_the_others_too_checks_no_one_out(listed: int, is_out: bool) -> None:
    stays = [until(id, f"10{id}", 0.0) for id in "1234"]
    desk = look(Desk(), *stays)
    desk.all()
    look(desk, *stays[:listed], now=2 * MARGIN_SECONDS)
    assert bool(desk.all()) is is_out


def test_the_last_stay_in_house_is_gone_by_a_list_that_has_anything() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",))))
    assert look(look(desk, gone("x")), now=2 * MARGIN_SECONDS).all() == []
    assert look(desk, gone("x"), now=2 * MARGIN_SECONDS).all() == ["out 101"]


def test_a_stay_that_is_not_listed_and_found_by_itself_is_as_it_is_found() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",)), kept_room("102", "in", ("b",))), found=(there("a", "101"),))
    assert (desk.all(), desk.plan.held) == ([], {"102": NOT_LISTED})
    look(desk, found=(there("a", "101"), gone("b")), now=99 * MARGIN_SECONDS)
    assert (desk.all(), desk.plan.held) == (["out 102"], {})


@pytest.mark.parametrize(
    "lost",
    [
        Sighting("a", True, (), 0, "id-101", is_new_space=True),
        Sighting("a", True, (), 0, "Pool"),
        Sighting("a", True),
    ],
)
def test_a_stay_whose_room_is_not_known_is_where_it_was_until_it_is_seen_elsewhere(lost: Sighting) -> None:
    desk = look(Desk(kept_room("101", "in", ("a",)), cancels_keys=True), lost)
    assert (desk.all(), desk.plan.held) == ([], {"101": NO_ROOM})
    assert desk.plan.unmapped == (("Pool",) if lost.unmapped == "Pool" else ())
    look(desk, there("a", "102"))
    assert sorted(desk.all()) == ["in 102", "keys 101 a", "out 101"]
    assert (desk.plan.held, desk.plan.unmapped) == ({}, ())


def test_a_doubt_waits_for_a_word_about_its_stay() -> None:
    desk = look(Desk(kept_room("101", "in doubt", ("a",)), cancels_keys=True), there("b", "102"))
    assert (desk.all(), desk.plan.held) == (["in 102"], {"101": NOT_LISTED})
    assert look(desk, there("b", "102"), found=(there("a", "101"),)).all() == ["in 101"]


def test_an_overstay_that_is_seen_keeps_its_plan() -> None:
    desk = look(Desk(), until("a", "101", 7.0))
    assert desk.plan.end_of("a") == 7.0
    desk.plan.change([gone("a")])
    assert desk.plan.end_of("a") is None


@pytest.mark.parametrize("state", ["going in", "going out", "trying in", "trying out", "in doubt", "hovering"])
def test_after_a_restart_in_a_call_the_newest_state_is_told_again(state: str) -> None:
    row = kept_room("101", state, ("a",))
    assert look(Desk(row), there("a", "101")).all() == ["in 101"]
    assert look(Desk(row), gone("a")).all() == ["out 101"]


def test_a_restart_in_a_room_that_is_told_repeats_nothing() -> None:
    assert look(Desk(kept_room("101", "in", ("a",))), there("a", "101")).all() == []


def test_a_damaged_row_is_told_what_holds() -> None:
    assert look(Desk(KeptRoom("101", "in", "no JSON"))).all() == ["out 101"]


def test_a_refused_room_is_asked_for_again_later_and_makes_way_for_others() -> None:
    desk = look(Desk(), there("a", "101", at=1), there("b", "102", at=2))
    assert (desk.step(R, "no such room"), desk.plan.refused) == ("in 101", {"101": "no such room"})
    assert desk.all() == ["in 102", "in 101"]
    assert desk.now == words.REFUSED_SECONDS
    assert (desk.plan.refused, desk.state("101")[0]) == ({}, "in")


def test_a_refused_room_that_is_free_again_is_forgotten() -> None:
    desk = look(Desk(), there("a", "101"))
    desk.step(R)
    assert desk.plan.status.refused == 1
    desk.plan.change([gone("a")])
    assert (desk.all(), desk.plan.refused, desk.plan.rows) == (["note 101"], {}, ())


def test_a_refused_check_out_stays_in() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",))), gone("a"))
    assert desk.step(R) == "out 101"
    assert desk.state("101")[0] == "in"
    assert desk.all() == ["out 101"]


def test_what_is_not_reached_is_tried_at_longer_and_longer_pauses_with_one_room_after_the_other() -> None:
    desk = look(Desk(), there("a", "101", at=1), there("b", "102", at=2))
    assert desk.step(M, "refused") == "in 101"
    assert desk.plan.obstacle == "refused"
    pauses = []
    for number in range(12):
        pauses.append(desk.plan.pause(desk.now))
        desk.now += pauses[-1]
        assert desk.step(M) == ("in 101" if number % 2 else "in 102")
    assert pauses == [5, 10, 20, 40, *[60] * 8]
    assert desk.all() == ["in 102", "in 101"]
    assert desk.plan.status.obstacle == ""


def test_after_an_outage_rooms_are_told_in_order_whichever_was_tried() -> None:
    desk = look(Desk(), *(there(str(room), str(room), at=room) for room in range(1, 6)))
    assert desk.all(M, M, M) == ["in 1", "in 2", "in 3", "in 4", "in 1", "in 2", "in 3", "in 5"]
    assert (desk.plan.refused, desk.plan.obstacle) == ({}, "")


def test_a_room_that_alone_is_never_reached_stops_no_other_and_is_named() -> None:
    desk = look(Desk(), *(there(str(room), str(room), at=room) for room in range(1, 101)))
    told, misses = set[str](), list[float]()
    while len(told) < 99:
        desk.now += desk.plan.pause(desk.now)
        step = desk.plan.next(desk.now)
        assert step is not None
        is_bad = step.room == "1"
        desk.step(M if is_bad else D, "no way there")
        if is_bad:
            misses.append(desk.now)
        else:
            told.add(step.room)
    assert desk.now < 150
    assert len(misses) == 3
    assert desk.plan.refused == {"1": "no way there"}
    assert desk.all() == ["in 1"]
    assert (desk.plan.refused, desk.plan.obstacle) == ({}, "")


def test_a_lost_answer_is_a_doubt_and_the_call_is_made_again_after_the_others() -> None:
    desk = look(Desk(), there("a", "101", at=1), there("b", "102", at=2))
    assert desk.step(L) == "in 101"
    assert (desk.state("101")[0], desk.plan.status.in_doubt) == ("in doubt", 1)
    assert desk.all() == ["in 102", "in 101"]
    assert desk.now == words.LONGEST_SECONDS


def test_a_doubt_is_settled_by_the_newest_state() -> None:
    desk = look(Desk(), there("a", "101"))
    desk.step(L)
    desk.plan.change([gone("a")])
    desk.now += words.CALL_SECONDS
    assert desk.step() == "out 101"


def test_where_no_room_is_answered_for_all_wait() -> None:
    desk = look(Desk(), *(there(str(room), str(room), at=room) for room in range(1, 6)))
    desk.step(L)
    desk.now += 1
    desk.step(L)
    assert desk.plan.pause(desk.now) == words.AGAIN_SECONDS


def test_a_room_that_is_never_answered_for_is_asked_more_and_more_rarely() -> None:
    desk = look(Desk(), there("a", "101"))
    pauses = []
    for _ in range(7):
        desk.step(L)
        pauses.append(desk.plan.pause(desk.now))
        desk.now += pauses[-1]
    assert pauses == [60, 120, 240, 480, 900, 900, 900]


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_repetition_that_is_refused_again_and_again_counts_as_done(way: str) -> None:
    seen = there("a", "101") if way == "in" else gone("a")
    desk = look(Desk(kept_room("101", "in doubt", ("a",))), seen)
    for _ in range(words.SURE_AFTER - 1):
        assert desk.step(R) == f"{way} 101"
        assert desk.state("101")[0] == "in doubt"
        assert desk.plan.refused
        desk.now += words.REFUSED_SECONDS
    assert desk.step(R) == f"{way} 101"
    assert (desk.state("101")[0], desk.plan.refused, desk.all()) == (way, {}, [])


def test_a_guest_who_leaves_during_the_call_is_checked_out_after_it() -> None:
    desk = look(Desk(), there("a", "101"))
    step = desk.plan.next(0)
    assert step is not None
    intent = desk.plan.intent(step)
    assert intent == kept_room("101", "going in", ("a",))
    desk.plan.take(intent)
    desk.plan.change([gone("a")])
    desk.plan.take(desk.plan.end(step, D, "", 0))
    assert desk.all() == ["out 101"]


def test_a_disk_that_refuses_holds_everything_for_a_while() -> None:
    desk = look(Desk(kept_room("7", "in", ("a",))), there("a", "7"), there("b", "7"), there("c", "8"))
    desk.plan.hold(0)
    assert (desk.step(), desk.plan.pause(0)) == ("", words.AGAIN_SECONDS)
    assert sorted(desk.all()) == ["in 8", "note 7"]


def test_keys_of_a_stay_end_after_its_room_is_out() -> None:
    desk = look(Desk(kept_room("101", "in", ("a",)), cancels_keys=True), gone("a"))
    assert desk.step() == "out 101"
    assert desk.state("101") == ("out", ("a",))
    assert desk.all() == ["keys 101 a"]
    assert desk.plan.rows == ()


@pytest.mark.parametrize("answer", [R, L])
def test_keys_end_also_where_the_check_out_is_not_done(answer: Answer) -> None:
    desk = look(Desk(kept_room("101", "in", ("a",)), cancels_keys=True), gone("a"))
    assert desk.step(answer) == "out 101"
    desk.now += words.CALL_SECONDS
    assert desk.step() == "keys 101 a"
    assert desk.rows["101"].stay_ids == ()
    assert desk.now < words.LONGEST_SECONDS
    assert (desk.all(), desk.plan.rows) == (["out 101"], ())


def test_keys_that_were_left_at_a_kill_are_ended_after_it() -> None:
    desk = look(Desk(kept_room("101", "out", ("a",)), cancels_keys=True), gone("a"))
    assert desk.all(Answer.NOTHING) == ["keys 101 a"]
    assert look(Desk(kept_room("101", "out", ("a",))), gone("a")).all() == ["note 101"]


def test_where_others_stay_the_room_is_checked_in_again_after_keys_were_cancelled() -> None:
    desk = look(Desk(kept_room("7", "in", ("a", "b")), cancels_keys=True), gone("a"), there("b", "7"))
    assert desk.all() == ["keys 7 a", "in 7"]
    assert desk.state("7") == ("in", ("b",))
    desk = look(Desk(kept_room("7", "in", ("a", "b")), cancels_keys=True), gone("a"), there("b", "7"))
    assert desk.all(Answer.NOTHING) == ["keys 7 a"]


@pytest.mark.parametrize("answer", [R, M, L])
def test_keys_that_cannot_be_cancelled_are_tried_again_and_stop_no_room(answer: Answer) -> None:
    desk = look(Desk(kept_room("7", "out", ("a",)), cancels_keys=True), there("b", "7"))
    assert desk.step(answer, "no such key") == "keys 7 a"
    assert desk.plan.keys_left == {"7": "no such key"}
    assert desk.plan.refused == {}
    assert desk.all() == ["in 7", "keys 7 a", "in 7"]
    assert desk.plan.keys_left == {}


def test_taken_rooms_without_a_name_at_the_room_management_are_counted() -> None:
    desk = look(Desk(), Sighting("a", True, (), 0, "Pool"), Sighting("b", True, (), 0, "Pool"))
    assert (desk.plan.unmapped, desk.plan.status.unmapped) == (("Pool",), 1)
    look(desk, gone("a"), gone("b"))
    assert desk.plan.unmapped == ()


def test_rows_go_on_in_the_plan_of_the_next_file() -> None:
    desk = look(Desk(), there("a", "101"))
    desk.all()
    assert Plan(desk.plan.rows).rows == (kept_room("101", RoomState.IN, ("a",)),)


def test_outcomes_are_answers() -> None:
    assert [answer_of(outcome) for outcome in (None, DONE, REFUSED, NOT_REACHED, LOST)] == [
        Answer.NOTHING,
        D,
        R,
        M,
        L,
    ]
    assert answer_of(Outcome(Verdict.FAILED, is_asked=False)) is M


ROOMS = st.sampled_from(["101", "102", "103"])
SEEN = st.one_of(st.builds(there, st.sampled_from("abcd"), ROOMS), st.builds(gone, st.sampled_from("abcd")))
ANSWERS = st.sampled_from([D, D, R, M, L, Answer.NOTHING])


@given(st.lists(st.one_of(SEEN, ANSWERS, st.just("kill")), max_size=40), st.booleans())
def test_whatever_happens_each_room_ends_as_mews_has_it(events: list[object], cancels_keys: bool) -> None:
    desk, taken, newest = look(Desk(cancels_keys=cancels_keys)), set[str](), dict[str, Sighting]()
    for event in events:
        if isinstance(event, Sighting):
            newest[event.stay] = event
            desk.plan.change([event])
        elif isinstance(event, Answer):
            _told(desk.step(event), event, taken)
            desk.now += words.REFUSED_SECONDS
        else:
            kept = Desk(*(row for row in desk.rows.values() if not row.is_over), cancels_keys=cancels_keys)
            kept.now = desk.now
            desk = look(kept, *newest.values())
    for _ in range(100):
        if (pause := desk.plan.pause(desk.now)) != float("inf"):
            desk.now += pause
            _told(desk.step(), D, taken)
    assert not desk.plan.status.waiting
    assert taken == {room for seen in newest.values() for room in seen.rooms}


def _told(step: str, answer: Answer, taken: set[str]) -> None:
    """What the room management makes of it; a lost answer is one to a call that arrived."""
    act, _, room = step.partition(" ")
    if answer in (D, Answer.NOTHING, L) and act in ("in", "out"):
        (taken.add if act == "in" else taken.discard)(room)
