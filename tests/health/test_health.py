"""The faults that hold: raised and cleared by the part that knows, shown worst first, and once for one cause."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.foundation.reading.text import LONG_TEXT
from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds
from agent.health.catalogue import CATALOGUE
from agent.health.health import Fault, Health
from agent.health.kind import BOX, SEVERITY, FaultKind, worst

ENCODER = "encoder:1"
SERVER = "lock-server:a"


class Monotonic:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Heard:
    """What `on_change` hears: codes, with a minus where a fault is over."""

    def __init__(self, health: Health) -> None:
        self.changes: list[str] = []
        health.on_change = lambda fault, is_raised: self.changes.append(
            ("" if is_raised else "-") + fault.kind.code
        )


@pytest.fixture
def monotonic() -> Monotonic:
    return Monotonic()


@pytest.fixture
def health(monotonic: Monotonic) -> Health:
    return Health(monotonic)


@pytest.fixture
def heard(health: Health) -> Heard:
    return Heard(health)


def shown(health: Health) -> list[FaultKind]:
    return [fault.kind for fault in health.active()]


def test_at_first_all_is_well(health: Health) -> None:
    assert health.active() == ()


def test_a_fault_holds_at_its_own_hop_alone(health: Health) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER)
    assert [health.holds(lock_kinds.ENCODER, hop) for hop in (ENCODER, "encoder:2")] == [True, False]


def test_a_fault_says_what_where_and_since_when(health: Health, monotonic: Monotonic) -> None:
    monotonic.now = 7.0
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "No card was presented.", hint="Try \x1b[2Janother.")
    assert health.active() == (
        Fault(lock_kinds.ENCODER, ENCODER, "No card was presented.", 7.0, "Try [2Janother."),
    )


def test_a_fault_without_words_says_its_title(health: Health) -> None:
    health.raise_fault(mews_kinds.NO_DATE, "mews")
    assert health.active()[0].text == "Mews' answers carry no date"


def test_words_from_outside_are_cleaned_and_kept_short(health: Health) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "\x1b[2J" + "x\n" * 1000)
    text = health.active()[0].text
    assert (len(text) <= 300, "\x1b" in text, "\n" in text) == (True, False, False)


def test_reasons_stay_one_below_the_other_where_a_kind_may_be_long(health: Health) -> None:
    text = "Refused:\r\n\n  box.name: is\tmissing. \n\x1b[2Jmews: is missing."
    health.raise_fault(file_kinds.TAKE_REFUSED, BOX, text)
    assert health.active()[0].text == "Refused:\nbox.name: is missing.\n[2Jmews: is missing."


def test_long_words_have_an_end_too(health: Health) -> None:
    health.raise_fault(file_kinds.TAKE_REFUSED, BOX, "x\n" * 100_000)
    assert len(health.active()[0].text) <= LONG_TEXT


def test_a_fault_may_have_begun_before_it_could_be_said(health: Health, monotonic: Monotonic) -> None:
    monotonic.now = 100.0
    health.raise_fault(box_kinds.CRASHED, BOX, age=60.0)
    health.raise_fault(box_kinds.CRASHED, BOX, "It says why.", age=70.0)
    assert [(fault.text, fault.since) for fault in health.active()] == [("It says why.", 40.0)]


def test_a_fault_that_holds_already_keeps_its_time_and_takes_the_new_words(
    health: Health, monotonic: Monotonic
) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "old")
    monotonic.now = 60.0
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "new")
    assert [(fault.text, fault.since) for fault in health.active()] == [("new", 0.0)]


def test_a_fault_that_comes_back_begins_again(health: Health, monotonic: Monotonic) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER)
    health.clear(ENCODER, lock_kinds.ENCODER)
    monotonic.now = 60.0
    health.raise_fault(lock_kinds.ENCODER, ENCODER)
    assert health.active()[0].since == 60.0


def test_clearing_takes_the_named_faults_away_and_no_other(health: Health) -> None:
    for kind in (mews_kinds.NO_DATE, mews_kinds.COMMAND, mews_kinds.SHARED):
        health.raise_fault(kind, "mews")
    health.clear("mews", mews_kinds.NO_DATE, mews_kinds.SHARED)
    assert shown(health) == [mews_kinds.COMMAND]


def test_forgetting_a_hop_takes_all_of_its_faults_away_and_no_others(health: Health) -> None:
    health.raise_fault(mews_kinds.NO_DATE, "mews")
    health.raise_fault(mews_kinds.COMMAND, "mews")
    health.raise_fault(lock_kinds.ENCODER, ENCODER)
    health.forget("mews")
    assert shown(health) == [lock_kinds.ENCODER]


def test_clearing_what_does_not_hold_is_nothing(health: Health, heard: Heard) -> None:
    health.clear("mews", mews_kinds.TOKEN)
    assert (health.active(), heard.changes, health.calm_since("mews")) == ((), [], float("-inf"))


def test_faults_come_before_warnings_and_older_ones_first(health: Health, monotonic: Monotonic) -> None:
    kinds = (mews_kinds.NO_DATE, mews_kinds.TOKEN, lock_kinds.ENCODER, file_kinds.FILE_BAD)
    for kind in kinds:
        monotonic.now += 1
        health.raise_fault(kind, BOX)
    assert shown(health) == [mews_kinds.TOKEN, file_kinds.FILE_BAD, mews_kinds.NO_DATE, lock_kinds.ENCODER]


def test_a_hop_is_calm_since_its_last_fault_was_over(health: Health, monotonic: Monotonic) -> None:
    health.raise_fault(mews_kinds.TOKEN, "mews")
    monotonic.now = 9.0
    health.clear("mews", mews_kinds.TOKEN)
    assert [health.calm_since(hop) for hop in ("mews", BOX)] == [9.0, float("-inf")]


# One cause, one fault.


@pytest.mark.parametrize(
    ("cause", "at", "effect", "hop"),
    [
        (lock_kinds.UNREACHABLE, SERVER, lock_kinds.AUTH, SERVER),
        (lock_kinds.KEYS, SERVER, lock_kinds.KEY_ANSWER, SERVER),
        (mews_kinds.SILENT, "mews", mews_kinds.BUSY, "mews"),
        (box_kinds.CABLE, BOX, box_kinds.ADDRESS, BOX),
        (box_kinds.CABLE, BOX, mews_kinds.UNREACHABLE, "mews"),
        (box_kinds.ADDRESS, BOX, mews_kinds.TOKEN, "mews"),
        (box_kinds.CABLE, BOX, lock_kinds.UNREACHABLE, SERVER),
        (box_kinds.ADDRESS, BOX, lock_kinds.CERTIFICATE, SERVER),
        (box_kinds.CABLE, BOX, lock_kinds.ENCODER, ENCODER),
        (lock_kinds.UNREACHABLE, SERVER, lock_kinds.ENCODER, ENCODER),
        (lock_kinds.AUTH, SERVER, lock_kinds.ENCODER, ENCODER),
        (file_kinds.TAKE_REFUSED, BOX, file_kinds.FILE_MISSING, BOX),
    ],
)
def test_what_a_bigger_fault_explains_is_shown_only_after_it(
    health: Health, monotonic: Monotonic, cause: FaultKind, at: str, effect: FaultKind, hop: str
) -> None:
    health.raise_fault(effect, hop, behind=SERVER)
    health.raise_fault(cause, at, at_once=True)
    assert shown(health) == [cause]
    assert health.holds(effect, hop)
    health.clear(at, cause)
    monotonic.now += 100.0
    assert shown(health) == [effect]


@pytest.mark.parametrize(
    ("one", "at", "other", "hop"),
    [
        (lock_kinds.UNREACHABLE, "lock-server:b", lock_kinds.AUTH, SERVER),
        (lock_kinds.UNREACHABLE, "lock-server:b", lock_kinds.ENCODER, ENCODER),
        (mews_kinds.UNREACHABLE, "mews", lock_kinds.UNREACHABLE, SERVER),
        (box_kinds.CABLE, BOX, lock_kinds.INACTIVE, SERVER),
        (box_kinds.CLOCK, BOX, mews_kinds.PORTFOLIO, "mews"),
        (box_kinds.CABLE, BOX, lock_kinds.KEY_PERHAPS, ENCODER),
        (lock_kinds.UNREACHABLE, SERVER, lock_kinds.KEY_UNWANTED, ENCODER),
        (box_kinds.CLOCK, BOX, mews_kinds.CERTIFICATE, "mews"),
    ],
)
def test_what_a_fault_does_not_explain_is_shown_beside_it(
    health: Health, one: FaultKind, at: str, other: FaultKind, hop: str
) -> None:
    health.raise_fault(one, at, at_once=True)
    health.raise_fault(other, hop, behind=SERVER)
    assert {fault.kind.code for fault in health.active()} == {one.code, other.code}


def test_an_explanation_reaches_over_two_hops(health: Health) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER, behind=SERVER)
    health.raise_fault(lock_kinds.UNREACHABLE, SERVER)
    health.raise_fault(box_kinds.ADDRESS, BOX)
    health.raise_fault(box_kinds.CABLE, BOX, at_once=True)
    assert shown(health) == [box_kinds.CABLE]
    assert [obstacle and obstacle.kind for obstacle in map(health.obstacle, (ENCODER, SERVER, BOX, "mews"))] == [
        box_kinds.CABLE,
        box_kinds.CABLE,
        None,
        None,
    ]


def test_a_fault_of_a_hops_own_is_no_obstacle_before_it(health: Health) -> None:
    health.raise_fault(lock_kinds.UNREACHABLE, SERVER)
    health.raise_fault(lock_kinds.AUTH, SERVER)
    assert health.obstacle(SERVER) is None


# Patience.


@pytest.mark.parametrize(
    "kind", [kind for kind in CATALOGUE.values() if kind.patience], ids=lambda kind: kind.code
)
def test_a_fault_is_shown_when_its_patience_is_over(
    health: Health, monotonic: Monotonic, heard: Heard, kind: FaultKind
) -> None:
    health.raise_fault(kind, BOX)
    monotonic.now = kind.patience - 0.1
    health.look()
    assert (health.holds(kind, BOX), shown(health), heard.changes) == (True, [], [])
    monotonic.now = kind.patience
    health.look()
    assert (health.active()[0].since, heard.changes) == (0.0, [kind.code])


def test_what_is_over_before_its_patience_was_nothing(health: Health, monotonic: Monotonic, heard: Heard) -> None:
    health.raise_fault(box_kinds.CABLE, BOX)
    monotonic.now = 3.0
    health.clear(BOX, box_kinds.CABLE)
    assert (heard.changes, health.calm_since(BOX)) == ([], float("-inf"))


def test_patience_counts_from_when_a_fault_began(health: Health) -> None:
    health.raise_fault(box_kinds.CABLE, BOX, age=box_kinds.CABLE.patience)
    assert shown(health) == [box_kinds.CABLE]


def test_what_is_certain_is_shown_at_once_and_stays_shown(health: Health) -> None:
    health.raise_fault(box_kinds.CLOCK, BOX, at_once=True)
    health.raise_fault(box_kinds.CLOCK, BOX, "Other words.")
    assert [(fault.text, fault.since) for fault in health.active()] == [("Other words.", 0.0)]


def test_what_only_may_be_the_cause_hides_already_what_it_explains(health: Health, monotonic: Monotonic) -> None:
    health.raise_fault(box_kinds.ADDRESS, BOX)
    health.raise_fault(mews_kinds.UNREACHABLE, "mews")
    assert (shown(health), health.obstacle("mews")) == (
        [],
        Fault(box_kinds.ADDRESS, BOX, box_kinds.ADDRESS.title, 0),
    )
    monotonic.now = box_kinds.ADDRESS.patience
    assert shown(health) == [box_kinds.ADDRESS]


# Who listens.


def test_who_listens_hears_of_each_beginning_and_each_end_once(health: Health, heard: Heard) -> None:
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "first")
    health.raise_fault(lock_kinds.ENCODER, ENCODER, "again")
    health.forget(ENCODER)
    health.forget(ENCODER)
    assert heard.changes == ["E-ENCODER", "-E-ENCODER"]


def test_who_listens_hears_of_what_was_explained_when_it_comes_to_be_shown(health: Health, heard: Heard) -> None:
    health.raise_fault(box_kinds.CABLE, BOX, at_once=True)
    health.raise_fault(mews_kinds.UNREACHABLE, "mews")
    assert heard.changes == ["E-BOX-CABLE"]
    health.clear(BOX, box_kinds.CABLE)
    health.look()
    assert heard.changes == ["E-BOX-CABLE", "-E-BOX-CABLE", "E-MEWS-UNREACHABLE"]


def test_who_listens_does_not_hear_of_what_is_explained_by_another_fault_at_once(
    health: Health, heard: Heard
) -> None:
    health.raise_fault(mews_kinds.UNREACHABLE, "mews")
    health.raise_fault(mews_kinds.UPDATE, "mews")
    health.clear("mews", mews_kinds.UNREACHABLE)
    health.raise_fault(mews_kinds.SILENT, "mews")
    assert heard.changes == ["E-MEWS-UNREACHABLE", "-E-MEWS-UNREACHABLE", "E-MEWS-SILENT"]


def test_who_listens_does_not_hear_that_what_is_explained_is_over(health: Health, heard: Heard) -> None:
    health.raise_fault(mews_kinds.UNREACHABLE, "mews")
    health.raise_fault(box_kinds.CABLE, BOX, at_once=True)
    health.clear(BOX, box_kinds.CABLE)
    health.look()
    assert heard.changes == ["E-MEWS-UNREACHABLE", "E-BOX-CABLE", "-E-BOX-CABLE"]


# Any story.

PLACES = {
    kind.code: hops
    for module, hops in (
        (file_kinds, (BOX,)),
        (box_kinds, (BOX,)),
        (mews_kinds, ("mews",)),
        (lock_kinds, (SERVER, "lock-server:b")),
    )
    for kind in vars(module).values()
    if isinstance(kind, FaultKind)
}
PLACES |= dict.fromkeys(("E-ENCODER", "E-KEY-PERHAPS", "E-KEY-UNWANTED"), (ENCODER, "encoder:2"))
BEHIND = {ENCODER: SERVER, "encoder:2": "lock-server:b"}
SPOTS = [(CATALOGUE[code], hop) for code, hops in PLACES.items() for hop in hops]
STEPS = st.tuples(st.sampled_from(["raise", "raise", "clear", "wait"]), st.sampled_from(SPOTS), st.integers(0, 30))


def explanations(fault: Fault, among: dict[tuple[str, str], Fault]) -> Iterator[Fault]:
    """Those of `among` that explain a fault, by the words of the catalogue."""
    hops = {fault.hop, BEHIND.get(fault.hop), BOX}
    for other in among.values():
        if other.hop in hops and any(other.kind is kind for kind in fault.kind.depends_on):
            yield other


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_nothing_is_shown_twice_for_one_cause_and_nothing_is_lost(
    steps: list[tuple[str, tuple[FaultKind, str], int]],
) -> None:
    monotonic = Monotonic()
    health, held = Health(monotonic), dict[tuple[str, str], Fault]()
    told: list[tuple[str, str]] = []

    def tell(fault: Fault, is_raised: bool) -> None:
        key = (fault.kind.code, fault.hop)
        assert (key in told) is not is_raised
        told.append(key) if is_raised else told.remove(key)

    health.on_change = tell
    for verb, (kind, hop), seconds in steps:
        key = (kind.code, hop)
        if verb == "raise":
            health.raise_fault(kind, hop, behind=BEHIND.get(hop, ""))
            held[key] = Fault(kind, hop, kind.title, held[key].since if key in held else monotonic.now)
        elif verb == "clear":
            health.clear(hop, kind)
            held.pop(key, None)
        else:
            monotonic.now += seconds
        health.look()
        visible = {(fault.kind.code, fault.hop): fault for fault in health.active()}
        assert visible.keys() <= set(told) <= held.keys()
        for fault in visible.values():
            assert list(explanations(fault, held)) == []
        for key, fault in held.items():
            is_ripe = monotonic.now - fault.since >= fault.kind.patience
            assert (key in visible) is (is_ripe and not list(explanations(fault, held)))
        patient = [fault for fault in held.values() if monotonic.now - fault.since < fault.kind.patience]
        if not patient:  # the page is as bad as what holds
            assert worst(f.kind.level for f in visible.values()) is worst(f.kind.level for f in held.values())
        ranks = [-SEVERITY[fault.kind.level] for fault in health.active()]
        assert ranks == sorted(ranks)
    for kind, hop in SPOTS:
        health.clear(hop, kind)
    assert (health.active(), told) == ((), [])
