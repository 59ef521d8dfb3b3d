"""A printer as the file would have it: its address, its lines, whether it is there already."""

import re
import tomllib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.printing.nearby.found import (
    NearPrinter,
    Service,
    lines_for_file,
    name_in_file,
    names_for,
    printers,
    uri_of,
)
from agent.foundation.reading.text import PLAIN
from provisioning.model import Printer
from tests.provisioning.text import COMPLETE, good

TEXTS = (b"rp=ipp/print", b"ty=Laser 1000", b"note=1st floor", b"pdl=application/pdf,image/urf")
LASER = Service("Laser 1", "_ipp._tcp", "laser.local", 631, ("10.4.5.30",), TEXTS)
SECURED = msgspec.structs.replace(LASER, type="_ipps._tcp", certificate="ab" * 32)


def with_(service: Service = LASER, **changes: object) -> Service:
    return msgspec.structs.replace(service, **changes)


def one(*services: Service) -> NearPrinter:
    [printer] = printers(services)
    return printer


def test_both_services_of_a_printer_are_one_printer() -> None:
    printer = one(SECURED, with_(name="LASER 1", host="LASER.local"))
    assert (printer.name, printer.model, printer.place) == ("LASER 1", "Laser 1000", "1st floor")
    assert (printer.main, printer.secured, printer.has_pdf) == (printer.unsecured, SECURED, "yes")


def test_printers_stand_in_the_order_of_their_names() -> None:
    found = printers([with_(name="b", host="b"), with_(name="A", host="a"), with_(name="b", host="c")])
    assert [each.main.host for each in found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("texts", "model", "place", "has_pdf"),
    [
        ((), "", "", "not told"),
        ((b"ty=", b"product=(Laser X)"), "Laser X", "", "not told"),
        ((b"TY=A", b"ty=B", b"flag", b"pdl=image/urf,,image/urf"), "A", "", "no"),
        ((b"ty=\xff\x1b[2J", b"note=" + b"x" * 200), "\ufffd [2J", "x" * 59 + "…", "not told"),
        ((b"pdl=" + b"a/b," * 100 + b"application/pdf",), "", "", "no"),
    ],
)
def test_what_it_tells_of_itself_is_plain_and_short(
    texts: tuple[bytes, ...], model: str, place: str, has_pdf: str
) -> None:
    printer = one(with_(texts=texts))
    assert (printer.model, printer.place, printer.has_pdf) == (model, place, has_pdf)


@pytest.mark.parametrize(
    ("service", "uri"),
    [
        (LASER, "ipp://10.4.5.30/ipp/print"),
        (SECURED, "ipps://10.4.5.30/ipp/print"),
        (with_(port=8631), "ipp://10.4.5.30:8631/ipp/print"),
        (with_(texts=()), "ipp://10.4.5.30/ipp/print"),
        (with_(texts=(b"rp=",)), "ipp://10.4.5.30/"),
        (with_(texts=(b"rp=/printers/B\xc3\xbcro 1?x#y",)), "ipp://10.4.5.30/printers/B%C3%BCro%201%3Fx%23y"),
        (with_(texts=(b"rp=a@b\\c",)), "ipp://10.4.5.30/a%40b%5Cc"),
        (with_(addresses=("fd00::30", "10.4.5.30")), "ipp://10.4.5.30/ipp/print"),
        (with_(addresses=("169.254.1.1", "fd00::30")), "ipp://169.254.1.1/ipp/print"),
        (with_(addresses=("169.254.1.1", "10.4.5.30")), "ipp://10.4.5.30/ipp/print"),
        (with_(addresses=("fe80::1", "fd00::30")), "ipp://[fd00::30]/ipp/print"),
        (with_(addresses=("fe80::1",)), ""),
        (with_(addresses=()), ""),
        (with_(addresses=("0.0.0.0",)), ""),
        (with_(addresses=("224.0.0.251",)), ""),
        (with_(port=0), ""),
        (with_(port=70_000), ""),
    ],
)
def test_its_address_is_written_as_the_file_takes_it_or_not_at_all(service: Service, uri: str) -> None:
    assert uri_of(service) == uri


