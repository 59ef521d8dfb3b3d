"""The snapshot as Prometheus text, for a hotel or a chain that watches its boxes. Pure.

Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
No command, room or note is in here: metrics are kept for months.
"""

from collections.abc import Iterable

from agent.health.kind import SEVERITY
from agent.status.snapshot.snapshot import Commands, Snapshot

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[dict[str, str], int]


def render(snapshot: Snapshot) -> str:
    """All families, each with its help and type; levels are 0 ok, 1 warning, 2 fault."""
    box = snapshot.box
    return "".join(
        (
            _family("info", "Which box and version this is", [({"name": box.name, "version": box.version}, 1)]),
            _family("up", "1 while the agent runs", [({}, 1)]),
            _family("uptime_seconds", "Seconds since the agent started", [({}, box.uptime_seconds)]),
            _family("level", "Worst level: 0 ok, 1 warning, 2 fault", [({}, SEVERITY[snapshot.summary.level])]),
            _family(
                "hop_level",
                "Level of a hop: 0 ok, 1 warning, 2 fault",
                [({"hop": hop.id}, SEVERITY[hop.level]) for hop in snapshot.hops],
            ),
            _family(
                "fault_active",
                "1 for each fault that holds, by its stable code",
                [({"code": fault.code, "hop": fault.hop}, 1) for fault in snapshot.faults],
            ),
            _family("commands", "Commands by state", _states(snapshot.commands)),
        )
    )


def _states(commands: Commands) -> list[Sample]:
    names = ("waiting", "running", "done", "failed", "unknown")
    return [({"state": name}, getattr(commands, name)) for name in names]


def _family(name: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"nightporter_{name}{_labels(labels)} {value}\n" for labels, value in samples]
    return f"# HELP nightporter_{name} {about}.\n# TYPE nightporter_{name} gauge\n{''.join(lines)}"


def _labels(labels: dict[str, str]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
