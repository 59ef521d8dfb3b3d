"""Asks the box's own networks for printers: through avahi where its program is and answers, else by a question of
our own.

Prints nothing, and connects to what it finds only for the certificate of TLS, in the box's own networks alone.
What comes back is data of strangers: each step of it is bounded, also in number.
"""

import os
import socket
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from ipaddress import IPv4Address, ip_address
from shutil import which

import msgspec
import trio

from agent.drivers.printing.nearby import avahi, dns
from agent.drivers.printing.nearby.answers import Heard, first_questions
from agent.drivers.printing.nearby.found import TYPES, Look, Service
from agent.foundation import tls
from board.addresses import Place

GROUP, PORT = "224.0.0.251", 5353  # RFC 6762, section 3
SECONDS = 4.0  # s; printers wait up to half a second, and some wake up first
ROUNDS = (0.0, 1.0, 1.5)  # s before each asking; RFC 6762, section 5.2: a second at least between two
MOST_PACKETS = 2000  # in one search; a hotel full of devices sends some hundred
AVAHI_SECONDS = 10.0  # s; it takes one
AVAHI = "avahi-browse"
_MOST_CERTIFICATES, _AT_ONCE = 40, 8

IsNear = Callable[[str], bool | None]  # whether an address is in the box's own network; None: it cannot be told


class Wire(msgspec.Struct, frozen=True):
    """How it is asked: the group and port of mDNS, for how long, and avahi's program ("" for none)."""

    group: str = GROUP
    port: int = PORT
    seconds: float = SECONDS
    avahi: str = ""


def usual_wire() -> Wire:
    """The one of this machine."""
    return Wire(avahi=which(AVAHI) or "")


class Answered(msgspec.Struct, frozen=True):
    """The services that were told, and the addresses of the box from which it was asked."""

    services: tuple[Service, ...]
    asked_from: frozenset[str]


async def look_around(places: Sequence[Place], is_near: IsNear, wire: Wire) -> Look:
    """The printers that tell of themselves at these places."""
    names = {address: place.interface for place in places if (address := _ipv4(place))}
    answered, by = Answered(await _by_avahi(wire.avahi) if wire.avahi else (), frozenset(names)), AVAHI
    if not answered.services:
        answered, by = await ask(tuple(names), wire), "mDNS"
    at = tuple(f"{name} ({address})" for address, name in names.items() if address in answered.asked_from)
    return Look(await _with_certificates(answered.services, is_near), at, by, wire.seconds)


async def ask(addresses: Sequence[str], wire: Wire) -> Answered:
    """Ask by a question of our own, sent from each of these addresses of the box; a network that cannot be asked
    just now is left out."""
    heard = Heard()
    with _socket(wire) as line:
        asked = {address for address in addresses if _has_joined(line, wire.group, address)}
        with trio.move_on_after(wire.seconds if asked else 0):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_listen, line, heard)
                for pause in ROUNDS:
                    await trio.sleep(pause)
                    message = dns.query((*first_questions(), *heard.questions()))
                    asked -= {address for address in asked if not await _is_sent(line, message, address, wire)}
                await trio.sleep_forever()
    return Answered(heard.services(), frozenset(asked))


def _socket(wire: Wire) -> trio.socket.SocketType:
    """At mDNS' own port, which others of this machine have as well: answers then come to all of them, and through
    the box's firewall. Where another program keeps the port for itself, at any port: answers come to us alone."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    try:
        line.bind(("", wire.port))
    except OSError:
        line.bind(("", 0))
    return trio.socket.from_stdlib_socket(line)


def _has_joined(line: trio.socket.SocketType, group: str, address: str) -> bool:
    membership = socket.inet_aton(group) + socket.inet_aton(address)
    try:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError:  # an interface that went away, or has no multicast
        return False
    return True


async def _is_sent(line: trio.socket.SocketType, message: bytes, address: str, wire: Wire) -> bool:
    try:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        await line.sendto(message, (wire.group, wire.port))
    except OSError:  # its cable was pulled
        return False
    return True


async def _listen(line: trio.socket.SocketType, heard: Heard) -> None:
    for _ in range(MOST_PACKETS):
        try:
            heard.add(dns.read(await line.recv(dns.MOST_BYTES)))
        except dns.NotDns:
            continue  # a stranger's noise


async def _by_avahi(program: str) -> tuple[Service, ...]:
    """What avahi knows; nothing where its daemon does not answer."""
    outputs: dict[str, bytes] = {}
    async with trio.open_nursery() as nursery:
        for type_ in TYPES:
            nursery.start_soon(_browse, program, type_, outputs)
    return tuple(service for type_ in TYPES for service in avahi.services(outputs[type_]))


async def _browse(program: str, type_: str, outputs: dict[str, bytes]) -> None:
    outputs[type_] = output = b""
    try:
        process = await trio.lowlevel.open_process(
            # Without --no-db-lookup it writes "Internet Printer" for the type.
            [program, "--resolve", "--parsable", "--terminate", "--no-db-lookup", type_],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except OSError:  # it cannot be run here: then the network is asked without it
        return
    try:
        with trio.move_on_after(AVAHI_SECONDS):
            while len(output) < avahi.MOST_BYTES and (piece := await _piece(process)):
                output += piece
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()
        outputs[type_] = output


async def _piece(process: trio.Process) -> bytes:
    assert process.stdout is not None
    return bytes(await process.stdout.receive_some(65_536))


async def _with_certificates(services: Sequence[Service], is_near: IsNear) -> tuple[Service, ...]:
    """The same, with the certificate that each of those with TLS shows."""
    seen: dict[Service, str] = {}
    places = trio.CapacityLimiter(_AT_ONCE)
    secured = [each for each in services if each.is_secured and each.address][:_MOST_CERTIFICATES]
    async with trio.open_nursery() as nursery:
        for service in secured:
            if is_near(service.address.strip("[]")):
                nursery.start_soon(_look, service, places, seen)
    return tuple(msgspec.structs.replace(each, certificate=seen.get(each, "")) for each in services)


async def _look(service: Service, places: trio.CapacityLimiter, seen: dict[Service, str]) -> None:
    async with places:
        shown = (await tls.find_speech(service.address.strip("[]"), service.port)).certificate
    seen[service] = sha256(shown).hexdigest() if shown else ""


def _ipv4(place: Place) -> str:
    return next((each for each in place.addresses if isinstance(ip_address(each), IPv4Address)), "")
