"""Answers put together: a printer that tells all at once, one that has to be asked on, and one that shouts."""

from agent.drivers.printing.nearby.answers import MOST_ADDRESSES, MOST_NAMES, Heard, first_questions
from agent.drivers.printing.nearby.dns import Kind, Pointer, Question, Record, Target, Texts, read
from agent.drivers.printing.nearby.found import Service
from tests.drivers.printing.nearby.written import IPP, IPPS, printer

LASER = ("Laser 1", *IPP)


def test_the_first_questions_are_for_both_kinds_of_printers() -> None:
    assert first_questions() == (Question(IPP, Kind.PTR), Question(IPPS, Kind.PTR))


def test_what_one_message_tells_is_a_service() -> None:
    heard = Heard()
    heard.add(read(printer()))
    texts = (b"rp=ipp/print", b"ty=Laser 1000", b"pdl=application/pdf,image/urf")
    assert heard.services() == (Service("Laser 1", "_ipp._tcp", "laser.local", 631, ("10.4.5.30",), texts),)
    assert heard.questions() == ()


def test_what_is_lacking_is_asked_for_step_by_step() -> None:
    heard = Heard()
    heard.add([Record(IPP, Pointer(LASER))])
    assert heard.services() == ()
    assert heard.questions() == (Question(LASER, Kind.SRV), Question(LASER, Kind.TXT))
    heard.add([Record(LASER, Target(("laser", "local"), 631)), Record(LASER, Texts((b"rp=x",)))])
    assert heard.questions() == (Question(("laser", "local"), Kind.A),)
    assert heard.services() == (Service("Laser 1", "_ipp._tcp", "laser.local", 631, (), (b"rp=x",)),)
    heard.add([Record(("LASER", "local"), "10.4.5.30")])
    assert (heard.questions(), heard.services()[0].addresses) == ((), ("10.4.5.30",))


def test_case_makes_no_second_printer_and_the_newest_place_counts() -> None:
    heard = Heard()
    heard.add(read(printer(port=8631)) + read(printer("LASER 1", host="LASER")))
    [service] = heard.services()
    assert (service.name, service.port) == ("LASER 1", 631)


def test_names_of_other_types_are_no_printers() -> None:
    heard = Heard()
    web = ("_http", "_tcp", "local")
    strange = [Pointer(("Web", *web)), Pointer(IPP), Pointer(()), Pointer(("", *IPP))]
    heard.add([Record(web, strange[0]), *(Record(IPP, pointer) for pointer in strange)])
    assert (heard.services(), heard.questions()) == ((), ())


def test_who_shouts_fills_no_memory() -> None:
    heard = Heard()
    for number in range(3 * MOST_NAMES):
        heard.add(read(printer(f"P{number}", host=f"h{number}", at=f"10.4.{number // 250}.{number % 250 + 1}")))
    heard.add([Record(("h1", "local"), f"10.5.0.{number}") for number in range(50)])
    assert len(heard.services()) == MOST_NAMES
    assert max(len(service.addresses) for service in heard.services()) == MOST_ADDRESSES


def test_the_root_is_asked_for_no_address() -> None:
    heard = Heard()
    heard.add([Record(IPP, Pointer(LASER)), Record(LASER, Target((), 0)), Record(LASER, Texts(()))])
    assert heard.questions() == ()


def test_controls_in_a_name_are_gone() -> None:
    heard = Heard()
    heard.add(read(printer("La\x1b[31mser\x00\udcff", host="ho\x07st")))
    [service] = heard.services()
    assert (service.name, service.host) == ("La [31mser", "ho st.local")
