"""A recorded site's odd answers become a simulator that answers in the same shapes, without the site's values."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from agent.commands.model import Verdict
from agent.drivers.coder_bridge.driver import CoderBridgeDriver
from agent.drivers.lock_server.log_in import Credentials
from agent.foundation.http import Peer
from agent.health.health import Health
from agent.simulators.coder_bridge.like import LikeRecording, read
from provisioning.secret import Secret
from tests.drivers.coder_bridge.bridge_bench import PASSWORD, SERVER
from tests.drivers.coder_bridge.learning.site_bench import VIENNA, SiteBench, Ways, site_bench
from tests.drivers.coder_bridge.learning.test_lesson import ODD, random_ways
from tests.drivers.coder_bridge.profile_bench import job
from tests.in_process import SimulatorTransport

STRANGE: dict[str, Any] = {
    "failure_status": 400,
    "success_status": 500,
    "name_case": "pascal",
    "result_as": "text",
    "ids_as_numbers": True,
    "unknown_fields": True,
    "success_msg": "null",
    "two_status_keys": True,
}


def shapes(recording: Path) -> dict[tuple[str, bool], Any]:
    """By slot and success, status and shape of the last answer."""
    found: dict[tuple[str, bool], Any] = {}
    for each in read(recording.read_bytes(), recording.name):
        if each.status != 404:
            found[each.slot, each.is_success] = (each.status, each.type, each.answer)
    return found


async def replayed(bench: SiteBench, folder: Path) -> Path:
    """The recording of a lesson at the simulator that is like the one that this bench's site left."""
    recorded = read(bench.learner().recording.read_bytes(), "site.recording.jsonl")
    like = LikeRecording(recorded, clock=bench.simulator.clock)
    like.switch(rooms=("101", "102"), encoders=("1", "2"))
    async with Peer(SERVER, transport=SimulatorTransport(like)) as peer:
        again = SiteBench(bench.simulator, peer, folder)
        again.person.wrongly = lambda question, true: "go" if "go" in [c.word for c in question.choices] else true
        await again.learn()
        return again.learner().recording


@pytest.mark.parametrize("switches", [{}, STRANGE, {"result_as": "float", "name_case": "upper", "tid": "null"}])
async def test_the_like_simulator_answers_in_the_recorded_shapes(
    autojump_clock: MockClock, tmp_path: Path, switches: dict[str, Any]
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    async with site_bench(tmp_path, Ways(switches=switches)) as bench:
        await bench.learn()
        original = shapes(bench.learner().recording)
        copied = shapes(await replayed(bench, again))
        common = set(original) & set(copied)
        assert {("guest_key", True), ("guest_key", False), ("config_rooms", True), ("auth", True)} <= common
        assert {key: copied[key] for key in common} == {key: original[key] for key in common}


@pytest.mark.parametrize("ways", [ODD, random_ways(3), random_ways(5)])
async def test_a_learned_profile_cuts_a_key_at_the_like_simulator(
    autojump_clock: MockClock, tmp_path: Path, ways: Ways
) -> None:
    async with site_bench(tmp_path, ways) as bench:
        await bench.learn()
        like = LikeRecording(read(bench.learner().recording.read_bytes(), "x"))
        account = Credentials("night-porter", Secret(PASSWORD))
        async with Peer(SERVER, transport=SimulatorTransport(like)) as peer:
            health = Health(trio.current_time)
            driver = CoderBridgeDriver(peer, bench.profile, account, VIENNA, health, {"1": "Empfang"})
            assert (await driver.carry_out(job())).verdict is Verdict.DONE
            assert [cut.room for cut in like.cuts] == ["101"]
            like.fail("no-card", seconds=0.0)
            assert (await driver.carry_out(job())).verdict is Verdict.FAILED
            assert len(like.cuts) == 1


async def test_it_takes_as_long_as_the_recorded_one(autojump_clock: MockClock, tmp_path: Path) -> None:
    async with site_bench(tmp_path, Ways(switches={"card_seconds": 17.0})) as bench:
        await bench.learn()
        like = LikeRecording(read(bench.learner().recording.read_bytes(), "x"))
        like.switch(card_seconds=1.0)
        async with Peer(SERVER, transport=SimulatorTransport(like)) as peer:
            health = Health(trio.current_time)
            driver = CoderBridgeDriver(peer, bench.profile, bench.account, VIENNA, health, {"1": "Empfang"})
            began = trio.current_time()
            assert (await driver.carry_out(job())).verdict is Verdict.DONE
            assert trio.current_time() - began == pytest.approx(17.0)
