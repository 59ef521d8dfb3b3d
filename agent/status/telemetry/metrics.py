"""The snapshot and the figures as families of samples: what `/metrics` and remote-write tell. Pure.

No command, room or note is in here: metrics are kept for months. What only rises is a counter; a label's values
are hops of the file, codes of the catalogue, and words of ours.
"""

from collections.abc import Iterator, Sequence

from agent.health.kind import SEVERITY, Level
from agent.status.snapshot.snapshot import Hop, Snapshot
from agent.status.snapshot.stations import HopKind, kind_of
from agent.status.telemetry.family import Family, Labels, counter, gauge, histogram, text
from agent.status.telemetry.figures import Counted, Counters, Figures, Measures

NONE = Figures()
_BEFORE_ENCODERS = (HopKind.BOX, HopKind.MEWS)


def render(snapshot: Snapshot, figures: Figures = NONE) -> str:
    """All families as Prometheus text; levels are 0 ok, 1 warning, 2 fault."""
    return text(families(snapshot, figures))


def families(snapshot: Snapshot, figures: Figures = NONE) -> Sequence[Family]:
    """All of them, in a fixed order; one without samples is among them too."""
    return (
        *_state(snapshot),
        *_measured(figures.measures),
        *_counted(figures.counters),
        *_lasted(figures.counters),
    )


def keys_possible(hops: Sequence[Hop]) -> bool | None:
    """Whether a key could be cut: no fault at the box or Mews, and a lock server and an encoder without one.

    None where the file names no encoder, so that no key is expected. A hop that was not heard yet is at no fault.
    """
    if any(hop.level is Level.FAULT and kind_of(hop.id)[0] in _BEFORE_ENCODERS for hop in hops):
        return False
    encoders = [hop for hop in hops if kind_of(hop.id)[0] is HopKind.ENCODER]
    servers = [hop for hop in hops if kind_of(hop.id)[0] is HopKind.LOCK_SERVER]
    if not encoders:
        return None
    return not (_are_all_at_fault(encoders) or _are_all_at_fault(servers))


def _are_all_at_fault(hops: Sequence[Hop]) -> bool:
    return bool(hops) and all(hop.level is Level.FAULT for hop in hops)


def _state(snapshot: Snapshot) -> Iterator[Family]:
    box, commands = snapshot.box, snapshot.commands
    possible = keys_possible(snapshot.hops)
    identity = (("name", box.name), ("version", box.version))
    yield gauge("nightporter_info", "Which box and version this is", [(identity, 1)])
    yield gauge("nightporter_up", "1 while the agent runs", [((), 1)])
    yield gauge("nightporter_uptime_seconds", "Seconds since the agent started", [((), box.uptime_seconds)])
    yield gauge(
        "nightporter_level", "Worst level: 0 ok, 1 warning, 2 fault", [((), SEVERITY[snapshot.summary.level])]
    )
    yield gauge(
        "nightporter_hop_level",
        "Level of a hop: 0 ok, 1 warning, 2 fault",
        [((("hop", hop.id),), SEVERITY[hop.level]) for hop in snapshot.hops],
    )
    yield gauge(
        "nightporter_fault_active",
        "1 for each fault that holds, by its stable code",
        [((("code", fault.code), ("hop", fault.hop)), 1) for fault in snapshot.faults],
    )
    yield gauge(
        "nightporter_keys_possible",
        "1 while nothing is known that stops every key, 0 while no key could be cut",
        [] if possible is None else [((), int(possible))],
    )
    yield gauge(
        "nightporter_commands",
        "Commands that are not over, by state",
        [((("state", "waiting"),), commands.waiting), ((("state", "running"),), commands.running)],
    )


def _measured(now: Measures) -> Iterator[Family]:
    yield gauge(
        "nightporter_oldest_waiting_seconds",
        "Seconds since the oldest command that waits was first seen, 0 where none waits",
        [((), now.oldest_waiting)],
    )
    yield gauge(
        "nightporter_last_answer_age_seconds", "Seconds since a hop last answered", _each("hop", now.answer_ages)
    )
    yield gauge("nightporter_memory_bytes", "Memory of the agent that is resident", _known(now.memory))
    yield gauge("nightporter_disk_free_bytes", "Bytes that are free where the journal is", _known(now.disk_free))
    yield gauge(
        "nightporter_temperature_celsius", "The warmest sensor at the box's processor", _known(now.degrees)
    )
    yield gauge(
        "nightporter_certificate_remaining_seconds",
        "Seconds for which a certificate is still good, negative once it is not",
        _each("of", now.certificates),
    )
    yield gauge(
        "nightporter_clock_offset_seconds",
        "Seconds by which the box's clock is ahead of Mews'",
        _known(now.clock_offset),
    )


def _counted(since: Counters) -> Iterator[Family]:
    yield counter(
        "nightporter_orders_total",
        "Orders that are over, by kind and outcome",
        _by(since.orders, "kind", "outcome"),
    )
    yield counter("nightporter_cards_cut_total", "Cards that were surely cut", _one(since.cards))
    yield counter("nightporter_polls_total", "Times that Mews was asked for orders", _one(since.polls))
    yield counter("nightporter_poll_failures_total", "Polls without a list of orders", _one(since.polls_failed))
    yield counter(
        "nightporter_reconnects_total", "Polls that were well after one that was not", _one(since.reconnects)
    )
    yield counter("nightporter_faults_total", "Faults that came to be shown, by code", _by(since.faults, "code"))
    yield counter("nightporter_acts_total", "Acts of people at the desk", _by(since.acts, "verb", "face", "end"))
    yield counter(
        "nightporter_page_answers_total", "Answers of the page, by status", _by(since.page_answers, "status")
    )
    yield counter(
        "nightporter_readers_dropped_total", "Readers of live news that were too slow", _one(since.readers_dropped)
    )
    yield counter(
        "nightporter_log_lines_lost_total", "Lines that the log had no room for", _one(since.log_lines_lost)
    )
    yield counter(
        "nightporter_samples_dropped_total",
        "Samples for remote-write that were refused, or found no room",
        _one(since.samples_dropped),
    )


def _lasted(since: Counters) -> Iterator[Family]:
    yield histogram(
        "nightporter_order_to_key_seconds", "Seconds from an order in Mews to its last key", since.order_seconds
    )
    yield histogram(
        "nightporter_encoder_seconds", "Seconds from the call to an encoder to its card", since.encoder_seconds
    )


def _one(count: int) -> list[tuple[Labels, float]]:
    return [((), count)]


def _known(value: float | None) -> list[tuple[Labels, float]]:
    return [] if value is None else [((), value)]


def _each(label: str, values: Sequence[tuple[str, float]]) -> list[tuple[Labels, float]]:
    return [(((label, of),), value) for of, value in values]


def _by(counted: Counted, *names: str) -> list[tuple[Labels, float]]:
    return [(tuple(zip(names, values, strict=True)), count) for values, count in counted]
