"""What a snapshot tells beyond hops, faults and orders, as plain inputs. Pure; each may be absent.

As in `facts.py`: no struct has a place for a guest's name, a secret or a command's `Data`.
"""

import msgspec

from agent.status.snapshot.act_lines import ActFacts
from agent.status.snapshot.devices import DeviceFacts
from agent.status.snapshot.history import SlotFacts
from agent.status.snapshot.surroundings import AgeFacts, Network
from agent.status.snapshot.work import WorkFacts


class MoreFacts(msgspec.Struct, frozen=True):
    """`under_way` the most urgent first, `history` the oldest first, `acts` the newest first."""

    under_way: tuple[WorkFacts, ...] = ()
    devices: tuple[DeviceFacts, ...] = ()
    history: tuple[SlotFacts, ...] = ()
    network: Network = Network()
    ages: tuple[AgeFacts, ...] = ()
    acts: tuple[ActFacts, ...] = ()


NO_MORE = MoreFacts()
