"""Provisioning files for tests, put together from the shipped examples, filled in as an installer does it."""

import re
from importlib.resources import files

from provisioning.model import Provisioning
from provisioning.problems import Problem
from provisioning.read import read

EXAMPLES = files("provisioning") / "examples"
PASSWORD = "copper lamp 2093"
ACCESS_TOKEN = "2B8E61C4F0974D3CA5D2E87B916F04AA-7C3D9E5B10F8462EB97A4C6D83E2F51"
CLIENT_TOKEN = "9D40B7E2A15C4F8896E3D07C2B5A18F4-5E7A0C93D1B84F26A9E4C70D3F81B62"
PIN = "1d5a0c7e94b2f386" * 4


def filled_in(example: str) -> str:
    """The text of a shipped example with passwords and certificate of a hotel's own."""
    text = (EXAMPLES / example).read_text()
    for old, new in (("blue kettle 4711", PASSWORD), ("green teapot 1742", "silver spoon 5518")):
        text = text.replace(old, new)
    return re.sub(r'(?<=certificate_sha256 = ")[0-9a-f:]+', PIN, text)


MINIMAL = filled_in("minimal.toml")
COMPLETE = filled_in("provisioning.toml")


def minimal(old: str = "", new: str = "", add: str = "") -> str:
    """The minimal file with `old` (which must be there) replaced by `new`, and `add` at its end."""
    assert old in MINIMAL
    return (MINIMAL.replace(old, new, 1) if old else MINIMAL) + add


def current(add: str = "") -> str:
    """The minimal file in today's dialect, with `add` at the end of its section [mews]."""
    tokens = minimal("connector_token", 'client_token = "' + CLIENT_TOKEN + '"\naccess_token')
    tokens = tokens.replace("C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D", ACCESS_TOKEN)
    today = tokens.replace('"2016"', '"current"').replace("https://demo.mews.li", "https://mews.example")
    return today.replace("[coder_bridge]", f"{add}\n[coder_bridge]", 1)


def good(text: str) -> Provisioning:
    """The values of a file that must be without errors."""
    provisioning = read(text.encode()).provisioning
    assert provisioning is not None, read(text.encode()).problems
    return provisioning


def problems(text: str) -> tuple[Problem, ...]:
    """All problems of a file."""
    return read(text.encode()).problems


def the_problem(text: str) -> Problem:
    """The one problem of a file that must have exactly one."""
    [problem] = problems(text)
    return problem


TRUSTING = minimal(
    add="""
[page]
acting = "0.0.0.0:443"
password = "wicker boat 33"

[console]
code = "k7mp-3xqd"

[signing]
key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
number = 7
"""
)

QUEUE = """
[[printers]]
name = "Back Office"
uri = "ipp://127.0.0.1:631/printers/back-office"
device = "socket://10.4.5.31:9100"
model = "drv:///sample.drv/laserjet.ppd"
"""

CURRENT = (
    current(
        'push = "wss://ws.mews.com"\nenterprise = "851df8c8-90f2-4c4a-8e01-a4fc46b25178"\ncard_numbers = true\n'
    )
    + """
[limits]
max_open_balance = "12.50 EUR"

[room_sync]
active = true

[drill]
at = "05:30"
reservation = "2bbb5d8a-0492-4271-9941-cd6d89b81d43"
key_cutter = "63efb573-fc58-4065-b687-9bdd51568529"
"""
)
