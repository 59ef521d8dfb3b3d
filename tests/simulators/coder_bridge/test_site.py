"""A simulated site that differs from the placeholders: paths, fields, dates, areas, lists, all by switches."""

from datetime import UTC, datetime

import pytest
import trio

from agent.foundation.errors import UserMistake
from agent.simulators.base.replies import Reply, Request
from agent.simulators.coder_bridge.simulator import CoderBridgeSimulator
from agent.simulators.coder_bridge.site import moment
from agent.simulators.coder_bridge.slots import Slot
from agent.simulators.coder_bridge.switches import CoderBridgeSwitches
from tests.simulators.conftest import Post

KEY = {"rm": "101", "enco": "1", "movein": "05/04/2016", "moveout": "05/06/2016"}
MOBILE = {"rm": "101", "user_id": "7", "checkout_date": "05/06/2016", "sa_guest": "2"}
AREA = {"nr": "7", "name": "Sauna"}
TIME = {"nr": "1", "name": "Usual", "time": "10:30"}


@pytest.fixture
def fast(bridge: CoderBridgeSimulator) -> CoderBridgeSimulator:
    bridge.switch(card_seconds=0)
    return bridge


async def test_calls_and_fields_are_where_the_switches_say(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    fast.switch(paths=["guest_key=/v2/key"], fields=["encoder=nr", "end=bis"])
    assert (await to_bridge("/pms/cikey", **KEY)).status_code == 404
    await to_bridge("/v2/key", rm="101", nr="9", bis="05/06/2016")
    assert [(cut.encoder, cut.end) for cut in fast.cuts] == [("9", "05/06/2016")]


async def test_every_call_can_be_moved(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    fast.switch(paths=[f"{slot}=/moved/{slot.replace('_', '-')}" for slot in Slot])
    request = Request("POST", "/mst/enc/moved/auth", headers={"content-type": "application/json"}, body=b"{}")
    answer = await fast.handle(request)
    assert isinstance(answer, Reply)
    assert (answer.status, fast.calls["auth"]) == (401, 1)


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"paths": ["guest_key=/pms/cokey"]}, "two calls would be at one place"),
        ({"paths": ["guest_kee=/x"]}, "paths"),
        ({"fields": ["encoder=a b"]}, "fields"),
        ({"date_zone": "Europe/Vienn"}, "there is no zone"),
        ({"date_pattern": "MM/yyyy"}, "date_pattern"),
        ({"date_pattern": "yyyy-MM-dd HH:HH"}, "once at the most"),
        ({"list_shape": "tree"}, "list_shape"),
    ],
)
def test_switches_that_no_site_can_have_are_refused_and_change_nothing(
    bridge: CoderBridgeSimulator, switches: dict[str, object], words: str
) -> None:
    before = bridge.switches
    with pytest.raises(UserMistake, match=words):
        bridge.switch(**switches)
    assert bridge.switches == before


def test_the_same_is_refused_from_the_command_line() -> None:
    with pytest.raises(UserMistake, match="two calls"):
        CoderBridgeSimulator(CoderBridgeSwitches(paths=("read_card=/pms/cikey",)))


@pytest.mark.parametrize(
    ("pattern", "zone", "text", "utc"),
    [
        ("MM/dd/yyyy", "UTC", "05/06/2016", datetime(2016, 5, 6, tzinfo=UTC)),
        ("dd.MM.yyyy HH:mm", "Europe/Vienna", "06.05.2016 11:00", datetime(2016, 5, 6, 9, tzinfo=UTC)),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", "UTC", "2016-05-06T11:00:00+02:00", datetime(2016, 5, 6, 9, tzinfo=UTC)),
        ("yyyy-MM-dd'T'HH:mmXXX", "Europe/Vienna", "2016-05-06T11:00Z", datetime(2016, 5, 6, 11, tzinfo=UTC)),
        ("yyyyMMddHHmmXXX", "UTC", "201605061100-03:00", datetime(2016, 5, 6, 14, tzinfo=UTC)),
        ("''yyyy 'o''clock' MMdd", "UTC", "'2016 o'clock 0506", datetime(2016, 5, 6, tzinfo=UTC)),
        ("MM/dd/yyyy", "UTC", "5/6/2016", None),
        ("MM/dd/yyyy", "UTC", "06/31/2016", None),
        ("MM/dd/yyyy", "Etc/GMT+5", "12/31/9999", datetime(9999, 12, 31, 5, tzinfo=UTC)),
        ("yyyy-MM-dd HH:mm", "Etc/GMT+5", "9999-12-31 23:00", None),
    ],
)
def test_a_date_is_read_by_pattern_and_zone(pattern: str, zone: str, text: str, utc: datetime | None) -> None:
    assert moment(text, CoderBridgeSwitches(date_pattern=pattern, date_zone=zone)) == utc


