"""What is written on a card, what the answer says of it, and which cards open a door afterwards."""

import json
from typing import Any

import pytest

from agent.foundation.errors import UserMistake
from agent.simulators.visionline.simulator import VisionlineSimulator
from tests.simulators.visionline.callers import ORDER, Caller, room

MEMBERS = {
    *("id", "credentialID", "uniqueRegistrationNumber", "serialNumbers", "created", "startTime", "expireTime"),
    *("format", "doorOperations", "cardHolder", "numberOfIssuedCards", "notIssued", "expired", "cancelled"),
    *("discarded", "overridden", "overwritten", "pendingAutoUpdate"),
}


async def test_a_card_is_answered_with_201_and_the_card_object(fast: VisionlineSimulator, caller: Caller) -> None:
    answer = await caller.encode(cardHolder="A. Guest")
    told = answer.json()
    assert (answer.status_code, set(told)) == (201, MEMBERS)
    assert {name: told[name] for name in ORDER} == ORDER
    assert (told["cardHolder"], told["created"], told["overridden"]) == ("A. Guest", "20160504T1200", False)


async def test_query_and_body_of_a_card_are_kept(fast: VisionlineSimulator, caller: Caller) -> None:
    await caller.encode("Front%20Desk", "override=true&overwriteValidCard=true")
    (card,) = fast.cards
    assert card.order.query == {
        "action": "encode",
        "encoder": "Front Desk",
        "override": "true",
        "overwriteValidCard": "true",
    }
    assert json.loads(card.order.body) == ORDER


async def test_a_door_that_is_named_twice_is_on_the_card_once(fast: VisionlineSimulator, caller: Caller) -> None:
    told = (await caller.encode(doorOperations=[*room("101"), *room("Pool", "101")])).json()
    assert (told["doorOperations"], fast.good_for("101")) == (room("101", "Pool"), (1,))


async def test_two_cards_differ_in_all_their_ids(fast: VisionlineSimulator, caller: Caller) -> None:
    first, second = [(await caller.encode()).json() for _ in range(2)]
    ids = ("id", "credentialID", "uniqueRegistrationNumber", "serialNumbers")
    assert all(first[name] != second[name] for name in ids)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"doorOperations": None}, 400),
        ({"doorOperations": []}, 400),
        ({"doorOperations": "101"}, 400),
        ({"doorOperations": [{"doors": ["101"], "operation": "staff"}]}, 400),
        ({"doorOperations": [{"doors": [], "operation": "guest"}]}, 400),
        ({"doorOperations": [{"doors": [101], "operation": "guest"}]}, 400),
        ({"doorOperations": ["101"]}, 400),
        ({"expireTime": None}, 400),
        ({"expireTime": 20160506}, 400),
        ({"startTime": None}, 201),
        ({"startTime": ""}, 201),
        ({"startTime": 1}, 400),
        ({"format": None}, 201),
        ({"format": "TLCode"}, 201),
        ({"format": "rfid64"}, 409),
        ({"cardHolder": {"name": "x"}}, 400),
        ({"doorOperations": [*room("101"), *room("Pool", "101")]}, 201),
    ],
)
async def test_a_body_that_does_not_fit_writes_nothing(
    fast: VisionlineSimulator, caller: Caller, change: dict[str, Any], status: int
) -> None:
    assert ((await caller.encode(**change)).status_code, len(fast.cards)) == (status, int(status == 201))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("action=encode&encoder=1&override=true", 201),
        ("action=encode&autoJoin=true&encoder=1", 201),
        ("action=encode&autoJoin=false&encoder=1&override=true", 201),
        ("action=encode&autoJoin=true&encoder=1&override=true", 400),
        ("action=encode&encoder=1&override=yes", 400),
        ("action=encode&encoder=1&overwriteValidCard=1", 400),
        ("action=encode&override=true", 400),
        ("action=encode&encoder=&override=true", 400),
        ("action=mobileAccess&override=true", 400),
        ("encoder=1", 400),
        ("", 400),
    ],
)
async def test_a_query_that_does_not_fit_writes_nothing(
    fast: VisionlineSimulator, caller: Caller, query: str, status: int
) -> None:
    target = f"/api/v1/cards?{query}" if query else "/api/v1/cards"
    assert (await caller.call("POST", target, ORDER)).status_code == status
    assert (len(fast.cards), len(fast.requests)) == (int(status == 201), 1)


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("20160506T1100", 201),
        ("20160506T2400", 400),
        ("20160231T1100", 400),
        ("00000101T1100", 400),
        ("2016-05-06T11:00", 400),
        ("2016-05-06T11:00:00.000Z", 400),
        ("20160506T110000", 400),
        ("20160506T1100Z", 400),
        ("٢٠١٦٠٥٠٦T1100", 400),
        ("20160504T1500", 400),  # the start
        ("20160504T1459", 400),
    ],
)
@pytest.mark.parametrize("switch", ["strict", "lenient"])
async def test_times_are_strict_or_lenient(
    fast: VisionlineSimulator, caller: Caller, switch: str, text: str, strict: int
) -> None:
    fast.switch(times=switch)
    assert (await caller.encode(expireTime=text)).status_code == (strict if switch == "strict" else 201)


@pytest.mark.parametrize(("switch", "status"), [("strict", 400), ("lenient", 201)])
async def test_the_other_spelling_of_the_expiry_is_taken_when_lenient(
    fast: VisionlineSimulator, caller: Caller, switch: str, status: int
) -> None:
    fast.switch(times=switch)
    answer = await caller.encode(expireTime=None, expire_time="20160506T1100")
    assert answer.status_code == status


