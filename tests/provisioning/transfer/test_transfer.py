"""A transfer over a line that loses, changes, doubles, adds and falls silent: the whole, or one sentence."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.transfer.frames import LONGEST, PAYLOAD_BYTES, Frame, Kind, written
from provisioning.transfer.outcome import MOST_BYTES, SILENCE_SECONDS, Failure, Progress, Received, Sent, Why
from provisioning.transfer.receiver import LINGER_SECONDS, Receiver
from provisioning.transfer.sender import NAME_BYTES, RESEND_SECONDS, Sender
from tests.provisioning.transfer.line import Line, Trouble, changing, clean, cut_after, losing

BLOB = bytes(range(256)) * 6  # 23 pieces, three windows
NAME = "provisioning.toml"
WHOLE = Received(NAME, BLOB)
UNHURRIED = settings(deadline=None)


def transferred(there: Trouble = clean, back: Trouble = clean, blob: bytes = BLOB) -> Line:
    line = Line(Sender(blob, NAME, "k7mp"), Receiver(), there, back)
    line.run()
    return line


def assert_whole_or_told(line: Line) -> None:
    """Neither end claims more than is true."""
    came, sent = line.receiver.result, line.sender.result
    assert came == WHOLE or (isinstance(came, Failure) and came.text)
    assert sent is not None
    if isinstance(sent, Sent):
        assert came == WHOLE
    if came != WHOLE:
        assert isinstance(sent, Failure)


@pytest.mark.parametrize(
    "size", [0, 1, PAYLOAD_BYTES - 1, PAYLOAD_BYTES, PAYLOAD_BYTES + 1, 8 * PAYLOAD_BYTES, 5000]
)
def test_a_quiet_line_carries_everything_once(size: int) -> None:
    blob = bytes(at % 251 for at in range(size))
    line = transferred(blob=blob)
    assert (line.receiver.result, line.sender.result) == (Received(NAME, blob), Sent())
    pieces = -(-size // PAYLOAD_BYTES)
    assert line.written_there <= (pieces + 1) * (LONGEST + 2) + 3 * 30


def test_two_megabytes_are_carried() -> None:
    blob = hashlib.shake_256(b"bundle").digest(MOST_BYTES)
    line = transferred(blob=blob)
    assert line.receiver.result == Received(NAME, blob)


def test_all_that_is_written_are_lines_of_printable_ascii_that_fit_120_characters() -> None:
    said = bytearray()

    def listen(data: bytes) -> bytes:
        said.extend(data)
        return data

    transferred(listen, listen, bytes(PAYLOAD_BYTES) * 3)
    lines = bytes(said).split(b"\r\n")
    assert max(map(len, lines)) <= 120
    assert all(line.isascii() and line.decode().isprintable() for line in lines)


@pytest.mark.parametrize("count", [1, 8])
def test_bytes_lost_at_any_place_on_the_way_there_cost_nothing_but_time(count: int) -> None:
    length = transferred().written_there
    for begin in range(length):
        line = transferred(losing(begin, count))
        assert (line.receiver.result, line.sender.result) == (WHOLE, Sent()), begin


@pytest.mark.parametrize("count", [1, 8])
def test_bytes_lost_at_any_place_on_the_way_back_cost_nothing_but_time(count: int) -> None:
    length = transferred().written_back
    for begin in range(length):
        line = transferred(back=losing(begin, count))
        assert (line.receiver.result, line.sender.result) == (WHOLE, Sent()), begin


Harm = tuple[int, int, bytes]  # where, how many bytes are lost there, and what comes in their place


def harmed(troubles: list[Harm]) -> Trouble:
    def one(begin: int, lost: int, junk: bytes) -> Trouble:
        return changing(begin, lambda data: junk + data[lost:])

    each = [one(*harm) for harm in troubles]

    def trouble(data: bytes) -> bytes:
        for change in each:
            data = change(data)
        return data

    return trouble


def flipped(bit: int) -> Callable[[bytes], bytes]:
    return lambda data: bytes([data[0] ^ 1 << bit]) + data[1:]


@pytest.mark.parametrize("bit", range(8))
def test_a_bit_changed_at_any_place_is_caught_and_made_good(bit: int) -> None:
    blob = BLOB[:300]
    length = transferred(blob=blob).written_there
    for begin in range(length):
        line = transferred(changing(begin, flipped(bit)), blob=blob)
        assert line.receiver.result == Received(NAME, blob), begin


@pytest.mark.parametrize(
    "noise",
    [
        b"\r\n[   12.345678] usb 1-1: new high-speed USB device number 2\r\n",
        b"nightporter> ",
        b"~",
        b";",
        b"~;~;~;",
        b"~D.",
        b"\x00\xff" * 50,
        b"\x1b[2J\x1b[H",
        b"\x11\x13",
        b"~" * 500,
    ],
)
def test_what_is_no_frame_is_skipped_wherever_it_comes(noise: bytes) -> None:
    for begin in range(0, transferred().written_there, 7):
        line = transferred(
            changing(begin, lambda data: noise + data), changing(begin // 4, lambda data: noise + data)
        )
        assert line.receiver.result == WHOLE, begin


def test_every_frame_may_come_twice_cut_and_echoed() -> None:
    def doubled(data: bytes) -> bytes:
        return data + data[: len(data) // 2] + data

    line = transferred(doubled, doubled)
    assert (line.receiver.result, line.sender.result) == (WHOLE, Sent())


def test_a_line_that_echoes_all_to_both_ends_carries_it() -> None:
    sender, receiver, now = Sender(BLOB, NAME, "k7mp"), Receiver(), 0.0
    echo_there = echo_back = b""
    while not (sender.is_over and receiver.is_over):
        going = sender.frames_due(now)
        coming = receiver.heard(echo_back + going, now)
        sender.heard(echo_there + coming)
        echo_there, echo_back = going, coming
        now += 0.1
        assert now < 60
    assert receiver.result == WHOLE


def test_pulling_the_cable_at_any_place_ends_both_sides_within_the_silence() -> None:
    length = transferred().written_there
    for begin in range(0, length, 11):
        is_cut = cut_after(begin)
        line = Line(Sender(BLOB, NAME, "k7mp"), Receiver(), is_cut, is_cut)
        line.run()
        assert_whole_or_told(line)
        assert line.now - 1000 < 2 * SILENCE_SECONDS + 10


def test_pulling_the_cable_on_the_way_back_alone_leaves_no_false_word() -> None:
    for begin in range(transferred().written_back + 1):
        line = transferred(back=cut_after(begin))
        assert_whole_or_told(line)


def test_a_sender_whose_last_answer_is_lost_for_good_says_that_it_is_in_doubt() -> None:
    blob = b"x"
    acknowledged = len(written(Frame(Kind.ACK, "k7mp", 0, bytes(2))))
    line = Line(Sender(blob, NAME, "k7mp"), Receiver(), back=cut_after(acknowledged))
    line.run()
    assert line.receiver.result == Received(NAME, blob)
    assert isinstance(line.sender.result, Failure)
    assert line.sender.result.why is Why.SILENT

    sender = Sender(blob, NAME, "k7mp")
    sender.frames_due(0.0)
    sender.heard(written(Frame(Kind.ACK, "k7mp", 1, bytes(2))))
    assert sender.frames_due(RESEND_SECONDS)  # asks for the last word
    assert sender.frames_due(RESEND_SECONDS + SILENCE_SECONDS) == b""
    assert isinstance(sender.result, Failure)
    assert (sender.result.why, sender.is_over) == (Why.IN_DOUBT, True)


@UNHURRIED
@given(
    st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 40), st.binary(max_size=40)), max_size=12),
    st.booleans(),
)
def test_whatever_a_line_does_the_whole_comes_or_a_sentence(troubles: list[Harm], is_both_ways: bool) -> None:
    line = transferred(harmed(troubles), harmed(troubles) if is_both_ways else clean)
    assert_whole_or_told(line)
    assert line.receiver.result == WHOLE  # each trouble comes once


@UNHURRIED
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_random_bytes_are_no_transfer(pieces: list[bytes]) -> None:
    sender, receiver = Sender(BLOB, NAME), Receiver()
    for at, piece in enumerate(pieces):
        assert receiver.heard(piece, at * 0.1) == b""
        sender.heard(piece)
    assert (sender.result, receiver.result, receiver.progress) == (None, None, Progress(0, 0))


def test_a_receiver_to_which_no_one_sends_gives_up() -> None:
    receiver = Receiver()
    receiver.heard(b"hello\r\n", 5.0)
    receiver.heard(b"", 5.0 + SILENCE_SECONDS - 0.01)
    assert receiver.result is None
    receiver.heard(b"", 5.0 + SILENCE_SECONDS)
    assert receiver.is_over
    assert receiver.result == Failure(Why.SILENT, "Nothing came: nothing was taken.")


def test_a_sender_to_which_no_one_answers_asks_again_and_gives_up() -> None:
    sender, now, asked = Sender(BLOB, NAME), 50.0, 0
    while not sender.is_over:
        asked += bool(sender.frames_due(now))
        now += 0.5
    assert isinstance(sender.result, Failure)
    assert (sender.result.why, asked, now) == (Why.SILENT, 10, 50.0 + SILENCE_SECONDS + 0.5)


def test_frames_of_an_earlier_transfer_are_nothing_to_a_later_one() -> None:
    receiver, sender = Receiver(), Sender(BLOB, NAME, "bbbb")
    sender.heard(written(Frame(Kind.DONE, "aaaa")))
    receiver.heard(sender.frames_due(0.0), 0.0)
    assert receiver.heard(written(Frame(Kind.CANCEL, "aaaa")), 0.0) == b""
    assert (sender.result, receiver.result) == (None, None)


def test_a_new_head_begins_again() -> None:
    receiver, first = Receiver(), Sender(b"old " * 250, "old.toml", "aaaa")
    first.heard(receiver.heard(first.frames_due(0.0), 0.0))
    receiver.heard(first.frames_due(0.1), 0.1)
    assert receiver.progress == Progress(8 * PAYLOAD_BYTES, 1000)
    line = Line(Sender(BLOB, NAME, "bbbb"), receiver)
    line.run()
    assert receiver.result == WHOLE


def test_a_sender_goes_on_with_a_receiver_that_began_again() -> None:
    sender, first, now = Sender(BLOB, NAME, "k7mp"), Receiver(), 0.0
    for _ in range(2):
        sender.heard(first.heard(sender.frames_due(now), now))
        now += 0.1
    line = Line(sender, Receiver())  # which knows no head: nothing is acknowledged, and the silence ends it
    line.run()
    assert isinstance(sender.result, Failure)
    assert line.receiver.result != WHOLE


def test_more_than_is_taken_is_refused_by_both_ends_in_words() -> None:
    line = Line(Sender(BLOB, NAME), Receiver(most_bytes=1000))
    line.run()
    assert line.receiver.result == Failure(
        Why.REFUSED, "Nothing was taken: 1536 bytes are more than the 1000 that are taken."
    )
    assert line.sender.result == Failure(
        Why.REFUSED, "The other side does not take it: 1536 bytes are more than the 1000 that are taken."
    )


def test_pieces_that_do_not_add_up_are_not_taken() -> None:
    receiver = Receiver()
    receiver.heard(written(Frame(Kind.HEAD, "k7mp", 3, hashlib.sha256(b"abc").digest() + b"x")), 0.0)
    said = receiver.heard(written(Frame(Kind.DATA, "k7mp", 0, b"abd")), 0.0)
    assert isinstance(receiver.result, Failure)
    assert receiver.result.why is Why.DAMAGED
    sender = Sender(b"abc", "x", "k7mp")
    sender.heard(said)
    assert isinstance(sender.result, Failure)
    assert sender.result.why is Why.REFUSED


@pytest.mark.parametrize(
    "frame",
    [
        Frame(Kind.DATA, "k7mp", 1, b"abc"),  # behind the end
        Frame(Kind.DATA, "k7mp", 0, b"abcd"),  # too long
        Frame(Kind.DATA, "k7mp", 0, b"ab"),
        Frame(Kind.DATA, "none", 0, b"abc"),
        Frame(Kind.ACK, "k7mp", 1),
    ],
)
def test_a_piece_that_is_none_of_the_blobs_is_not_kept(frame: Frame) -> None:
    receiver = Receiver()
    receiver.heard(written(Frame(Kind.HEAD, "k7mp", 3, hashlib.sha256(b"abc").digest() + b"x")), 0.0)
    receiver.heard(written(frame), 0.0)
    assert (receiver.progress, receiver.result) == (Progress(0, 3), None)


def test_a_head_without_a_checksum_is_none() -> None:
    receiver = Receiver()
    assert receiver.heard(written(Frame(Kind.HEAD, "k7mp", 3, b"short")), 0.0) == b""


def test_an_answer_about_more_pieces_than_there_are_is_ignored() -> None:
    sender = Sender(b"abc", NAME)
    sender.heard(written(Frame(Kind.ACK, "0000", 2, bytes(2))))
    assert sender.progress == Progress(0, 3)


def test_words_of_a_refusal_and_a_name_reach_no_terminal_raw() -> None:
    sender, receiver = Sender(b"abc", NAME), Receiver()
    sender.heard(written(Frame(Kind.REFUSED, "0000", 0, b"no\x1b[2J\xff")))
    assert isinstance(sender.result, Failure)
    assert sender.result.text == "The other side does not take it: no?[2J?."
    digest = hashlib.sha256(b"").digest()
    receiver.heard(written(Frame(Kind.HEAD, "k7mp", 0, digest + b"a\x1b\xff")), 0.0)
    assert receiver.result == Received("a??", b"")


def test_a_sender_that_gives_up_tells_the_receiver() -> None:
    line = Line(Sender(BLOB, NAME), Receiver())
    line.step()
    line.sender.cancel()
    line.run()
    line.sender.cancel()  # once is enough
    assert isinstance(line.receiver.result, Failure)
    assert isinstance(line.sender.result, Failure)
    assert (line.receiver.result.why, line.sender.result.why) == (Why.CANCELLED, Why.CANCELLED)


def test_a_receiver_that_gives_up_tells_the_sender_why() -> None:
    line = Line(Sender(BLOB, NAME), Receiver())
    line.step()
    line.sender.heard(line.receiver.cancel("someone pressed Ctrl-C"))
    assert line.receiver.is_over
    assert line.sender.result == Failure(Why.REFUSED, "The other side does not take it: someone pressed Ctrl-C.")
    assert line.receiver.cancel("again") == line.receiver.cancel("again")


def test_a_receiver_that_gives_up_before_anything_came_has_no_one_to_tell() -> None:
    receiver = Receiver()
    assert receiver.cancel("no") == b""
    assert receiver.is_over


def test_a_receiver_stays_for_a_sender_that_missed_the_last_word() -> None:
    sender, receiver = Sender(b"abc", NAME), Receiver()
    sender.heard(receiver.heard(sender.frames_due(0.0), 0.0))
    assert receiver.heard(sender.frames_due(0.1), 0.1)  # lost
    assert (receiver.result, receiver.is_over) == (Received(NAME, b"abc"), False)
    sender.heard(receiver.heard(sender.frames_due(0.1 + RESEND_SECONDS), 0.1 + RESEND_SECONDS))
    assert sender.result == Sent()
    receiver.heard(b"", 0.2 + RESEND_SECONDS + LINGER_SECONDS)
    assert receiver.is_over


def test_progress_rises_to_the_whole() -> None:
    line, seen = Line(Sender(BLOB, NAME), Receiver()), [0]
    while not line.sender.is_over:
        line.step()
        seen.append(line.sender.progress.done)
        assert line.receiver.progress.done >= line.sender.progress.done
    assert seen == sorted(seen)
    assert line.sender.progress == line.receiver.progress == Progress(len(BLOB), len(BLOB))


@pytest.mark.parametrize(
    ("blob", "name", "mark"),
    [
        (bytes(MOST_BYTES + 1), NAME, "0000"),
        (b"", "", "0000"),
        (b"", "x" * (NAME_BYTES + 1), "0000"),
        (b"", "a\nb", "0000"),
        (b"", "über", "0000"),
        (b"", NAME, "000"),
        (b"", NAME, "K7MP"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_once(blob: bytes, name: str, mark: str) -> None:
    with pytest.raises(ValueError, match=r"bytes|characters"):
        Sender(blob, name, mark)