@pytest.mark.parametrize(
    ("start", "end", "result"),
    [
        ("05/04/2016", "05/06/2016", 0),
        ("", "05/06/2016", 0),
        ("05/04/2016", "", 0),
        ("2016-05-04", "05/06/2016", 10),
        ("05/04/2016", "06.05.2016", 10),
        ("05/06/2016", "05/06/2016", 10),
    ],
)
async def test_a_site_with_a_pattern_takes_no_other_dates(
    fast: CoderBridgeSimulator, to_bridge: Post, start: str, end: str, result: int
) -> None:
    fast.switch(date_pattern="MM/dd/yyyy", date_zone="Europe/Vienna")
    answer = await to_bridge("/pms/cikey", **{**KEY, "movein": start, "moveout": end})
    assert answer.json()["result"] == result
    assert len(fast.cuts) == (result == 0)


async def test_a_cut_tells_until_when_the_site_takes_it_to_be_good(
    fast: CoderBridgeSimulator, to_bridge: Post
) -> None:
    fast.switch(date_pattern="MM/dd/yyyy", date_zone="Europe/Vienna")
    await to_bridge("/pms/cikey", **KEY)
    assert [cut.until for cut in fast.cuts] == ["2016-05-05T22:00:00Z"]


@pytest.mark.parametrize("is_needed", [True, False])
async def test_a_key_may_need_an_end(fast: CoderBridgeSimulator, to_bridge: Post, is_needed: bool) -> None:
    fast.switch(needs_end=is_needed)
    answer = await to_bridge("/pms/cikey", rm="101", enco="1")
    assert (answer.json()["result"], len(fast.cuts)) == ((1, 0) if is_needed else (0, 1))


@pytest.mark.parametrize(("areas", "result"), [("1;3", 0), ("1,3", 11), ("9", 11), ("", 0)])
async def test_a_site_may_check_areas_by_its_own_separator(
    fast: CoderBridgeSimulator, to_bridge: Post, areas: str, result: int
) -> None:
    fast.switch(check_areas=True, area_separator=";")
    assert (await to_bridge("/pms/cikey", **KEY, sa_guest=areas)).json()["result"] == result


@pytest.mark.parametrize(
    ("shape", "areas", "times"),
    [
        ("array", [AREA], [TIME]),
        ("wrapped", {"list": [AREA]}, {"cotimes": [TIME]}),
        ("names", ["7"], ["10:30"]),
        ("enveloped", {"result": 0, "msg": "OK", "data": [AREA]}, {"result": 0, "msg": "OK", "data": [TIME]}),
    ],
)
async def test_lists_have_the_shape_and_the_names_that_are_switched(
    bridge: CoderBridgeSimulator, to_bridge: Post, shape: str, areas: object, times: object
) -> None:
    bridge.switch(
        list_shape=shape,
        list_fields=["id=nr", "areas=list"],
        special_areas=["7=Sauna"],
        checkout_times=["Usual=10:30"],
    )
    assert (await to_bridge("/config/sa")).json() == areas
    assert (await to_bridge("/config/cotimes")).json() == times


async def test_mobile_keys_are_recorded_with_their_address(bridge: CoderBridgeSimulator, to_bridge: Post) -> None:
    await to_bridge("/pms/mkey", **MOBILE)
    await to_bridge("/pms/mkeypush", **MOBILE, push_address="+43 660 1234567")
    assert [(key.slot, key.user, key.areas, key.push_address) for key in bridge.mobile_keys] == [
        ("mobile_key", "7", "2", ""),
        ("mobile_key_push", "7", "2", "+43 660 1234567"),
    ]
    assert bridge.counts()["mobile_keys"] == 2
    answer = await bridge.handle(Request("GET", "/_sim/mobile-keys"))
    assert isinstance(answer, Reply)
    assert b"+43 660 1234567" in answer.body


async def test_a_push_without_an_address_is_refused_and_makes_no_key(
    bridge: CoderBridgeSimulator, to_bridge: Post
) -> None:
    assert (await to_bridge("/pms/mkeypush", **MOBILE)).json()["result"] == 1
    assert not bridge.mobile_keys


async def test_a_card_that_is_read_tells_its_areas(fast: CoderBridgeSimulator, to_bridge: Post) -> None:
    await to_bridge("/pms/cikey", **KEY, sa_guest="1,3")
    assert (await to_bridge("/pms/readkey", enco="1")).json()["data"] == {
        "rm": "101",
        "movein": "05/04/2016",
        "moveout": "05/06/2016",
        "sa_guest": "1,3",
        "tid": "100001",
        "cid": "900001",
    }


async def test_nobody_lays_a_card_down_to_be_read(
    fast: CoderBridgeSimulator, to_bridge: Post, autojump_clock: trio.abc.Clock
) -> None:
    fast.fail("no-card", "read_card", seconds=30.0)
    assert (await to_bridge("/pms/readkey", enco="1")).json()["result"] == 6
    assert trio.current_time() >= 30.0
