"""The protobuf of remote-write 1.0, by value and read by hand."""

import struct

from agent.status.telemetry.family import gauge
from agent.status.telemetry.write_request import STALE, series_of, time_series, value, with_labels


def test_a_series_is_written_as_the_specification_has_it() -> None:
    labels = (("__name__", "up"), ("job", "n"))
    assert time_series(labels, [(300, value(1.0))]) == bytes.fromhex(
        "0a28"  # a TimeSeries of 40 bytes
        "0a0e" "0a08" + b"__name__".hex() + "1202" + b"up".hex()
        + "0a08" "0a03" + b"job".hex() + "1201" + b"n".hex()
        + "120c" "09" "000000000000f03f" "10" "ac02"  # 1.0 at 300 ms
    )  # fmt: skip


def test_labels_of_the_box_are_added_in_order_and_a_series_own_win() -> None:
    series = (("__name__", "x"), ("hop", ""), ("job", "own"))
    assert with_labels(series, {"job": "nightporter", "instance": "aurora-desk"}) == (
        ("__name__", "x"),
        ("instance", "aurora-desk"),
        ("job", "own"),
    )


def test_each_series_of_families_has_its_name_among_its_labels() -> None:
    family = gauge("level", "Level", [((("hop", "mews"),), 2), ((), 1)])
    assert series_of([family]) == {
        (("__name__", "level"), ("hop", "mews")): value(2),
        (("__name__", "level"),): value(1),
    }


def test_the_end_of_a_series_is_one_certain_nan() -> None:
    assert struct.unpack("<Q", STALE) == (0x7FF0000000000002,)
    assert value(float("nan")) != STALE


def test_a_lone_surrogate_does_not_break_it() -> None:
    assert b"?" in time_series((("__name__", "x"), ("hop", "\ud83d")), [(1, value(0))])
