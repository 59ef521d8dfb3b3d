"""Echo requests to an address or a name, four of them. ICMP's datagram sockets: icmp(7), RFC 792, RFC 4443."""

import socket
import struct
import time

from agent.box.helper.caller import Caller
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from agent.handover.helper import End, Ping
from provisioning.addresses import machine
from provisioning.problems import Wrong

PACKETS = 4
WAIT_SECONDS = 2.0  # s for each answer
PAUSE_SECONDS = 0.5  # s between two
_ECHO = {socket.AF_INET: (8, socket.IPPROTO_ICMP), socket.AF_INET6: (128, socket.IPPROTO_ICMPV6)}
_HEAD = struct.Struct("!BBHHH")  # type, code, checksum and id (the kernel's), number


def ping(request: Ping, caller: Caller) -> None:
    """Send the packets, and tell of each answer. Raises `UserMistake` for what is no host."""
    family, address = found(request.host)
    caller.say(f"{request.host} is {address[0]}.")
    answers = 0
    try:
        with socket.socket(family, socket.SOCK_DGRAM, _ECHO[family][1]) as line:
            for number in range(1, PACKETS + 1):
                if caller.has_left():
                    return
                answers += _one(line, family, address, number, caller)
    except OSError as error:
        raise NightPorterError(f"{request.host} cannot be asked: {reason_of(error)}.") from None
    caller.done(End.DONE if answers else End.FAILED, f"{answers} of {PACKETS} packets were answered.")


def found(host: str) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """The family and the address of a host. Raises `UserMistake`."""
    text = host.strip()
    try:
        name = machine(f"[{text}]" if ":" in text and not text.startswith("[") else text)
    except Wrong as wrong:
        raise UserMistake(f"The host {wrong.wrong}. {wrong.write}.") from None
    try:
        infos = socket.getaddrinfo(name.strip("[]"), None, type=socket.SOCK_DGRAM)
    except OSError:
        raise UserMistake(f"The name {name} is not known: name servers, or the name, are wrong.") from None
    family, _, _, _, address = infos[0]
    return family, (str(address[0]), 0)


def _one(
    line: socket.socket, family: socket.AddressFamily, address: tuple[str, int], number: int, caller: Caller
) -> int:
    begun = time.monotonic()
    line.sendto(_HEAD.pack(_ECHO[family][0], 0, 0, 0, number) + b"nightporter", address)
    until = begun + WAIT_SECONDS
    while (left := until - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            answer = line.recv(1024)
        except TimeoutError:
            break
        if len(answer) >= _HEAD.size and _HEAD.unpack_from(answer)[4] == number:
            caller.say(f"Packet {number}: answered after {(time.monotonic() - begun) * 1000:.1f} ms.")
            time.sleep(PAUSE_SECONDS if number < PACKETS else 0)
            return 1
    caller.say(f"Packet {number}: no answer within {WAIT_SECONDS:g} s.")
    return 0