@pytest.mark.parametrize(("formats", "status"), [(["rfid48"], 409), (["rfid48", "x"], 201), ([], 201)])
async def test_card_formats_can_be_named(
    fast: VisionlineSimulator, caller: Caller, formats: list[str], status: int
) -> None:
    fast.switch(formats=formats)
    assert (await caller.encode(format="x")).status_code == status


@pytest.mark.parametrize(("most", "status"), [(None, 201), (2, 201), (1, 400)])
async def test_a_card_may_have_room_for_few_doors(
    fast: VisionlineSimulator, caller: Caller, most: int | None, status: int
) -> None:
    fast.switch(most_doors=most)
    assert (await caller.encode(doorOperations=room("101", "Pool"))).status_code == status


@pytest.mark.parametrize(
    ("flags", "neither", "good"),
    [
        ("override=true", "join", (2,)),
        ("autoJoin=true", "override", (1, 2)),
        ("", "override", (2,)),
        ("", "join", (1, 2)),
    ],
)
async def test_a_card_locks_out_the_earlier_ones_of_its_room_or_joins_them(
    fast: VisionlineSimulator, caller: Caller, flags: str, neither: str, good: tuple[int, ...]
) -> None:
    fast.switch(neither=neither)
    await caller.encode()
    await caller.encode(flags=flags)
    assert fast.good_for("101") == good
    assert [fast.state_of(card)["overridden"] for card in fast.cards] == [1 not in good, False]


async def test_neither_can_be_refused(fast: VisionlineSimulator, caller: Caller) -> None:
    fast.switch(neither="refuse")
    assert [(await caller.encode(flags=flags)).status_code for flags in ("", "autoJoin=true")] == [400, 201]


async def test_a_card_loses_only_the_rooms_that_a_new_guest_took(
    fast: VisionlineSimulator, caller: Caller
) -> None:
    await caller.encode(doorOperations=room("101", "102"))
    await caller.encode(doorOperations=room("101"))
    assert (fast.good_for("101"), fast.good_for("102")) == ((2,), (1,))
    assert fast.state_of(fast.cards[0]) == {"opens": ["102"], "overridden": True, "overwritten": False}


@pytest.mark.parametrize("category", ["common", "common (PMS)", "entrance", "elevator reader"])
async def test_a_new_guest_ends_no_card_for_a_common_door(
    fast: VisionlineSimulator, caller: Caller, category: str
) -> None:
    fast.switch(doors=["101", "102", f"Pool={category}"])
    await caller.encode(doorOperations=room("101", "Pool"))
    await caller.encode(doorOperations=room("102", "Pool"))
    assert fast.good_for("Pool") == (1, 2)


@pytest.mark.parametrize(
    ("flags", "status"), [("override=true", 409), ("override=true&overwriteValidCard=true", 201)]
)
async def test_a_card_that_is_still_valid_is_written_over_only_when_asked_for(
    fast: VisionlineSimulator, caller: Caller, flags: str, status: int
) -> None:
    fast.switch(presented="valid")
    assert (await caller.encode(flags=flags)).status_code == status


async def test_a_blank_card_is_no_valid_card(fast: VisionlineSimulator, caller: Caller) -> None:
    fast.switch(presented="blank")
    assert (await caller.encode()).status_code == 201


@pytest.mark.parametrize("status", [200, 201])
async def test_the_status_of_a_written_card_can_be_switched(
    fast: VisionlineSimulator, caller: Caller, status: int
) -> None:
    fast.switch(card_status=status)
    assert (await caller.encode()).status_code == status


@pytest.mark.parametrize(("doors", "status"), [([], 201), (["101", "Pool=common"], 400)])
async def test_a_door_that_does_not_exist_is_refused_once_doors_are_named(
    fast: VisionlineSimulator, caller: Caller, doors: list[str], status: int
) -> None:
    fast.switch(doors=doors)
    assert (await caller.encode(doorOperations=room("101", "102"))).status_code == status
    assert (await caller.encode(doorOperations=room("101", "Pool"))).status_code == 201


async def test_doors_are_listed_with_their_categories(visionline: VisionlineSimulator, caller: Caller) -> None:
    sample = (await caller.call("GET", "/api/v1/doors?details=true")).json()
    categories = {"guest", "common", "common (PMS)", "entrance", "elevator reader"}
    assert {door["doorCategory"] for door in sample} == categories
    visionline.switch(doors=["7", "Lift=elevator reader"])
    first, second = (await caller.call("GET", "/api/v1/doors?details=true")).json()
    members = "doorID doorName localName doorType doorCategory doorGroup online openTime allowOnOff autoLock"
    assert set(first) == set(members.split())
    assert [(door["doorName"], door["doorCategory"]) for door in (first, second)] == [
        ("7", "guest"),
        ("Lift", "elevator reader"),
    ]


async def test_doors_without_details_are_names_alone(caller: Caller) -> None:
    assert (await caller.call("GET", "/api/v1/doors")).json()[0] == {"doorID": 1, "doorName": "101"}


@pytest.mark.parametrize("text", ["", "=common", "Pool=bar", "Pool=common (pms)", "a=b=guest"])
def test_a_door_is_a_name_and_perhaps_a_category(visionline: VisionlineSimulator, text: str) -> None:
    with pytest.raises(UserMistake):
        visionline.switch(doors=[text])
