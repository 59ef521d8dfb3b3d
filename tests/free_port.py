"""A port of the loopback that stays free until a test takes it.

Any port that the kernel gives out by itself may be another process's a moment later. Below those (from 32768 on;
ip(7), ip_local_port_range) only who asks for a port by its number has it.
"""

import random
import socket
from contextlib import suppress

_CHANCE = random.SystemRandom()  # not one that tests seed: two workers would try the same ports


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """One that no one uses just now."""
    while True:
        port = _CHANCE.randrange(20_000, 32_768)
        with socket.socket(socket.AF_INET, kind) as line, suppress(OSError):
            line.bind(("127.0.0.1", port))
            return port
