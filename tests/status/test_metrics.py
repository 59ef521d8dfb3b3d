"""The Prometheus text, with names that try to break out of their quotes."""

import re

import msgspec

from agent.status.metrics import render
from tests.status.samples import BOX, fault, hostile, snapshot

SAMPLE = re.compile(r'nightporter_[a-z_]+(\{([a-z]+="([^"\\\n]|\\[\\"n])*",?)+\})? -?\d+')


def test_every_line_is_a_comment_or_a_sample_even_with_hostile_names() -> None:
    lines = render(hostile()).splitlines()
    assert [line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []


def test_each_family_is_typed_once() -> None:
    types = [line.split()[2] for line in render(snapshot()).splitlines() if line.startswith("# TYPE")]
    assert len(types) == len(set(types)) == 7


def test_quotes_and_backslashes_in_labels_are_escaped() -> None:
    text = render(snapshot(box=msgspec.structs.replace(BOX, name='a"b\\c')))
    assert 'nightporter_info{name="a\\"b\\\\c",version="0.1.0"} 1\n' in text


def test_levels_are_numbers_worst_highest() -> None:
    text = render(snapshot(fault("E-MEWS-TOKEN", "mews"), fault("E-ENCODER", "encoder:2")))
    wanted = [
        "nightporter_level 2",
        'nightporter_hop_level{hop="mews"} 2',
        'nightporter_hop_level{hop="encoder:1"} 0',
        'nightporter_hop_level{hop="encoder:2"} 1',
    ]
    assert [line for line in wanted if line not in text.splitlines()] == []


def test_active_faults_are_there_by_their_code() -> None:
    text = render(snapshot(fault("E-MEWS-TOKEN", "mews")))
    assert 'nightporter_fault_active{code="E-MEWS-TOKEN",hop="mews"} 1\n' in text


def test_commands_are_counted_by_state() -> None:
    assert 'nightporter_commands{state="done"} 12\n' in render(snapshot())


def test_no_room_and_no_note_is_in_the_metrics() -> None:
    assert "101" not in render(snapshot())
