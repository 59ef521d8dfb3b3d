"""Events as the bytes that a browser reads."""

from agent.status.live.sse import RETRY, event


def test_an_event_has_its_kind_and_its_data_as_json_and_ends_with_an_empty_line() -> None:
    assert event("beat", {}) == b"event: beat\ndata: {}\n\n"


def test_an_event_with_an_id_tells_it_first() -> None:
    assert event("panels", {"a": "b"}, "7") == b'id: 7\nevent: panels\ndata: {"a":"b"}\n\n'


def test_a_line_end_in_the_data_begins_no_other_field() -> None:
    told = event("line", "a\ndata: b\r\n\nevent: c")
    assert told.count(b"\n") == 3
    assert b"\r" not in told


def test_how_soon_to_come_back_is_an_event_of_its_own() -> None:
    assert RETRY == b"retry: 1000\n\n"
