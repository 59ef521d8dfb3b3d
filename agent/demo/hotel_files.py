"""The demo's hotel on disk: its provisioning file, and the site profile that its simulated bridge has proved.

Must never be taken for a real site: every entry says that only a simulator confirmed it.
"""

from pathlib import Path

import msgspec

from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from agent.simulators.mews.switches import DEMO_TOKEN

NAMES = {"1": "Front desk left", "2": "Front desk right", "3": "Concierge"}  # encoders, as people call them

CONSOLE_CODE = "demo-hotel"

_FILE = """\
format = 1

[box]
name = "demo-hotel"
timezone = "Europe/Vienna"

[console]
code = "{code}"

[mews]
dialect = "2016"
platform = "{mews}"
connector_token = "{token}"
poll_seconds = 1.0

[coder_bridge]
active = true
server = "{bridge}"
username = "{username}"
password = "{password}"
profile = "simulated-bridge.toml"
"""
_ENCODER = """
[[coder_bridge.encoders]]
name = "{name}"
identifier = "{identifier}"
key_cutters = ["{identifier}"]
"""
_PROVED: dict[
    str, dict[str, str | bool]
] = {  # what a key needs and no public source confirms, as the simulator has it
    "calls.guest_key": {"method": "POST", "path": "/pms/cikey", "answer": "result"},
    "calls.guest_key.fields": {"room": "rm", "encoder": "enco", "start": "movein", "end": "moveout"},
    "dates": {"pattern": "MM/dd/yyyy", "zone": "hotel", "precision": "day", "send_start": True},
    "duplicates": {"how": "repeat"},
}


class Site(msgspec.Struct, frozen=True):
    """Where the demo's files are."""

    config: Path
    state: Path


def write_site(folder: Path, mews_port: int, bridge_port: int, bridge: CoderBridgeSwitches) -> Site:
    """Write both files into `folder`, for simulators on these ports of the loopback."""
    (folder / "simulated-bridge.toml").write_text(_profile())
    config = folder / "provisioning.toml"
    config.write_text(_provisioning(mews_port, bridge_port, bridge))
    return Site(config, folder / "state")


def _provisioning(mews_port: int, bridge_port: int, bridge: CoderBridgeSwitches) -> str:
    text = _FILE.format(
        mews=f"http://127.0.0.1:{mews_port}",
        token=DEMO_TOKEN,
        bridge=f"http://127.0.0.1:{bridge_port}",
        username=bridge.client_id,
        password=bridge.client_pw,
        code=CONSOLE_CODE,
    )
    return text + "".join(_ENCODER.format(name=name, identifier=identifier) for identifier, name in NAMES.items())


def _profile() -> str:
    lines = ['base = "coder-bridge-v2"']
    for group, entries in _PROVED.items():
        lines.append(f"[{group}]")
        lines += [f"{name} = {_entry(value)}" for name, value in entries.items()]
    return "\n".join(lines) + "\n"


def _entry(value: str | bool) -> str:
    written = msgspec.json.encode(value).decode()  # texts and booleans are the same in TOML
    return f'{{ value = {written}, confirmed = true, source = "the demo\'s simulated bridge, nothing real" }}'
