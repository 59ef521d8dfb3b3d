"""Which drivers a provisioning file opens, and where the tests of their servers go."""

from datetime import UTC, datetime

import pytest
import trio

from agent.commands.driver import ListsDoors
from agent.commands.probe import Finding, Step
from agent.drivers.coder_bridge import profile_file
from agent.drivers.visionline.driver import VisionlineDriver
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.hotel.drivers import Means, Opened, open_drivers
from agent.hotel.probes import probes
from provisioning.model import Provisioning
from tests.provisioning.text import COMPLETE, PIN, good

MORE = """
[[visionline]]
server = "https://10.4.5.8:8443"
username = "night"
password = "canary-password"
certificate_sha256 = "{pin}"
[[visionline.encoders]]
name = "Spa"
identifier = "SPA1"
key_cutters = ["spa"]
""".format(pin="ab" * 32)


def opened(file: Provisioning, asked: list[tuple[str, str | None]]) -> Opened:
    def open_peer(server: str, pin: str | None) -> Peer:
        asked.append((server, pin))
        return Peer(server, certificate_sha256=pin)

    profile = profile_file.built_in("coder-bridge-v2")
    means = Means(Health(trio.current_time), trio.current_time, lambda: datetime.now(UTC), open_peer)
    return open_drivers(file, profile, means)


async def test_each_server_of_the_file_has_a_driver_with_its_encoders() -> None:
    asked: list[tuple[str, str | None]] = []
    found = opened(good(COMPLETE.replace("[doors]", MORE + "\n[doors]")), asked)
    assert [driver.hop for driver in found.drivers] == [
        "lock-server:coder-bridge",
        "lock-server:10.4.5.7",
        "lock-server:10.4.5.8:8443",
        "printer:Front Office",
    ]
    assert [lane.identifier for lane in found.drivers[2].lanes] == ["SPA1"]
    assert asked[1:] == [
        ("https://10.4.5.7/api/v1", PIN),
        ("https://10.4.5.8:8443/api/v1", "ab" * 32),
        ("http://10.4.5.30:631", None),
    ]
    assert len(found.peers) == 4
    assert "canary-password" not in repr(found.drivers)


async def test_a_file_with_visionline_alone_opens_that() -> None:
    text = COMPLETE.partition("[coder_bridge]")
    rest = text[2][text[2].index("[[visionline]]") :]
    found = opened(good(text[0] + rest), [])
    assert [driver.hop for driver in found.drivers] == ["lock-server:10.4.5.7", "printer:Front Office"]
    assert isinstance(found.drivers[0], VisionlineDriver)
    assert isinstance(found.drivers[0], ListsDoors)


@pytest.mark.parametrize("with_bridge", [True, False])
async def test_each_server_can_be_tested_the_way_there_first(with_bridge: bool) -> None:
    text = COMPLETE.replace("[doors]", MORE + "\n[doors]")
    if not with_bridge:
        before, _, rest = text.partition("[coder_bridge]")
        text = before + rest[rest.index("[[visionline]]") :]
    file = good(text)
    drivers = opened(file, []).drivers
    found = probes(file, drivers, lambda: [Step("x", _never)], lambda _address: True)
    steps = [step.name for step in found["lock-server:10.4.5.8:8443"].steps()]
    assert steps == ["name", "network", "connection", "TLS", "log-in", "signature", "doors"]
    assert found["encoder:SPA1"].behind == "lock-server:10.4.5.8:8443"
    assert ("lock-server:coder-bridge" in found) is with_bridge


async def _never() -> Finding:
    raise AssertionError("no step is taken here")


PRINTERS = """
[[printers]]
name = "Plain"
uri = "ipp://10.4.5.30/ipp/print"
[[printers]]
name = "Secured"
uri = "ipps://[fd00::30]:8631/ipp/print"
certificate_sha256 = "{pin}"
[[printers]]
name = "Raw"
uri = "socket://10.4.5.31:9100"
""".format(pin="ab" * 32)


async def test_each_printer_can_be_tested_the_way_there_first() -> None:
    file = good(COMPLETE + PRINTERS)
    found = probes(file, opened(file, []).drivers, lambda: [Step("x", _never)], lambda _address: True)
    steps = {hop: [step.name for step in probe.steps()] for hop, probe in found.items() if "printer:" in hop}
    there = ["name", "connection", "printer", "formats"]
    assert steps["printer:Plain"] == there
    assert steps["printer:Secured"] == ["name", "connection", "TLS", "printer", "formats"]
    assert steps["printer:Raw"] == ["name", "connection", "printer"]
    assert found["printer:Plain"].behind == ""


async def test_an_address_of_ipv6_is_taken_without_its_brackets() -> None:
    file = good(COMPLETE + PRINTERS)
    found = probes(file, opened(file, []).drivers, lambda: [Step("x", _never)], lambda _address: True)
    named = await found["printer:Secured"].steps()[0].take()
    assert named.text == "It is given by its IP address, fd00::30."
