"""Sessions begin, are used, and end."""

from collections.abc import Iterator

import pytest

from agent.status.acting.decisions.sessions import IDLE, LONGEST, MOST, MOST_SENT, Sessions


@pytest.fixture
def sessions() -> Sessions:
    numbers: Iterator[int] = iter(range(1, 10_000))
    return Sessions(lambda count: next(numbers).to_bytes(count))


def test_a_session_is_found_by_its_id_and_no_other(sessions: Sessions) -> None:
    session = sessions.begin(0.0)
    assert (len(session.id), len(session.key)) == (64, 32)
    assert sessions.find(session.id, 1.0) is session
    assert sessions.find("", 1.0) is None
    assert session.id not in repr(session)


def test_a_session_ends_when_it_is_not_used(sessions: Sessions) -> None:
    session = sessions.begin(0.0)
    assert sessions.find(session.id, IDLE) is session
    assert sessions.find(session.id, 2 * IDLE) is session
    assert sessions.find(session.id, 3 * IDLE + 1) is None


def test_a_busy_session_ends_after_a_working_day(sessions: Sessions) -> None:
    session = sessions.begin(0.0)
    at = 0.0
    while at + IDLE / 2 <= LONGEST:
        at += IDLE / 2
        assert sessions.find(session.id, at) is session
    assert sessions.find(session.id, LONGEST + 1) is None


def test_a_log_out_and_a_new_password_end_sessions(sessions: Sessions) -> None:
    first, second = sessions.begin(0.0), sessions.begin(0.0)
    sessions.end(first)
    sessions.end(first)
    assert (sessions.find(first.id, 1.0), sessions.find(second.id, 1.0)) == (None, second)
    sessions.end_all()
    assert sessions.find(second.id, 1.0) is None


def test_the_one_that_was_used_longest_ago_makes_room(sessions: Sessions) -> None:
    all_of_them = [sessions.begin(float(number)) for number in range(MOST)]
    sessions.find(all_of_them[0].id, 100.0)
    sessions.begin(101.0)
    left = [session for session in all_of_them if sessions.find(session.id, 102.0)]
    assert left == [all_of_them[0], *all_of_them[2:]]


def test_a_session_that_has_sent_very_many_forms_is_over(sessions: Sessions) -> None:
    session = sessions.begin(0.0)
    session.sent.update({str(number): "act" for number in range(MOST_SENT)})
    assert sessions.find(session.id, 1.0) is None
