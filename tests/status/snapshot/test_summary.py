"""The sentence at the top: every fault at every place, word for word where it counts."""

import re

import msgspec
import pytest

from agent.health.catalogue import CATALOGUE
from agent.status.snapshot.facts import Counts, HopFacts, HopState
from tests.status.samples import COUNTS, HOPS, NOW, fault, snapshot

LOCK = "lock-server:Coder Bridge"
SECOND_LOCK = (*HOPS, HopFacts("lock-server:VisiOnline", "reachable", NOW))
ONE_ENCODER = HOPS[:4]
PRINTER = (*HOPS, HopFacts("printer:Front Office", "ready", NOW))


@pytest.mark.parametrize(
    ("hops", "counts", "sentence"),
    [
        (HOPS, COUNTS, "All is well: 3 encoders ready, 12 keys cut since the start."),
        (ONE_ENCODER, Counts(done=1, keys=1), "All is well: 1 encoder ready, 1 key cut since the start."),
        (HOPS[:2], Counts(), "All is well: no encoders ready, no keys cut since the start."),
        (
            HOPS,
            Counts(done=2, keys=2, waiting=1),
            "All is well: 3 encoders ready, 2 keys cut since the start, 1 waiting.",
        ),
        (PRINTER, COUNTS, "All is well: 3 encoders ready, 1 printer ready, 12 commands done since the start."),
        (
            (*HOPS[:2], PRINTER[-1]),
            Counts(done=1),
            "All is well: 1 printer ready, 1 command done since the start.",
        ),
    ],
)
def test_a_box_that_is_well_says_what_it_has_done(
    hops: tuple[HopFacts, ...], counts: Counts, sentence: str
) -> None:
    assert snapshot(hops=hops, counts=counts).summary.text == sentence


@pytest.mark.parametrize(
    ("code", "hop", "hops", "sentence"),
    [
        ("E-LOCK-UNREACHABLE", LOCK, HOPS, "The lock server cannot be reached: no keys can be cut."),
        (
            "E-LOCK-UNREACHABLE",
            LOCK,
            SECOND_LOCK,
            "The lock server cannot be reached (lock server Coder Bridge): no keys can be cut through it, "
            "the other lock servers go on.",
        ),
        ("E-MEWS-UNREACHABLE", "mews", HOPS, "Mews cannot be reached: no new keys come from Mews."),
        ("E-MEWS-NO-DATE", "mews", HOPS, "Mews' answers carry no date: keys go on being cut."),
        ("E-JOURNAL-WRITE", "box", HOPS, "The journal cannot be written: no keys can be cut."),
        (
            "E-ENCODER",
            "encoder:2",
            HOPS,
            "The encoder's last key went wrong (encoder 2): the next one there will show whether it works "
            "again, the other encoders go on.",
        ),
        (
            "E-ENCODER",
            "encoder:1",
            ONE_ENCODER,
            "The encoder's last key went wrong (encoder 1): the next one will show whether it works again.",
        ),
        (
            "E-BOX-CABLE",
            "box",
            HOPS,
            "The network cable is out or dead: no keys can be cut.",
        ),
        (
            "E-TAKE-REFUSED",
            "box",
            HOPS,
            "A provisioning file was refused: the box goes on with the file that it took before, if there is one.",
        ),
        (
            "E-LOCK-KEY-ANSWER",
            LOCK,
            HOPS,
            "The last key got no answer that a lock server gives: the next one will show whether it works again.",
        ),
        (
            "E-LOCK-INACTIVE",
            LOCK,
            HOPS,
            "The Coder Bridge is switched off in the provisioning file: keys are refused meanwhile.",
        ),
    ],
)
def test_a_fault_is_said_with_its_place_and_what_follows_for_keys(
    code: str, hop: str, hops: tuple[HopFacts, ...], sentence: str
) -> None:
    assert snapshot(fault(code, hop), hops=hops).summary.text == sentence


@pytest.mark.parametrize(
    ("others", "tail"),
    [
        ([fault("E-ENCODER", "encoder:1")], "; 1 more problem is listed below."),
        (
            [fault("E-ENCODER", "encoder:1"), fault("E-ENCODER", "encoder:2")],
            "; 2 more problems are listed below.",
        ),
    ],
)
def test_further_problems_are_counted(others: list[object], tail: str) -> None:
    made = snapshot(fault("E-MEWS-TOKEN", "mews"), *others)  # type: ignore[arg-type]
    assert made.summary.text.endswith("no new keys come from Mews" + tail)


@pytest.mark.parametrize("code", CATALOGUE)
@pytest.mark.parametrize("hop", ["mews", "box", LOCK, "encoder:1", "printer:Bar", "something:else"])
def test_every_fault_at_every_place_makes_one_sentence(code: str, hop: str) -> None:
    text = snapshot(fault(code, hop)).summary.text
    assert text.endswith(".")
    assert text.startswith(CATALOGUE[code].title)


