"""What avahi-browse writes, read: its escapes, several networks, and whatever else comes out of a program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.nearby.avahi import MOST_LINES, services
from agent.drivers.printing.nearby.found import Service

# As avahi 0.8 writes it (Debian 12), of a simulated printer that two networks have.
RECORDED = rb"""+;eth0;IPv6;Laser\0321\032\195\188ber\059\032\040A\.B\041;_ipp._tcp;local
+;eth0;IPv4;Laser\0321\032\195\188ber\059\032\040A\.B\041;_ipp._tcp;local
=;eth0;IPv6;Laser\0321\032\195\188ber\059\032\040A\.B\041;_ipp._tcp;local;laser.local;fd00::30;631;"pdl=application/pdf,image/urf" "ty=La\"ser;1000" "rp=ipp/print"
=;eth0;IPv4;Laser\0321\032\195\188ber\059\032\040A\.B\041;_ipp._tcp;local;laser.local;10.4.5.30;631;"pdl=application/pdf,image/urf" "ty=La\"ser;1000" "rp=ipp/print"
=;eth0;IPv4;Plain;_ipps._tcp;local;plain.local;10.4.5.31;443;
"""  # noqa: E501
TEXTS = (b"pdl=application/pdf,image/urf", b'ty=La"ser;1000', b"rp=ipp/print")


def test_a_recorded_answer_is_read() -> None:
    assert services(RECORDED) == (
        Service("Laser 1 über; (A.B)", "_ipp._tcp", "laser.local", 631, ("fd00::30", "10.4.5.30"), TEXTS),
        Service("Plain", "_ipps._tcp", "plain.local", 443, ("10.4.5.31",), ()),
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"=;eth0;IPv4;x",
        b"-;eth0;IPv4;Plain;_ipp._tcp;local;plain.local;10.4.5.31;631;",
        b"=;eth0;IPv4;Web;_http._tcp;local;plain.local;10.4.5.31;80;",
        b"=;eth0;IPv4;Plain;_ipp._tcp;local;plain.local;10.4.5.31;x;",
        b"=;eth0;IPv4;Plain;_ipp._tcp;local;plain.local;10.4.5.31;123456;",
        b"Failed to create client object: Daemon not running",
    ],
)
def test_what_is_no_resolved_printer_is_left_out(line: bytes) -> None:
    assert services(line) == ()


def test_an_address_that_is_none_and_a_byte_that_is_none_do_no_harm() -> None:
    [service] = services(b"=;eth0;IPv4;a\\999b\\;_ipp._tcp;local;h;nonsense;631;")
    assert (service.name, service.addresses) == ("a?b\\", ())


def test_a_flood_of_lines_is_cut() -> None:
    flood = b"\n".join(b"=;e;IPv4;P%d;_ipp._tcp;local;h;10.4.5.30;631;" % number for number in range(5000))
    assert len(services(flood)) == MOST_LINES


@given(st.binary(max_size=400))
def test_no_bytes_at_all_end_in_an_error(noise: bytes) -> None:
    assert len(services(noise)) <= 1 + noise.count(b"\n")
    services(b"=;e;IPv4;" + noise.replace(b";", b"") + b";_ipp._tcp;local;h;10.4.5.30;631;" + noise)
