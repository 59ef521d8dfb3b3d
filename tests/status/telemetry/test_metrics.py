"""The Prometheus text: complete, counted right, and read by others whatever the names are."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from agent.status.snapshot.facts import CommandLine, HopFacts
from agent.status.telemetry.family import Family, number, text
from agent.status.telemetry.figures import ORDER_SECONDS, Counters, Distribution, Figures, Measures
from agent.status.telemetry.metrics import families, keys_possible, render
from tests.status.samples import BOX, HOPS, WALL, fault, hostile, snapshot

FULL = Figures(
    Counters(
        orders=((("key", "done"), 12), (("print", "failed"), 1)),
        cards=17,
        polls=4_000,
        polls_failed=3,
        reconnects=2,
        faults=((("E-MEWS-SILENT",), 2),),
        acts=((("key", "page", "done"), 1),),
        page_answers=((("2xx",), 900),),
        readers_dropped=1,
        log_lines_lost=4,
        samples_dropped=5,
        order_seconds=Distribution.empty(ORDER_SECONDS).observe(3.0).observe(4.5).observe(400.0),
    ),
    Measures(
        oldest_waiting=4.25,
        answer_ages=(("mews", 0.5), ("lock-server:coder-bridge", 31.0)),
        memory=43_000_000,
        disk_free=900_000_000,
        degrees=51.5,
        certificates=(("page", 86_400.0 * 300),),
        clock_offset=-0.75,
    ),
)


def samples(page: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_all_that_is_known_is_told() -> None:
    told = samples(render(snapshot(fault("E-MEWS-TOKEN", "mews")), FULL))
    wanted = [
        ("nightporter_info", {"name": "aurora-desk", "version": "0.1.0"}, 1),
        ("nightporter_up", {}, 1),
        ("nightporter_uptime_seconds", {}, 90),
        ("nightporter_level", {}, 2),
        ("nightporter_hop_level", {"hop": "mews"}, 2),
        ("nightporter_hop_level", {"hop": "encoder:1"}, 0),
        ("nightporter_fault_active", {"code": "E-MEWS-TOKEN", "hop": "mews"}, 1),
        ("nightporter_keys_possible", {}, 0),
        ("nightporter_commands", {"state": "waiting"}, 0),
        ("nightporter_commands", {"state": "running"}, 0),
        ("nightporter_oldest_waiting_seconds", {}, 4.25),
        ("nightporter_last_answer_age_seconds", {"hop": "lock-server:coder-bridge"}, 31),
        ("nightporter_memory_bytes", {}, 43_000_000),
        ("nightporter_disk_free_bytes", {}, 900_000_000),
        ("nightporter_temperature_celsius", {}, 51.5),
        ("nightporter_certificate_remaining_seconds", {"of": "page"}, 25_920_000),
        ("nightporter_clock_offset_seconds", {}, -0.75),
        ("nightporter_orders_total", {"kind": "key", "outcome": "done"}, 12),
        ("nightporter_orders_total", {"kind": "print", "outcome": "failed"}, 1),
        ("nightporter_cards_cut_total", {}, 17),
        ("nightporter_polls_total", {}, 4_000),
        ("nightporter_poll_failures_total", {}, 3),
        ("nightporter_reconnects_total", {}, 2),
        ("nightporter_faults_total", {"code": "E-MEWS-SILENT"}, 2),
        ("nightporter_acts_total", {"verb": "key", "face": "page", "end": "done"}, 1),
        ("nightporter_page_answers_total", {"status": "2xx"}, 900),
        ("nightporter_readers_dropped_total", {}, 1),
        ("nightporter_log_lines_lost_total", {}, 4),
        ("nightporter_samples_dropped_total", {}, 5),
        ("nightporter_order_to_key_seconds_bucket", {"le": "3"}, 1),
        ("nightporter_order_to_key_seconds_bucket", {"le": "5"}, 2),
        ("nightporter_order_to_key_seconds_bucket", {"le": "180"}, 2),
        ("nightporter_order_to_key_seconds_bucket", {"le": "+Inf"}, 3),
        ("nightporter_order_to_key_seconds_sum", {}, 407.5),
        ("nightporter_order_to_key_seconds_count", {}, 3),
    ]
    missing = [
        (name, labels, value, told.get((name, frozenset(labels.items()))))
        for name, labels, value in wanted
        if told.get((name, frozenset(labels.items()))) != value
    ]
    assert missing == []


def test_each_family_is_typed_once_and_what_only_rises_is_a_counter() -> None:
    types = [line.split()[2:] for line in render(snapshot(), FULL).splitlines() if line.startswith("# TYPE")]
    assert len(types) == len({name for name, _ in types})
    assert {name for name, kind in types if kind == "counter"} == {
        name for name, _ in types if name.endswith("_total")
    }


def test_what_is_not_known_is_left_out() -> None:
    told = render(snapshot())
    for name in ("temperature", "disk_free", "clock_offset", "certificate", "memory", "fault_active"):
        assert f"nightporter_{name}" not in told


def test_a_key_is_possible_while_no_fault_is_at_box_and_mews_and_one_way_to_a_card_is_left() -> None:
    def possible(*faults: tuple[str, str], hops: tuple[HopFacts, ...] = HOPS) -> bool | None:
        return keys_possible(snapshot(*(fault(*each) for each in faults), hops=hops).hops)

    two = (*HOPS, HopFacts("lock-server:10.4.5.7", "reachable", 0.0))
    assert possible() is True
    assert possible(("E-MEWS-TOKEN", "mews")) is False
    assert possible(("E-BOX-CABLE", "box")) is False
    assert possible(("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge")) is False
    assert possible(("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge"), hops=two) is True
    assert possible(("E-ENCODER", "encoder:1")) is True  # a warning, and there are two more
    assert possible(hops=HOPS[:2]) is None  # only printers: no key is expected
    assert possible(("E-FILE-BAD", "box"), hops=HOPS[1:2]) is False


def test_the_keys_of_a_hotel_that_has_printers_alone_are_not_told() -> None:
    assert "nightporter_keys_possible" not in render(snapshot(hops=HOPS[:2]))


def everywhere(name: str) -> tuple[Family, ...]:
    """A page on which a name stands wherever one from outside can."""
    figures = Figures(
        Counters(acts=(((name, name, name), 1),), faults=(((name,), 1),)),
        Measures(answer_ages=((name, 1.5),), certificates=((name, 1.0),)),
    )
    return tuple(families(hostile(name), figures))


@given(st.text(max_size=60))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    read = samples(text(everywhere(name)))
    assert read[("nightporter_last_answer_age_seconds", frozenset({("hop", name)}))] == 1.5
    assert read[("nightporter_acts_total", frozenset({("verb", name), ("face", name), ("end", name)}))] == 1


@given(st.floats(allow_nan=False))
def test_any_number_comes_back_as_it_was(value: float) -> None:
    assert float(number(value)) == value


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (0.25, "0.25"), (math.inf, "+Inf"), (-math.inf, "-Inf"), (1e300, None)]
)
def test_a_whole_number_has_no_point(value: float, written: str | None) -> None:
    assert number(value) == (written or str(int(value)))


def test_no_room_and_no_note_is_in_the_metrics() -> None:
    line = CommandLine(
        *("c-9", "d-9", "key", "Front desk left", "Suite 77", "FAILED", "Mr Kettle"),
        at=WALL,
    )
    told = render(snapshot(recent=[line]), FULL)
    assert [secret for secret in ("Suite 77", "Kettle", "c-9", "d-9") if secret in told] == []


def test_no_series_is_told_twice_however_long_the_names_of_the_file_are() -> None:
    ids = [f"{kind}:{'x' * 199}{number}" for kind in ("encoder", "printer") for number in range(3)]
    faults = [fault("E-ENCODER", id) for id in ids]
    told = families(snapshot(*faults, hops=[HopFacts(id, "", 0.0) for id in ids]), FULL)
    series = [(sample.name, sample.labels) for family in told for sample in family.samples]
    assert len(series) == len(set(series))


def test_quotes_and_backslashes_in_labels_are_escaped() -> None:
    page = render(snapshot(box=msgspec.structs.replace(BOX, name='a"b\\c')))
    assert 'nightporter_info{name="a\\"b\\\\c",version="0.1.0"} 1\n' in page