SMALL_WORDS = "a an and as at be but by for from has in is it no not of on or that the to"


def said_words(clause: str) -> set[str]:
    """The words of a clause that carry meaning, each in its plainest form."""
    words = re.findall(r"[a-z]+", clause.lower().replace("'s", ""))
    return {word.removesuffix("s") for word in words} - set(SMALL_WORDS.split())


@pytest.mark.parametrize("code", CATALOGUE)
@pytest.mark.parametrize("hop", ["mews", "box", LOCK, "encoder:1", "printer:Bar", "something:else"])
@pytest.mark.parametrize("hops", [HOPS, ONE_ENCODER], ids=["many", "one"])
def test_what_follows_from_a_fault_does_not_say_again_what_it_is(
    code: str, hop: str, hops: tuple[HopFacts, ...]
) -> None:
    what, _, follows = snapshot(fault(code, hop), hops=hops).summary.text.rpartition(": ")
    assert len(said_words(what.partition(" (")[0]) & said_words(follows)) <= 1  # what it is about, "keys" perhaps


def test_a_name_without_end_leaves_room_for_what_follows() -> None:
    made = snapshot(fault("E-ENCODER", "encoder:" + "W" * 5000))
    assert made.summary.text.endswith("the other encoders go on.")


UNHEARD = (
    HopFacts("mews", "x", NOW, HopState.UNHEARD),
    *HOPS[1:2],
    HopFacts(LOCK, "x", NOW, HopState.UNHEARD),
    HopFacts("encoder:1", "x", NOW, HopState.BEHIND),
)
HIDDEN = (
    HopFacts("mews", "x", NOW, HopState.BEHIND),
    *HOPS[1:2],
    HopFacts(LOCK, "x", NOW, HopState.BEHIND),
    HopFacts("encoder:1", "x", NOW, HopState.BEHIND),
)


@pytest.mark.parametrize(
    ("hops", "code", "hop", "sentence"),
    [
        (UNHEARD, "", "", "Not ready yet: Mews has not answered yet and the lock server has not answered yet."),
        (UNHEARD[1:], "", "", "Not ready yet: the lock server has not answered yet."),
        (UNHEARD, "E-LOCK-UNCONFIRMED", LOCK, "Not ready yet: Mews has not answered yet."),
        (HIDDEN, "", "", "Not ready yet: Mews cannot be told now and the lock server cannot be told now."),
        (HIDDEN, "E-BOX-CABLE", "box", "The network cable is out or dead: no keys can be cut."),
        (UNHEARD, "E-MEWS-TOKEN", "mews", "Mews refuses the token: no new keys come from Mews."),
    ],
)
def test_nothing_is_well_before_it_was_heard_of(
    hops: tuple[HopFacts, ...], code: str, hop: str, sentence: str
) -> None:
    faults = [fault(code, hop)] if code else []
    made = snapshot(*faults, hops=hops)
    assert (made.summary.text, made.summary.level != "ok") == (sentence, True)


@pytest.mark.parametrize(
    ("code", "hop", "sentence"),
    [
        ("E-KEY-PERHAPS", "encoder:2", "2 keys perhaps cut (encoder 2): look at the encoder for a card."),
        ("E-MEWS-NO-DATE", "mews", "Mews' answers carry no date: keys go on being cut; 2 keys perhaps cut."),
    ],
)
def test_a_key_that_was_perhaps_cut_is_always_in_the_sentence(code: str, hop: str, sentence: str) -> None:
    counts = Counts(perhaps=2)
    assert snapshot(fault(code, hop), counts=counts).summary.text == sentence


def test_keys_that_were_perhaps_cut_at_two_encoders_are_not_said_of_one() -> None:
    both = (fault("E-KEY-PERHAPS", "encoder:1"), fault("E-KEY-PERHAPS", "encoder:2"))
    said = snapshot(*both, counts=Counts(perhaps=6)).summary.text
    assert said == "6 keys perhaps cut: look at the encoder for a card."
    said = snapshot(*both, fault("E-MEWS-NO-DATE", "mews"), counts=Counts(perhaps=6)).summary.text
    assert said == "6 keys perhaps cut: look at the encoder for a card; 1 more problem is listed below."


def test_a_lock_server_that_the_box_named_itself_is_not_called_one_twice() -> None:
    named = [msgspec.structs.replace(hop, name=f"Lock server {hop.id.partition(':')[2]}") for hop in SECOND_LOCK]
    said = snapshot(fault("E-LOCK-UNREACHABLE", LOCK), hops=named).summary.text
    assert "(lock server Coder Bridge)" in said


def test_a_device_is_called_by_its_name() -> None:
    named = (*HOPS[:-1], msgspec.structs.replace(HOPS[-1], name="Bar"))
    said = snapshot(fault("E-KEY-PERHAPS", HOPS[-1].id), hops=named, counts=Counts(perhaps=1)).summary.text
    assert said == "1 key perhaps cut (encoder Bar): look at the encoder for a card."
