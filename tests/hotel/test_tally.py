"""What is counted is counted once, and never falls."""

from agent.commands.model import Kind, Outcome, Verdict
from agent.commands.record import Record
from agent.control.words.events import ActEnded, FaultChanged, OrderChanged
from agent.health.kind import Level
from agent.hotel.tally import Tally
from agent.journal.rows.acts import Act


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def order(copies: int = 2) -> Record:
    return Record("c-1", "d-1", Kind.KEY, "encoder:1", "101", copies, created=100)


def hear(tally: Tally, *records: Record) -> None:
    for record in records:
        tally.hear(OrderChanged(record))


DONE = Outcome(Verdict.DONE)


def test_cards_are_counted_as_they_come_and_an_order_once_it_is_over() -> None:
    clock = Clock()
    tally = Tally(clock)
    claimed = order().claim(101)
    first = claimed.dispatch(1)
    hear(tally, order(), claimed, first)
    clock.now = 4
    second = first.make().dispatch(2)
    hear(tally, first.make(), second)
    assert (tally.counters().cards, tally.counters().orders) == (1, ())
    clock.now = 6
    done = second.end(DONE, 109)
    hear(tally, done, done.report(110), done.report(110).see(111), done.report(110).forgotten())
    counted = tally.counters()
    assert counted.cards == 2
    assert counted.orders == ((("key", "done"), 1),)
    assert (counted.order_seconds.total, sum(counted.order_seconds.counts)) == (9, 1)
    assert (counted.encoder_seconds.total, sum(counted.encoder_seconds.counts)) == (6, 2)


def test_cards_of_before_a_restart_are_not_counted_again() -> None:
    tally = Tally(Clock())
    lost = order().claim(101).dispatch(2)
    hear(tally, lost.end(Outcome(Verdict.UNKNOWN), 120))
    assert tally.counters().cards == 0
    assert tally.counters().orders == ((("key", "unknown"), 1),)


def test_what_was_withdrawn_may_come_again() -> None:
    tally = Tally(Clock())
    hear(tally, order(1).withdraw(101), order(1).claim(102), order(1).claim(102).dispatch(1).end(DONE, 104))
    assert dict(tally.counters().orders) == {("key", "withdrawn"): 1, ("key", "done"): 1}
    assert tally.counters().cards == 1


def test_polls_of_an_earlier_file_stay_counted() -> None:
    class Polls:
        polls, polls_failed, reconnects = 10, 2, 1

    tally = Tally(Clock())
    tally.adopt(Polls())
    tally.adopt(Polls())
    counted = tally.counters()
    assert (counted.polls, counted.polls_failed, counted.reconnects) == (20, 4, 2)


def test_faults_acts_and_answers_are_counted_by_their_words() -> None:
    tally = Tally(Clock(), lambda: 3)
    tally.hear(FaultChanged("E-MEWS-SILENT", "mews", Level.WARNING, "x"))
    tally.hear(FaultChanged("E-MEWS-SILENT", "mews", Level.WARNING, "x", is_over=True))
    tally.hear(ActEnded(Act("1", "root", "command line", "test", "test mews", end="done")))
    tally.answered(204)
    counted = tally.counters()
    assert counted.faults == ((("E-MEWS-SILENT",), 1),)
    assert counted.acts == ((("test", "command line", "done"), 1),)
    assert counted.page_answers == ((("2xx",), 1),)
    assert counted.log_lines_lost == 3
