"""The faults that hold: raised and cleared by whoever knows, worst first, and each explained in the catalogue."""

import re

import pytest

from agent.foundation.reading.text import LONG_TEXT
from agent.health.catalogue import CATALOGUE, FaultKind, Level
from agent.health.health import Fault, Health


class Monotonic:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def monotonic() -> Monotonic:
    return Monotonic()


@pytest.fixture
def health(monotonic: Monotonic) -> Health:
    return Health(monotonic)


def codes(health: Health) -> list[str]:
    return [fault.kind.code for fault in health.active()]


def test_at_first_all_is_well(health: Health) -> None:
    assert health.active() == ()


def test_a_fault_holds_at_its_own_hop_alone(health: Health) -> None:
    health.raise_fault("E-ENCODER", "encoder:1")
    assert (health.holds("E-ENCODER", "encoder:1"), health.holds("E-ENCODER", "encoder:2")) == (True, False)


def test_a_fault_says_what_where_and_since_when(health: Health, monotonic: Monotonic) -> None:
    monotonic.now = 7.0
    health.raise_fault("E-ENCODER", "encoder:1", "No card was presented.")
    assert health.active() == (Fault(CATALOGUE["E-ENCODER"], "encoder:1", "No card was presented.", 7.0),)


def test_a_fault_without_words_says_its_title(health: Health) -> None:
    health.raise_fault("E-MEWS-NO-DATE", "mews")
    assert health.active()[0].text == "Mews' answers carry no date"


def test_words_from_outside_are_cleaned_and_kept_short(health: Health) -> None:
    health.raise_fault("E-ENCODER", "encoder:1", "\x1b[2J" + "x\n" * 1000)
    text = health.active()[0].text
    assert (len(text) <= 300, "\x1b" in text, "\n" in text) == (True, False, False)


def test_reasons_stay_one_below_the_other_where_a_kind_may_be_long(health: Health) -> None:
    health.raise_fault(
        "E-TAKE-REFUSED", "box", "Refused:\r\n\n  box.name: is\tmissing. \n\x1b[2Jmews: is missing."
    )
    assert health.active()[0].text == "Refused:\nbox.name: is missing.\n[2Jmews: is missing."


def test_long_words_have_an_end_too(health: Health) -> None:
    health.raise_fault("E-TAKE-REFUSED", "box", "x\n" * 100_000)
    assert len(health.active()[0].text) <= LONG_TEXT


def test_a_fault_may_have_begun_before_anybody_could_say_so(health: Health, monotonic: Monotonic) -> None:
    monotonic.now = 100.0
    health.raise_fault("E-BOX-CRASHED", "box", age=60.0)
    health.raise_fault("E-BOX-CRASHED", "box", "It says why.", age=70.0)
    assert [(fault.text, fault.since) for fault in health.active()] == [("It says why.", 40.0)]


def test_a_fault_that_holds_already_keeps_its_time_and_takes_the_new_words(
    health: Health, monotonic: Monotonic
) -> None:
    health.raise_fault("E-ENCODER", "encoder:1", "old")
    monotonic.now = 60.0
    health.raise_fault("E-ENCODER", "encoder:1", "new")
    assert [(fault.text, fault.since) for fault in health.active()] == [("new", 0.0)]


def test_a_fault_that_comes_back_begins_anew(health: Health, monotonic: Monotonic) -> None:
    health.raise_fault("E-ENCODER", "encoder:1")
    health.clear("encoder:1", "E-ENCODER")
    monotonic.now = 60.0
    health.raise_fault("E-ENCODER", "encoder:1")
    assert health.active()[0].since == 60.0


def test_clearing_takes_the_named_faults_away_and_no_other(health: Health) -> None:
    for code in ("E-MEWS-NO-DATE", "E-MEWS-COMMAND", "E-MEWS-SHARED"):
        health.raise_fault(code, "mews")
    health.clear("mews", "E-MEWS-NO-DATE", "E-MEWS-SHARED")
    assert codes(health) == ["E-MEWS-COMMAND"]


def test_clearing_a_hop_takes_all_of_its_faults_away_and_no_others(health: Health) -> None:
    health.raise_fault("E-MEWS-NO-DATE", "mews")
    health.raise_fault("E-MEWS-COMMAND", "mews")
    health.raise_fault("E-ENCODER", "encoder:1")
    health.forget("mews")
    assert codes(health) == ["E-ENCODER"]


def test_clearing_what_does_not_hold_is_nothing(health: Health) -> None:
    health.clear("mews", "E-MEWS-TOKEN")
    assert health.active() == ()


def test_an_unknown_code_is_a_bug(health: Health) -> None:
    with pytest.raises(KeyError, match="E-NONE"):
        health.raise_fault("E-NONE", "box")


def test_faults_come_before_warnings_and_older_ones_first(health: Health, monotonic: Monotonic) -> None:
    for code in ("E-MEWS-NO-DATE", "E-MEWS-TOKEN", "E-ENCODER", "E-FILE-BAD"):
        monotonic.now += 1
        health.raise_fault(code, "box")
    assert codes(health) == ["E-MEWS-TOKEN", "E-FILE-BAD", "E-MEWS-NO-DATE", "E-ENCODER"]


def test_what_a_bigger_fault_explains_is_not_shown_beside_it(health: Health) -> None:
    health.raise_fault("E-LOCK-AUTH", "lock-server:a")
    health.raise_fault("E-LOCK-UNREACHABLE", "lock-server:a")
    assert codes(health) == ["E-LOCK-UNREACHABLE"]


def test_what_a_bigger_fault_explained_shows_again_after_it(health: Health) -> None:
    health.raise_fault("E-LOCK-AUTH", "lock-server:a")
    health.raise_fault("E-LOCK-UNREACHABLE", "lock-server:a")
    health.clear("lock-server:a", "E-LOCK-UNREACHABLE")
    assert codes(health) == ["E-LOCK-AUTH"]


def test_a_bigger_fault_elsewhere_explains_nothing_here(health: Health) -> None:
    health.raise_fault("E-LOCK-AUTH", "lock-server:a")
    health.raise_fault("E-LOCK-UNREACHABLE", "lock-server:b")
    assert codes(health) == ["E-LOCK-AUTH", "E-LOCK-UNREACHABLE"]


def test_who_listens_hears_of_each_beginning_and_each_end_once(health: Health) -> None:
    heard: list[tuple[str, bool]] = []
    health.on_change = lambda fault, is_raised: heard.append((fault.kind.code, is_raised))
    health.raise_fault("E-ENCODER", "encoder:1", "first")
    health.raise_fault("E-ENCODER", "encoder:1", "again")
    health.forget("encoder:1")
    health.forget("encoder:1")
    assert heard == [("E-ENCODER", True), ("E-ENCODER", False)]


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_every_entry_of_the_catalogue_says_what_it_is_and_what_to_do(kind: FaultKind) -> None:
    assert re.fullmatch(r"E-[A-Z]+(-[A-Z]+)*", kind.code)
    assert kind.level is not Level.OK
    assert not kind.title.endswith(".")
    assert kind.hint.endswith((".", "?"))
    assert set(kind.hides) <= CATALOGUE.keys()


def test_no_code_stands_in_the_catalogue_twice() -> None:
    assert [code for code, kind in CATALOGUE.items() if kind.code != code] == []
