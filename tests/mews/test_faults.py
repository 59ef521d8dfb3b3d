"""Every trouble between the box and Mews is a fault of the page, and each in its own words."""

from agent.health.catalogue import CATALOGUE
from agent.health.health import Health
from agent.mews.account.troubles import OF_A_POLL, Trouble
from agent.mews.faults import HOP, KINDS, show


def test_every_trouble_is_a_fault_of_its_own() -> None:
    assert list(KINDS) == list(Trouble)
    assert len(set(KINDS.values())) == len(Trouble)
    assert set(KINDS.values()) <= set(CATALOGUE.values())


def test_what_is_shown_is_what_holds_and_it_keeps_its_time() -> None:
    now = 5.0
    health = Health(lambda: now)
    show(health, {Trouble.RIVAL: "Another box.", Trouble.NO_DATE: ""})
    now = 9.0
    show(health, {Trouble.RIVAL: "Another box. Next try in 10 s."})
    [fault] = health.active()
    assert (fault.hop, fault.text, fault.since) == (HOP, "Another box. Next try in 10 s.", 5.0)
    show(health, {})
    assert health.active() == ()


def test_what_a_poll_can_show_is_only_what_keeps_lists_away() -> None:
    assert {Trouble.RIVAL, Trouble.BUSY, Trouble.BARRED, Trouble.UPDATE, Trouble.CLAIM}.isdisjoint(OF_A_POLL)
