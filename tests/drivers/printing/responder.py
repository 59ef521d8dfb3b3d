"""A machine that answers multicast DNS, for tests: what it says, the tests write (`nearby/written.py`).

`python -m tests.drivers.printing.responder ADDRESS FIFO` is one printer at that address of a network of its own;
it writes a line into FIFO as soon as it answers.
"""

import socket
import struct
import sys
from collections.abc import Callable, Sequence
from functools import partial

import trio

from agent.drivers.printing.search import GROUP, PORT
from tests.drivers.printing.nearby.written import IPPS, printer

Answers = Callable[[bytes], Sequence[bytes]]  # a question's bytes -> what is answered, a packet each


async def respond(
    port: int,
    answers: Answers,
    *,
    address: str = "127.0.0.1",
    is_direct: bool = False,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Answer each question at this port, to all, or (`is_direct`) to the one who asks; until cancelled."""
    with socket_at(port, address) as line:
        task_status.started()
        while True:
            packet, asker = await line.recvfrom(9000)
            if len(packet) > 12 and not packet[2] & 0x80:  # a question, and no answer of our own
                for answer in answers(packet):
                    await line.sendto(answer, asker if is_direct else (GROUP, port))


def socket_at(port: int, address: str) -> trio.socket.SocketType:
    """A socket as a responder has it, in the group on the interface with that address."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.bind(("", port))
    membership = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(address))
    line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    return trio.socket.from_stdlib_socket(line)


async def _be_printer(address: str, fifo: trio.Path) -> None:
    def answers(_question: bytes) -> Sequence[bytes]:
        return [printer(at=address), printer(at=address, type_=IPPS)]

    async with trio.open_nursery() as nursery:
        await nursery.start(partial(respond, PORT, answers, address=address))
        await fifo.write_text("ready\n")


if __name__ == "__main__":
    trio.run(_be_printer, sys.argv[1], trio.Path(sys.argv[2]))
