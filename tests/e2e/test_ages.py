"""How long certificates are good and since when tokens are used, as a real handshake and a real log-in show it."""

from pathlib import Path

import pytest

from agent.status.snapshot.snapshot import Snapshot
from tests.e2e.processes import real_hotel

pytestmark = pytest.mark.needs("openssl")


def hops(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {(age.hop, age.what) for age in snapshot.ages}


async def test_page_and_metrics_tell_of_the_certificate_of_a_lock_server_and_of_tokens(tmp_path: Path) -> None:
    async with real_hotel(tmp_path, visionline_encoders=1) as hotel, hotel.agent() as agent:
        server = f"lock-server:127.0.0.1:{hotel.visionline_port}"
        wanted = {(server, "certificate"), ("mews", "token"), ("lock-server:coder-bridge", "token")}
        snapshot = await agent.wait_snapshot(lambda seen: hops(seen) >= wanted)
        (certificate,) = (age for age in snapshot.ages if age.what == "certificate")
        assert certificate.until > snapshot.box.time
        assert all(age.since for age in snapshot.ages if age.what == "token")
        metrics = (await agent.get("metrics")).text
        (line,) = (each for each in metrics.splitlines() if each.startswith("nightporter_certificate_remaining"))
        assert f'of="{server}"' in line
        assert float(line.split()[-1]) > 3600
