"""The search for printers over real sockets: multicast on the loopback, and a stand-in for avahi's program."""

import hashlib
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
import trio
import trustme
from msgspec import structs

from agent.drivers.printing import search
from agent.drivers.printing.nearby.found import Look, Service
from agent.drivers.printing.search import Wire, ask, look_around
from agent.foundation.reach import server_at
from board.addresses import Place
from tests.drivers.printing.nearby.written import IPP, IPPS, PTR, message, name, printer, record
from tests.drivers.printing.responder import respond, socket_at
from tests.free_port import free_port
from tests.raw_server import RawServer, Stream, raw_server

HOME = Place("lo", ("127.0.0.1",))
TEXTS = (b"rp=ipp/print", b"ty=Laser 1000", b"pdl=application/pdf,image/urf")
LASER = Service("Laser 1", "_ipp._tcp", "laser.local", 631, ("10.4.5.30",), TEXTS)
SECONDS = 1.5  # s; an answer comes at once, and one asking more fits in


def near(_address: str) -> bool:
    return True


@pytest.fixture
def wire() -> Wire:
    return Wire(port=free_port(socket.SOCK_DGRAM), seconds=SECONDS)


async def test_without_a_program_of_avahi_that_can_be_run_the_network_is_asked(
    wire: Wire, nursery: trio.Nursery, tmp_path: Path
) -> None:
    await nursery.start(respond, wire.port, lambda _: [printer()])
    look = await look_around([HOME], near, structs.replace(wire, avahi=str(tmp_path / "avahi-browse")))
    assert (look.services, look.by) == ((LASER,), "mDNS")


async def test_a_printer_that_answers_all_is_found(wire: Wire, nursery: trio.Nursery) -> None:
    await nursery.start(respond, wire.port, lambda _: [printer()])
    look = await look_around([HOME], near, wire)
    assert look == Look((LASER,), ("lo (127.0.0.1)",), "mDNS", SECONDS)


async def test_a_printer_that_answers_the_one_who_asks_is_found(wire: Wire) -> None:
    async with trio.open_nursery() as nursery:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:  # keeps the port, so that ours is another
            other.bind(("", wire.port))
            asked = trio.socket.from_stdlib_socket(other.dup())
            _join(asked)

            async def answer() -> None:
                _, asker = await asked.recvfrom(9000)
                assert asker[1] != wire.port
                await asked.sendto(printer(), asker)

            nursery.start_soon(answer)
            answered = await ask(["127.0.0.1"], wire)
            asked.close()
    assert answered.services == (LASER,)


def _join(line: trio.socket.SocketType) -> None:
    membership = socket.inet_aton(search.GROUP) + socket.inet_aton("127.0.0.1")
    line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)


async def test_one_that_tells_little_is_asked_on(wire: Wire, nursery: trio.Nursery) -> None:
    instance = name("Laser 1", *IPP)

    def answers(question: bytes) -> Sequence[bytes]:
        if instance in question:
            return [printer()]
        return [message(record(name(*IPP), PTR, instance, class_=1))]

    await nursery.start(respond, wire.port, answers)
    assert (await ask(["127.0.0.1"], wire)).services == (LASER,)


async def test_noise_and_strangers_questions_hide_no_printer(wire: Wire, nursery: trio.Nursery) -> None:
    noise = [b"", b"\xff" * 500, bytes(12), printer()[:40], message(), b"GET / HTTP/1.0\r\n\r\n"]
    await nursery.start(respond, wire.port, lambda _: [*noise, message(flags=0), printer()])
    assert (await ask(["127.0.0.1"], wire)).services == (LASER,)


async def test_a_flood_ends_with_the_search(wire: Wire, nursery: trio.Nursery) -> None:
    async def flood() -> None:
        with socket_at(wire.port, "127.0.0.1") as line:
            while True:
                await line.sendto(b"\x84" * 100, (search.GROUP, wire.port))

    nursery.start_soon(flood)
    began = trio.current_time()
    assert (await ask(["127.0.0.1"], wire)).services == ()
    assert trio.current_time() - began < SECONDS + 2


