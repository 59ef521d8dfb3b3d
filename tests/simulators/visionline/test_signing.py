"""Signing: the reference's worked examples byte for byte, and every part of a signature that may be wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.simulators.base.replies import Request
from agent.simulators.visionline import signing
from agent.simulators.visionline.simulator import VisionlineSimulator
from agent.simulators.visionline.switches import SignedDate, SignedTarget
from tests.simulators.visionline.callers import Caller

KEY = "example-access-key-1"
DATE = "Sat, 21 Nov 2026 14:00:00 GMT"
BODY = (
    b'{"doorOperations":[{"doors":["101"],"operation":"guest"}],"expireTime":"20261124T1100",'
    b'"format":"rfid48","startTime":"20261121T1500"}'
)
CARDS = "/api/v1/cards?action=encode&encoder=FrontDesk1&override=true"
TYPE = "application/json;charset=utf-8"
EXAMPLES = [  # reference/visionline.md section 3
    (("POST", "hR/XG/eM7/NsH0JhydQ9og==", TYPE, DATE, CARDS), 151, "heApvArPLsEQyVhb7E11QWsgl6A="),
    (
        ("POST", "hR/XG/eM7/NsH0JhydQ9og==", TYPE, f"X-Aah-Date:{DATE}", CARDS),
        162,
        "zkhxdTFl2JXTxZm/w8rHqO6OKvk=",
    ),
    (("GET", "", "", DATE, "/api/v1/doors?details=true"), 62, "RHzT7qK6JPmzSXMfFO6XqE3vvz0="),
    (("DELETE", "", "", DATE, "/api/v1/sessions/sess-0001"), 65, "kjq3fvfUaKQ9xqwHnsyKGMszA1o="),
]


@pytest.mark.parametrize(("lines", "size", "expected"), EXAMPLES)
def test_the_worked_examples(lines: tuple[str, str, str, str, str], size: int, expected: str) -> None:
    text = signing.text_to_sign(*lines)
    assert (len(text.encode()), signing.signature(KEY, text)) == (size, expected)


def test_the_worked_examples_of_content_md5() -> None:
    assert (len(BODY), signing.content_md5(BODY)) == (133, "hR/XG/eM7/NsH0JhydQ9og==")
    assert signing.content_md5(b'{"username":"sym","password":"sym"}') == "62vvvkRi3TRtURahQ++3Zg=="


def example(**changes: object) -> Request:
    """The worked example as a request, with other parts."""
    headers = {"content-md5": "hR/XG/eM7/NsH0JhydQ9og==", "content-type": TYPE, "date": DATE}
    headers["authorization"] = "AWS sess-0001:heApvArPLsEQyVhb7E11QWsgl6A="
    other = changes.pop("headers", {})
    assert isinstance(other, Mapping)
    parts = {"method": "POST", "target": CARDS, "body": BODY, **changes}
    return Request(path="/api/v1/cards", headers={**headers, **other}, **parts)  # type: ignore[arg-type]


def is_signed(request: Request, form: SignedTarget = SignedTarget.ESCAPED) -> bool:
    return signing.is_signed(request, KEY, SignedDate.BOTH, form)


def test_the_worked_example_is_taken_as_a_whole_request() -> None:
    assert is_signed(example())
    assert signing.session_of(example()) == "sess-0001"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"target": CARDS + "&x=1"},
        {"target": CARDS.removeprefix("/api/v1")},
        {"headers": {"content-md5": ""}},
        {"headers": {"content-type": "application/json; charset=utf-8"}},
        {"headers": {"date": "Sat, 21 Nov 2026 14:00:01 GMT"}},
        {"headers": {"date": DATE.replace("GMT", "+0000")}},
        {"headers": {"x-aah-date": DATE}},
        {"headers": {"authorization": "AWS sess-0001:heApvArPLsEQyVhb7E11QWsgl6a="}},
        {"headers": {"authorization": "AWS sess-0001"}},
        {"headers": {"authorization": "Bearer sess-0001:heApvArPLsEQyVhb7E11QWsgl6A="}},
        {"headers": {"authorization": "AWS sess-0001:ü"}},
    ],
)
def test_any_other_part_makes_the_signature_wrong(change: dict[str, object]) -> None:
    assert not is_signed(example(**change))


BLANK = "/api/v1/cards?action=encode&encoder=Front%20Desk%2F1"


@pytest.mark.parametrize(
    ("form", "escaped", "raw"), [("escaped", True, False), ("raw", False, True), ("both", True, True)]
)
def test_the_target_is_signed_escaped_raw_or_either(form: str, escaped: bool, raw: bool) -> None:
    def taken(signed: str) -> bool:
        text = signing.text_to_sign("GET", "", "", DATE, signed)
        headers = {"date": DATE, "authorization": f"AWS s:{signing.signature(KEY, text)}"}
        request = Request("GET", "/api/v1/cards", headers=headers, target=BLANK)
        return is_signed(request, SignedTarget(form))

    assert (taken(BLANK), taken("/api/v1/cards?action=encode&encoder=Front Desk/1")) == (escaped, raw)


@pytest.mark.parametrize(
    ("which", "line"),
    [("both", "X-Aah-Date:tomorrow"), ("x-aah-date", "X-Aah-Date:tomorrow"), ("date", "today")],
)
def test_of_two_dates_the_switched_one_counts(which: str, line: str) -> None:
    request = Request("GET", "/", headers={"date": "today", "x-aah-date": "tomorrow"})
    assert signing.date_line(request, SignedDate(which)) == line


def test_without_the_switched_header_there_is_no_date() -> None:
    request = Request("GET", "/", headers={"date": DATE})
    assert signing.date_line(request, SignedDate.X_AAH_DATE) == ""
    assert signing.date_of(request, SignedDate.X_AAH_DATE) is None


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_a_date_is_read_in_every_spelling_that_the_public_clients_have(zone: str) -> None:
    request = Request("GET", "/", headers={"x-aah-date": DATE.replace("GMT", zone)})
    assert signing.date_of(request, SignedDate.BOTH) == datetime(2026, 11, 21, 14, tzinfo=UTC)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} Nov [0-9]{1,5} [0-9:]{1,9} [-+A-Z0-9]{1,6}"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    date = signing.date_of(Request("GET", "/", headers={"date": text}), SignedDate.DATE)
    assert date is None or date.tzinfo is not None


@pytest.mark.parametrize(
    ("target", "is_sorted"),
    [
        ("/api/v1/doors", True),
        ("/x?a=9&b=1&c", True),
        ("/x?action=encode&encoder=1&override=true", True),
        ("/x?encoder=1&action=encode", False),
        ("/x?a-b=1&a=2", False),
    ],
)
def test_a_query_is_sorted_by_its_names(target: str, is_sorted: bool) -> None:
    assert signing.is_sorted(target) is is_sorted


SORTED, UNSORTED = "/api/v1/doors?details=true&zone=1", "/api/v1/doors?zone=1&details=true"


@pytest.mark.parametrize(("switch", "status"), [("accept", 200), ("refuse", 403)])
async def test_an_unsorted_query_is_accepted_or_refused(
    visionline: VisionlineSimulator, caller: Caller, switch: str, status: int
) -> None:
    visionline.switch(unsorted_query=switch)
    assert (await caller.call("GET", UNSORTED)).status_code == status
    assert (await caller.call("GET", SORTED)).status_code == 200


async def test_a_wrong_signature_is_403_and_counted(visionline: VisionlineSimulator, caller: Caller) -> None:
    answer = await caller.call("GET", "/api/v1/doors?details=true", signed="/api/v1/doors?details=false")
    assert (answer.status_code, visionline.access.refused_signatures) == (403, 1)


@pytest.mark.parametrize("name", ["Date", "X-Aah-Date"])
@pytest.mark.parametrize(
    ("switch", "taken"), [("both", {"Date", "X-Aah-Date"}), ("date", {"Date"}), ("x-aah-date", {"X-Aah-Date"})]
)
async def test_the_date_comes_in_the_switched_header(
    visionline: VisionlineSimulator, caller: Caller, switch: str, taken: set[str], name: str
) -> None:
    await caller.log_in()
    visionline.switch(signed_date=switch)
    answer = await caller.call("GET", "/api/v1/doors", date=(name, caller.date()))
    assert answer.status_code == (200 if name in taken else 403)
