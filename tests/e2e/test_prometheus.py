"""A real Prometheus takes what the box tells by itself, also 36 hours late, and an alert fires and resolves.

And its promtool finds nothing to say about /metrics and the alerts that come with the box.
"""

import json
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
import trio

from agent.foundation.http import Peer
from agent.foundation.timing import utc_now
from agent.health.health import Health
from agent.status.snapshot.snapshot import Snapshot
from agent.status.telemetry.metrics import families, render
from agent.status.telemetry.ring import Ring
from agent.status.telemetry.write_request import series_of
from agent.status.telling.remote_write import RemoteWrite
from agent.status.telling.webhook import Told, Webhook
from tests.free_port import free_port
from tests.provisioning.text import EXAMPLES
from tests.status.samples import fault, hostile, snapshot
from tests.status.telemetry.test_metrics import FULL

CONFIG = """
global: {evaluation_interval: 1s}
storage: {tsdb: {out_of_order_time_window: 48h}}
rule_files: [alerts.yml]
"""
PATIENCE = 30  # s that the real thing may take for what it does in one or two


async def get(base: str, path: str) -> Any:
    def ask() -> Any:
        with urlopen(Request(base + path), timeout=5) as answer:
            return json.loads(answer.read())["data"]

    return await trio.to_thread.run_sync(ask)


async def is_up(base: str) -> bool:
    try:
        await trio.to_thread.run_sync(lambda: urlopen(f"{base}/-/ready", timeout=1).close())
    except HTTPError as error:  # not ready yet; an open answer itself
        error.close()
        return False
    except OSError:
        return False
    return True


@asynccontextmanager
async def prometheus(folder: Path) -> AsyncIterator[str]:
    (folder / "prometheus.yml").write_text(CONFIG)
    rules = (EXAMPLES / "alerts.yml").read_text()
    (folder / "alerts.yml").write_text(re.sub(r"for: \d+m", "for: 1s", rules))
    port = free_port()
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-remote-write-receiver",
        "--log.level=warn",
    ]
    process = subprocess.Popen(  # noqa: ASYNC220 - it is there in a moment
        command, stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        await until(partial(is_up, base))
        yield base
    finally:
        process.terminate()
        process.wait(10)


class Box:
    """What is so, which a test changes."""

    def __init__(self) -> None:
        self.now = snapshot()

    @asynccontextmanager
    async def telling(self, base: str, ring: Ring, every: float = 0.5) -> AsyncIterator[RemoteWrite]:
        async with Peer(base, connections=1) as peer, trio.open_nursery() as nursery:
            write = RemoteWrite(
                *(peer, "/api/v1/write", ring, lambda: series_of(families(self.now, FULL))),
                Health(trio.current_time),
                common={"job": "nightporter", "instance": "aurora-desk"},
                headers={},
                clock=trio.current_time,
                now=utc_now,
                every=every,
            )
            nursery.start_soon(write.run)
            yield write
            nursery.cancel_scope.cancel()


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    with trio.fail_after(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - another process tells only when it is asked
            await trio.sleep(0.1)


async def is_firing(base: str) -> bool:
    return ("NoKeyCouldBeCut", "firing") in await alerts(base)


async def is_calm(base: str) -> bool:
    return not await alerts(base)


async def alerts(base: str) -> list[tuple[str, str]]:
    found = await get(base, "/api/v1/alerts")
    return [(alert["labels"]["alertname"], alert["state"]) for alert in found["alerts"]]


async def values(base: str, query: str, at: datetime) -> list[Any]:
    found = await get(base, f"/api/v1/query?query={quote(query)}&time={at.timestamp()}")
    return list(found["result"])


@pytest.mark.needs("prometheus")
async def test_prometheus_takes_figures_and_its_alert_fires_and_resolves(tmp_path: Path) -> None:
    box = Box()
    async with prometheus(tmp_path) as base, box.telling(base, Ring()):
        await until(lambda: values(base, "nightporter_keys_possible == 1", utc_now()))
        [one] = await values(base, "nightporter_orders_total{kind='key'}", utc_now())
        assert one["metric"] == {
            "__name__": "nightporter_orders_total",
            "instance": "aurora-desk",
            "job": "nightporter",
            "kind": "key",
            "outcome": "done",
        }
        assert one["value"][1] == "12"
        box.now = snapshot(fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge"))
        await until(partial(is_firing, base))
        box.now = snapshot()
        await until(partial(is_calm, base))
        assert await values(base, "nightporter_fault_active", utc_now()) == []  # it ended with the fault


@pytest.mark.needs("prometheus")
async def test_figures_that_come_36_hours_late_can_be_asked_for(tmp_path: Path) -> None:
    box, ring = Box(), Ring()
    start, hours = trio.current_time() - 36 * 3600, 36 * 60
    for minute in range(hours):
        ring.add(start + minute * 60, series_of(families(box.now, FULL)))
    async with prometheus(tmp_path) as base:
        async with box.telling(base, Ring()):  # newer ones are there already
            await until(lambda: values(base, "nightporter_up", utc_now()))
        async with box.telling(base, ring, every=60.0) as late:
            then = utc_now() - timedelta(hours=35, minutes=50)
            await until(lambda: values(base, "nightporter_up", then))
            assert late.refused == 0


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("shown", [snapshot(), snapshot(fault("E-MEWS-TOKEN", "mews")), hostile()])
def test_promtool_finds_nothing_to_say_about_metrics(shown: Snapshot) -> None:
    page = render(shown, FULL).encode("utf-8", "replace")
    done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


@pytest.mark.needs("promtool")
def test_promtool_takes_the_alerts_that_come_with_the_box() -> None:
    done = subprocess.run(["promtool", "check", "rules", str(EXAMPLES / "alerts.yml")], capture_output=True)
    assert done.returncode == 0, done.stderr


async def test_a_plain_receiver_hears_of_red_and_green() -> None:
    heard: list[dict[str, Any]] = []

    async def has_heard(messages: int) -> bool:
        return len(heard) >= messages

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        begin = trio.current_time()
        health = Health(trio.current_time)
        box = {"is_red": True}
        peer = Peer(f"http://127.0.0.1:{server.server_address[1]}", connections=1)
        red = fault("E-MEWS-TOKEN", "mews")
        hook = Webhook(
            *(peer, "/", Told(), lambda: snapshot(*([red] if box["is_red"] else [])), health),
            headers={},
            clock=lambda: begin + (trio.current_time() - begin) * 30,  # a minute takes two seconds
            now=lambda: datetime.now(UTC),
        )
        health.raise_fault(red.kind, "mews")
        async with peer, trio.open_nursery() as nursery:
            nursery.start_soon(hook.run)
            await until(lambda: has_heard(1))
            box["is_red"] = False
            health.clear("mews", red.kind)
            await until(lambda: has_heard(2))
            nursery.cancel_scope.cancel()
        server.shutdown()
    assert [message["level"] for message in heard] == ["fault", "ok"]
