"""Every kind of fault: its code, its words for each reader, its place among the others."""

import re
from collections.abc import Iterator

import pytest

from agent.health import box_kinds, file_kinds, lock_kinds, mews_kinds, print_kinds, room_kinds
from agent.health.catalogue import CATALOGUE, level_of
from agent.health.kind import ADVICE_LENGTH, OWN_PC, SEVERITY, TITLE_LENGTH, FaultKind, Level

MODULES = (file_kinds, box_kinds, mews_kinds, lock_kinds, room_kinds, print_kinds)
every_kind = pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE.keys())


def named() -> Iterator[tuple[str, FaultKind]]:
    """Each kind with the name that code writes for it."""
    for module in MODULES:
        yield from ((name, kind) for name, kind in vars(module).items() if isinstance(kind, FaultKind))


@every_kind
def test_a_kind_says_what_it_is_and_what_each_reader_does(kind: FaultKind) -> None:
    assert re.fullmatch(r"E-[A-Z]+(-[A-Z]+)*", kind.code)
    assert kind.level is not Level.OK
    assert kind.title
    assert not kind.title.endswith(".")
    assert kind.hint.endswith((".", "?"))
    assert kind.front_desk.endswith(".")
    assert not kind.follows.endswith(".")


@every_kind
def test_the_words_of_a_kind_fit_where_they_are_shown(kind: FaultKind) -> None:
    assert len(kind.title) <= TITLE_LENGTH
    assert max(len(kind.hint), len(kind.front_desk)) <= ADVICE_LENGTH
    assert len(re.findall(r"[.?](?= |$)", kind.front_desk)) <= 3  # a question, and one or two things to do
    assert all(text.isprintable() for text in (kind.title, kind.hint, kind.front_desk, kind.follows))


@every_kind
def test_a_receptionist_is_not_told_of_files_settings_and_protocols(kind: FaultKind) -> None:
    assert not re.search(r"`|\[|\.toml|TLS|NTP|DHCP|token|profile|journal", kind.front_desk)


@every_kind
def test_where_keys_stop_a_receptionist_has_another_way_to_cut_them(kind: FaultKind) -> None:
    assert kind.level is not Level.FAULT or "at the lock system's own PC until this is green." in kind.front_desk


@every_kind
def test_where_keys_go_on_a_receptionist_is_not_sent_to_the_other_pc_for_all_of_them(kind: FaultKind) -> None:
    assert kind.level is Level.FAULT or OWN_PC not in kind.front_desk


@every_kind
def test_what_explains_a_fault_is_in_the_catalogue_and_no_milder(kind: FaultKind) -> None:
    for cause in kind.depends_on:
        assert CATALOGUE[cause.code] is cause
        assert SEVERITY[cause.level] >= SEVERITY[kind.level]


@every_kind
def test_no_fault_explains_itself_not_even_through_others(kind: FaultKind) -> None:
    assert kind.code not in {cause.code for cause in causes(kind)}


def causes(kind: FaultKind) -> Iterator[FaultKind]:
    for cause in kind.depends_on:
        yield cause
        yield from causes(cause)


@every_kind
def test_patience_is_shorter_than_the_life_of_an_order(kind: FaultKind) -> None:
    assert 0 <= kind.patience <= 60  # s; an order is refused after 180


@pytest.mark.parametrize("module", [mews_kinds, lock_kinds, print_kinds])
def test_what_is_asked_over_the_network_is_not_at_fault_without_a_network(module: object) -> None:
    of_the_file = {"E-LOCK-INACTIVE", "E-LOCK-PROFILE", "E-LOCK-UNCONFIRMED", "E-LOCK-OPERATOR"}
    of_people = {"E-KEY-PERHAPS", "E-KEY-UNWANTED", "E-LANE-PAUSED", "E-LOCK-OTHER-SERVER"}
    kinds = {kind.code: kind for kind in vars(module).values() if isinstance(kind, FaultKind)}
    blind = {code for code, kind in kinds.items() if set(box_kinds.NETWORK) <= set(kind.depends_on)}
    assert kinds.keys() - blind == kinds.keys() & (of_the_file | of_people)


def test_no_code_stands_in_the_catalogue_twice() -> None:
    assert sorted(kind.code for _, kind in named()) == sorted(CATALOGUE)


@pytest.mark.parametrize(("name", "kind"), list(named()))
def test_a_kind_is_named_by_its_code(name: str, kind: FaultKind) -> None:
    assert f"-{kind.code}".endswith(f"-{name.replace('_', '-')}")


def test_a_code_tells_its_level_and_one_of_a_newer_box_counts_as_a_fault() -> None:
    assert [level_of(code) for code in ("E-MEWS-NO-DATE", "E-MEWS-TOKEN", "E-FROM-A-NEWER-BOX")] == [
        Level.WARNING,
        Level.FAULT,
        Level.FAULT,
    ]
