"""What the doors of a file become on the way of a command: rooms, areas, names at the room management."""

from datetime import UTC, datetime

from agent.commands.driver import Lane
from agent.commands.model import KeyRequest
from agent.drivers.coder_bridge.bridge_faults import SERVER_HOP
from agent.hotel.site import _routes
from provisioning.read import read
from tests.provisioning.text import minimal

DOORS = """
[doors]
"101" = { room = "1-01", areas = ["4"] }
"Suite" = { rooms = ["201", "202"], rms = "2" }
"POOL" = { area = "3" }
"""
LANE = Lane("encoder:1", "1", "Front desk", SERVER_HOP)


def asked(*locks: str) -> KeyRequest:
    start = datetime(2026, 5, 4, 12, tzinfo=UTC)
    return KeyRequest("1", locks, start, start.replace(day=6), 1)


def test_every_form_of_a_door_reaches_the_key() -> None:
    text = minimal("active = true", 'active = true\ncommon_areas = ["9"]', add=DOORS)
    provisioning = read(text.encode()).provisioning
    assert provisioning is not None
    routes = _routes(provisioning, (LANE,))
    request = asked("101", "Suite", "POOL", "303")
    assert routes.rooms(request) == ("1-01", "201", "202", "303")
    assert routes.areas(request, LANE) == ("4", "3", "9")
    assert [routes.rms_name(room) for room in ("1-01", "201", "202")] == ["1-01", "2", "2"]
    assert routes.cutters == {"1": LANE}
