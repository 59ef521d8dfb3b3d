"""What the forms offer to choose from, and what it is called."""

from agent.control.words.reading import Named, Names
from agent.status.acting.offers import Choice, offers

NAMES = Names(
    hops=(Named("mews"), Named("box"), Named("lock-server:bridge"), Named("encoder:1", ("1", "Front desk left"))),
    lanes=(Named("encoder:1", ("1", "Front desk left")), Named("encoder:2", ("2", ""))),
)


def test_a_hop_is_offered_as_the_page_calls_it_and_what_has_a_name_by_that() -> None:
    hop = next(offer.fields[0] for offer in offers(NAMES) if offer.verb == "test")
    assert hop.choices == (
        Choice("", "all", is_ours=True),
        Choice("mews", "Mews", is_ours=True),
        Choice("box", "This box", is_ours=True),
        Choice("lock-server:bridge", "Lock server bridge", is_ours=True),
        Choice("encoder:1", "Front desk left"),
    )
