"""A small hotel by value: its file, what Mews and the lock systems say, and how proposals are written into it."""

from agent.mews.records import Device, Devices, Space, SpaceKind, Spaces, SpaceState
from agent.rooms.audit.findings import LockList, Proposal
from provisioning.model import Provisioning
from provisioning.read import read

BRIDGE = "lock-server:coder-bridge"
LEFT = 'name = "Left"\nidentifier = "1"\nkey_cutters = ["1"]\n'
RIGHT = 'name = "Right"\nidentifier = "2"\nkey_cutters = ["2", "right-id"]\n'
BASE = """format = 1
[box]
name = "aurora-desk"
timezone = "Europe/Vienna"
[mews]
dialect = "2016"
platform = "https://demo.mews.li"
access_token = "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D"
"""
LOCKS = """[coder_bridge]
active = true
server = "http://10.4.5.6:7331"
username = "nightporter"
password = "blue kettle 4711"
"""


def text_of(doors: str = "", encoders: tuple[str, ...] = (LEFT, RIGHT), more: str = "") -> str:
    """The file of a hotel."""
    sections = "".join(f"[[coder_bridge.encoders]]\n{encoder}" for encoder in encoders)
    return BASE + (LOCKS + sections if encoders else "") + more + f"[doors]\n{doors}"


def provisioning(text: str) -> Provisioning:
    """The values of a file that has to be a good one."""
    reading = read(text.encode())
    assert reading.provisioning is not None, reading.problems
    return reading.provisioning


def file_of(doors: str = "", encoders: tuple[str, ...] = (LEFT, RIGHT), more: str = "") -> Provisioning:
    """The values of a hotel's file."""
    return provisioning(text_of(doors, encoders, more))


def room(number: str, *, bed_in: str = "", kind: SpaceKind = SpaceKind.ROOM, is_active: bool = True) -> Space:
    """A room, or a bed in the room of a number."""
    kind = SpaceKind.BED if bed_in else kind
    parent = f"id-{bed_in}" if bed_in else ""
    return Space(f"id-{number}", number, kind, SpaceState.CLEAN, f"kind-{kind}", parent, is_active)


def rooms(*spaces: Space | str, unreadable: int = 0) -> Spaces:
    """All of a hotel's."""
    found = (room(space) if isinstance(space, str) else space for space in spaces)
    return Spaces(tuple(found), (), unreadable)


def cutter(id: str, name: str, identifier: str = "", type_: str = "KeyCutter") -> Device:
    """A key cutter that is set up in Mews."""
    return Device(id, name, type_, identifier)


def devices(*all_: Device) -> Devices:
    """All of a hotel's."""
    return Devices(all_)


def lists(*doors: str) -> tuple[LockList, ...]:
    """What the one lock server of the file lists."""
    return (LockList(BRIDGE, doors),)


def applied(text: str, proposals: tuple[Proposal, ...]) -> str:
    """The file with each line where it says, literally."""
    for proposal in proposals:
        lines = text.splitlines()
        start = lines.index(f'name = "{proposal.encoder}"' if proposal.encoder else "[doors]") + 1
        if proposal.replaces:
            begin = f"{proposal.replaces} = "
            at = next(at for at in range(start, len(lines)) if lines[at].startswith(begin))
            lines[at] = proposal.line
        else:
            lines.insert(start, proposal.line)
        text = "\n".join(lines) + "\n"
    return text
