"""Messages of DNS: what is asked, what is read, and that no bytes at all do harm."""

import struct
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.drivers.printing.nearby.dns import (
    MOST_BYTES,
    MOST_QUESTIONS,
    Kind,
    NotDns,
    Pointer,
    Question,
    Record,
    Target,
    Texts,
    key,
    query,
    read,
)
from tests.drivers.printing.nearby import written
from tests.drivers.printing.nearby.written import IPP, address, message, name, pointer, printer, record, srv, txt


def test_a_question_is_written_as_the_standard_has_it() -> None:
    assert query([Question(IPP, Kind.PTR)]) == bytes.fromhex(
        "0000 0000 0001 0000 0000 0000 04 5f697070 04 5f746370 05 6c6f63616c 00 000c 0001"
    )


def test_a_message_asks_no_more_than_fits_into_a_packet() -> None:
    asked = query([Question(("x" * 63,), Kind.SRV)] * 100)
    assert (struct.unpack(">H", asked[4:6])[0], len(asked) < 1472) == (MOST_QUESTIONS, True)


@pytest.mark.parametrize("absurd", [("",), ("x" * 64,), ("x" * 63,) * 5])
def test_an_absurd_name_is_not_asked_for(absurd: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        query([Question(absurd, Kind.A)])


def test_an_answer_says_where_a_printer_is() -> None:
    instance, host = ("Laser 1", *IPP), ("laser", "local")
    assert read(printer()) == (
        Record(IPP, Pointer(instance)),
        Record(instance, Target(host, 631)),
        Record(instance, Texts((b"rp=ipp/print", b"ty=Laser 1000", b"pdl=application/pdf,image/urf"))),
        Record(host, "10.4.5.30"),
    )


def test_an_address_of_ipv6_is_read() -> None:
    assert read(message(record(name("laser", "local"), written.AAAA, address("fd00::30")))) == (
        Record(("laser", "local"), "fd00::30"),
    )


def test_names_may_point_back_into_the_message() -> None:
    first = record(name(*IPP), written.PTR, bytes([7]) + b"Laser 1" + pointer(12), class_=1)
    at = 12 + len(name(*IPP)) + 10  # where the first record's value begins
    data = message(first, record(pointer(at), written.SRV, struct.pack(">HHH", 0, 0, 631) + pointer(at)))
    instance = ("Laser 1", *IPP)
    assert read(data) == (Record(IPP, Pointer(instance)), Record(instance, Target(instance, 631)))


def test_questions_in_an_answer_are_passed_over_and_a_question_says_nothing() -> None:
    question = name(*IPP) + struct.pack(">HH", 12, 1)
    of = record(name("laser", "local"), written.A, address("10.4.5.30"))
    assert len(read(message(of, questions=question, asked=1))) == 1
    assert read(message(of, flags=0)) == ()


@pytest.mark.parametrize(
    "of_no_use",
    [
        record(name("laser", "local"), written.NSEC, b"whatever"),
        record(name("laser", "local"), written.A, address("10.4.5.30"), ttl=0),
        record(name("laser", "local"), written.A, address("10.4.5.30"), class_=3),
    ],
    ids=["another kind", "a goodbye", "another class"],
)
def test_what_is_of_no_use_is_left_out(of_no_use: bytes) -> None:
    assert read(message(of_no_use)) == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it ends too soon"),
        (bytes(MOST_BYTES + 1), "it is too long"),
        (struct.pack(">HHHHHH", 0, 0x8400, 0, 401, 0, 0), "it has too many parts"),
        (message(record(pointer(12), written.A, address("10.4.5.30"))), "it has a name that points forward"),
        (message(record(pointer(200), written.A, address("10.4.5.30"))), "it has a name that points forward"),
        (message(record(b"\x01a" + pointer(12), written.A, b"1234")), "it has a name that points forward"),
        (message(record(b"\x40a\0", written.A, address("10.4.5.30"))), "it has a label of an unknown kind"),
        (message(record(name(*["x" * 63] * 4), written.A, b"1234")), "it has a name that is too long"),
        (message(record(name("a"), written.A, b"123")), "it has an address of an unknown kind"),
        (message(record(name("a"), written.AAAA, b"123")), "it has an address of an unknown kind"),
        (message(record(name("a"), written.SRV, b"123")), "it has a service without a place"),
        (message(record(name("a"), written.TXT, b"\x05abc")), "it has a text that ends too soon"),
        (message(record(name("a"), written.A, address("10.4.5.30")))[:-1], "it ends too soon"),
    ],
)
def test_a_message_that_breaks_off_or_turns_in_circles_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NotDns) as refused:
        read(data)
    assert str(refused.value) == why


@given(st.binary(max_size=600))
@example(bytes(12))
def test_no_bytes_at_all_end_in_anything_but_records_or_a_refusal(data: bytes) -> None:
    for noise in (data, data[:2] + b"\x84\0" + data[4:]):
        try:
            found = read(noise)
        except NotDns:
            continue
        assert all(isinstance(each, Record) for each in found)


@given(st.data())
def test_a_flipped_bit_in_a_good_answer_does_no_harm(data: st.DataObject) -> None:
    good = bytearray(printer())
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(NotDns):
        assert all(isinstance(each, Record) for each in read(bytes(good)))


def test_a_name_with_bytes_that_are_no_text_can_be_asked_for_again() -> None:
    odd = record(name("B\udcfcro", *IPP), written.SRV, srv(631, "h"))
    [found] = read(message(odd))
    assert query([Question(found.name, Kind.TXT)])[12:].startswith(name("B\udcfcro", *IPP))


def test_names_are_compared_without_case() -> None:
    assert key(("Laser 1", "_IPP")) == key(("laser 1", "_ipp"))


def test_texts_may_be_empty() -> None:
    assert read(message(record(name("a"), written.TXT, txt(b"", b"x=1")))) == (
        Record(("a",), Texts((b"", b"x=1"))),
    )
