"""Whether another connector takes this box's orders, by how often one was found taken."""

from agent.mews.account.other_hand import WITHIN, OtherHand


def test_once_may_be_chance_and_twice_is_a_hand_for_an_hour() -> None:
    other = OtherHand()
    assert not other.is_there(0.0)
    other.found(0.0)
    assert not other.is_there(0.0)
    other.found(100.0)
    assert other.is_there(100.0)
    assert not other.is_there(WITHIN + 1.0)
    other.found(WITHIN + 50.0)
    assert other.is_there(WITHIN + 60.0)