@pytest.mark.parametrize(
    ("uri", "is_known"),
    [
        ("ipp://10.4.5.30/ipp/print", True),
        ("ipps://10.4.5.30:631/ipp/print/", True),
        ("ipp://laser.local/ipp/print", True),
        ("ipp://10.4.5.30:8631/ipp/print", False),
        ("ipp://10.4.5.30/printers/other", False),
        ("ipp://10.4.5.31/ipp/print", False),
        ("socket://10.4.5.30:9100", False),
    ],
)
def test_a_printer_of_the_file_is_known_by_address_port_and_path(uri: str, is_known: bool) -> None:
    file = (Printer("Bar", "ipp://10.4.5.99/ipp/print"), Printer("Front Office", uri))
    assert name_in_file(one(LASER), file) == ("Front Office" if is_known else "")


def test_a_printer_of_the_file_is_known_by_its_secured_service_too() -> None:
    file = (Printer("Front Office", "ipps://[fd00::30]:443/ipp/print"),)
    secured = with_(SECURED, port=443, addresses=("FD00::30",))
    assert name_in_file(one(LASER, secured), file) == "Front Office"


def test_the_lines_of_a_printer_are_a_section_that_the_file_takes() -> None:
    lines = lines_for_file(one(LASER), 'La"ser 1')
    assert lines == [
        "# Laser 1000 (1st floor)",
        "[[printers]]",
        'name = "La\\"ser 1"',
        'uri = "ipp://10.4.5.30/ipp/print"',
    ]
    file = good(COMPLETE + "\n" + "\n".join(lines))
    assert file.printers[-1] == Printer('La"ser 1', "ipp://10.4.5.30/ipp/print")


def test_a_printer_with_tls_beside_it_has_that_as_a_comment() -> None:
    assert lines_for_file(one(LASER, SECURED), "Laser 1")[4:] == [
        "# or, encrypted:",
        '# uri = "ipps://10.4.5.30/ipp/print"',
        f'# certificate_sha256 = "{"ab" * 32}"',
    ]
    assert len(lines_for_file(one(LASER, with_(SECURED, addresses=())), "Laser 1")) == 4


def test_a_printer_with_tls_alone_has_its_certificate_or_says_that_it_showed_none() -> None:
    lines = lines_for_file(one(with_(SECURED, texts=(b"rp=ipp/print",))), "Laser 1")
    assert lines[0] == "# Laser 1"
    assert tomllib.loads("\n".join(lines))["printers"][0]["certificate_sha256"] == "ab" * 32
    assert "it showed none" in lines_for_file(one(with_(SECURED, certificate="")), "Laser 1")[-1]


def test_a_printer_without_a_usable_address_is_a_comment() -> None:
    lines = lines_for_file(one(with_(addresses=())), "Laser 1")
    assert ("no address" in lines[1], [line[0] for line in lines]) == (True, ["#", "#"])


def test_no_two_lines_have_one_name() -> None:
    found = printers([with_(name=name, host=host) for name, host in (("x", "a"), ("X", "b"), ("y", "c"))])
    assert names_for(found, ["Y", "x 2"]) == ["x", "X 3", "y 2"]


def test_a_printer_without_a_name_is_called_something() -> None:
    assert one(with_(name="\x00")).name == "Printer"


def test_no_printer_is_none() -> None:
    with pytest.raises(AssertionError):
        _ = NearPrinter("x", "", "", ()).main


@given(st.text(max_size=80), st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 65535))
def test_whatever_a_printer_tells_its_lines_stay_a_section(name: str, ty: bytes, rp: bytes, port: int) -> None:
    printer = one(with_(name=name, port=port, texts=(b"ty=" + ty, b"note=" + ty, b"rp=" + rp)))
    lines = lines_for_file(printer, printer.name)
    written = tomllib.loads("\n".join(lines))
    assert [set(each) for each in written.get("printers", [])] in ([], [{"name", "uri"}])
    assert all(re.match(PLAIN, line) for line in lines)