async def test_silence_names_where_it_was_asked(wire: Wire) -> None:
    look = await look_around([HOME, Place("eth9", ("fd00::1",)), Place("eth8", ("203.0.113.77",))], near, wire)
    assert look == Look((), ("lo (127.0.0.1)",), "mDNS", SECONDS)  # the others have no IPv4, or are not here


async def test_without_a_network_nothing_is_asked_nor_waited_for() -> None:
    began = trio.current_time()
    assert (await look_around([], near, Wire(port=free_port(socket.SOCK_DGRAM), seconds=60.0))).at == ()
    assert trio.current_time() - began < 10


# -- avahi --------------------------------------------------------------------------------------------------------


def program(folder: Path, script: str) -> str:
    """A stand-in for avahi-browse."""
    path = folder / "avahi-browse"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


async def test_where_avahi_answers_nothing_else_is_asked(tmp_path: Path) -> None:
    line = '=;eth0;IPv4;Laser\\0321;_ipp._tcp;local;laser.local;10.4.5.30;631;"rp=ipp/print"'
    script = f"""test "$1 $2 $3 $4" = "--resolve --parsable --terminate --no-db-lookup" || exit 3
test "$5" = _ipp._tcp && cat <<'END'
{line}
END"""
    look = await look_around([HOME], near, Wire(port=1, seconds=60.0, avahi=program(tmp_path, script)))
    assert look.services == (
        Service("Laser 1", "_ipp._tcp", "laser.local", 631, ("10.4.5.30",), (b"rp=ipp/print",)),
    )
    assert look.by == "avahi-browse"


@pytest.mark.parametrize("script", ["echo 'Failed to create client object: Daemon not running' >&2; exit 1", ""])
async def test_where_avahi_knows_none_the_question_is_our_own(
    tmp_path: Path, wire: Wire, nursery: trio.Nursery, script: str
) -> None:
    await nursery.start(respond, wire.port, lambda _: [printer()])
    asked = Wire(port=wire.port, seconds=SECONDS, avahi=program(tmp_path, script))
    look = await look_around([HOME], near, asked)
    assert (look.services, look.by) == ((LASER,), "mDNS")


async def test_an_avahi_that_writes_without_end_is_cut_off(tmp_path: Path, wire: Wire) -> None:
    endless = program(tmp_path, "while :; do echo '=;noise'; done")
    with trio.fail_after(60):
        look = await look_around([HOME], near, Wire(port=wire.port, seconds=0.1, avahi=endless))
    assert look.services == ()


# -- certificates -------------------------------------------------------------------------------------------------

CERTIFICATE = trustme.CA().issue_cert("laser.local")
PIN = hashlib.sha256(ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())).hexdigest()


async def hear(_server: RawServer, stream: Stream) -> None:
    """Take the greeting of TLS, and wait until the other side hangs up."""
    assert await stream.receive_some() == b""


def context() -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(found)
    return found


async def secured(wire: Wire, nursery: trio.Nursery, *, is_near: bool) -> str:
    """The certificate that is seen of a printer with TLS."""
    server = await raw_server(nursery, hear, tls=context())
    port = server_at(server.base).port
    await nursery.start(respond, wire.port, lambda _: [printer(at="127.0.0.1", port=port, type_=IPPS)])
    [service] = (await look_around([HOME], lambda _: is_near, wire)).services
    return service.certificate


async def test_the_certificate_of_a_printer_with_tls_is_looked_at(wire: Wire, nursery: trio.Nursery) -> None:
    assert await secured(wire, nursery, is_near=True) == PIN


async def test_no_connection_goes_to_an_address_of_another_network(wire: Wire, nursery: trio.Nursery) -> None:
    assert await secured(wire, nursery, is_near=False) == ""


async def test_a_printer_that_shows_no_certificate_is_found_all_the_same(
    wire: Wire, nursery: trio.Nursery
) -> None:
    refusing = free_port(socket.SOCK_DGRAM)
    await nursery.start(respond, wire.port, lambda _: [printer(at="127.0.0.1", port=refusing, type_=IPPS)])
    [service] = (await look_around([HOME], near, wire)).services
    assert (service.type, service.certificate) == ("_ipps._tcp", "")
