"""The demo's files by value: a good provisioning file, and a profile in which nothing is left to doubt."""

from pathlib import Path

import pytest

from agent.demo.hotel_files import NAMES, profile, write_site
from agent.demo.lock_systems import LockSystems
from agent.demo.office import PRINTER, Office
from agent.drivers.check import beside, judge
from agent.drivers.coder_bridge import profile_file
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot
from agent.simulators.mews.switches import Dialect
from provisioning.problems import Level


@pytest.fixture
def site_profile() -> Profile:
    found = profile_file.read("site.toml", profile().encode())
    assert isinstance(found, Profile)
    return found


@pytest.mark.parametrize("slot", Slot)
def test_the_simulated_bridge_has_proved_every_call(site_profile: Profile, slot: Slot) -> None:
    assert unconfirmed(site_profile, slot, areas=True, copies=True) == ()


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("has_visionline", [True, False])
async def test_the_file_is_good_with_and_without_visionline(
    tmp_path: Path, has_visionline: bool, dialect: Dialect
) -> None:
    locks = LockSystems(1.0)
    locks.bridge_url = "http://127.0.0.1:9002"
    if has_visionline:
        locks.visionline_url, locks.pin = "https://127.0.0.1:9003", "9f" * 32
    office = Office()
    office.uri = "ipp://127.0.0.1:9004/ipp/print"
    site = write_site(tmp_path, "http://127.0.0.1:9001", locks, office, dialect)
    judgement = judge(site.config.read_bytes(), beside(site.config))
    assert [problem for problem in judgement.problems if problem.level is Level.ERROR] == []
    assert judgement.provisioning is not None
    assert judgement.provisioning.mews.dialect.value == dialect.value
    servers = judgement.provisioning.visionline
    encoders = [encoder.identifier for server in servers for encoder in server.encoders]
    assert encoders == (["BAR1"] if has_visionline else [])
    assert set(encoders) <= NAMES.keys()
    assert [(each.name, each.uri) for each in judgement.provisioning.printers] == [(PRINTER, office.uri)]


async def test_an_order_names_visionline_only_where_it_is_served() -> None:
    locks = LockSystems(1.0)
    assert (locks.account, list(locks.written)) == (None, ["Coder Bridge"])
    locks.visionline_url = "https://127.0.0.1:9003"
    assert locks.account is not None
    assert locks.account.url == locks.visionline_url
    assert locks.written == {"Coder Bridge": 0, "VisiOnline": 0}
