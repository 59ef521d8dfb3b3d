"""CUPS' ipptool reads what our codec writes, and writes what it reads, over a real socket."""

import plistlib
from pathlib import Path
from typing import Any

import pytest
import trio

from agent.drivers.printing.ipp.message import (
    Attribute,
    Collection,
    GroupTag,
    Localised,
    Message,
    Range,
    Resolution,
    Value,
    ValueTag,
    decode,
    encode,
)
from tests.drivers.printing.ipp.messages import answer, group, keywords, value
from tests.raw_server import answer as http_answer
from tests.raw_server import answering, raw_server

pytestmark = pytest.mark.needs("ipptool")

TEST = Path(__file__).with_name("codec.test")


def sheet(width: int, height: int) -> Value:
    """A sheet of paper as a collection within a collection."""
    sides = (("x-dimension", width), ("y-dimension", height))
    size = Collection(tuple(Attribute(name, (value(ValueTag.INTEGER, side),)) for name, side in sides))
    members = (
        Attribute("media-size", (value(ValueTag.BEGIN_COLLECTION, size),)),
        Attribute("media-type", keywords("stationery", "labels")),
    )
    return value(ValueTag.BEGIN_COLLECTION, Collection(members))


ANSWER = Message(
    (2, 0),
    0x0001,
    77,
    (
        group(
            GroupTag.OPERATION,
            attributes_charset=value(ValueTag.CHARSET, "utf-8"),
            attributes_natural_language=value(ValueTag.LANGUAGE, "en"),
            status_message=value(ValueTag.TEXT, "Süd"),
        ),
        group(GroupTag.UNSUPPORTED, copies=value(ValueTag.UNSUPPORTED, None)),
        group(
            GroupTag.JOB,
            job_id=value(ValueTag.INTEGER, 42),
            job_state=value(ValueTag.ENUM, 5),
            job_state_reasons=keywords("job-printing", "printer-stopped"),
            job_printer_up_time=value(ValueTag.NO_VALUE, None),
            copies_supported=value(ValueTag.RANGE, Range(1, 99)),
            pwg_raster_document_resolution_supported=(
                value(ValueTag.RESOLUTION, Resolution(300, 300, 3)),
                value(ValueTag.RESOLUTION, Resolution(600, 1200, 3)),
            ),
            color_supported=value(ValueTag.BOOLEAN, True),
            printer_info=value(ValueTag.TEXT_WITH_LANGUAGE, Localised("de", "Büro")),
            media_col_ready=(sheet(21000, 29700), sheet(14800, 21000)),
        ),
    ),
)


async def exchange(nursery: trio.Nursery, said: Message) -> tuple[Message, dict[str, Any]]:
    """What ipptool has asked, and what it makes of the answer."""
    body = http_answer(encode(said), "Content-Type: application/ipp")
    server = await raw_server(nursery, answering(body))
    uri = server.base.replace("http", "ipp") + "/ipp/print"
    words = ("ipptool", "-L", "-V", "2.0", "-X", uri, str(TEST))
    done = await trio.run_process(words, capture_stdout=True, check=False)
    request = server.asked[0].partition(b"\r\n\r\n")[2]
    (result,) = plistlib.loads(done.stdout)["Tests"]
    return decode(request), result


async def test_what_ipptool_asks_is_read_as_what_it_is(nursery: trio.Nursery) -> None:
    asked, _ = await exchange(nursery, ANSWER)
    operation, job = asked.groups
    assert (asked.code, asked.request_id) == (0x0004, 77)
    assert operation.attributes[3] == Attribute("requesting-user-name", (value(ValueTag.NAME, "Büro"),))
    assert job == group(
        GroupTag.JOB,
        copies=value(ValueTag.INTEGER, 2),
        ipp_attribute_fidelity=value(ValueTag.BOOLEAN, True),
        finishings=(value(ValueTag.ENUM, 3), value(ValueTag.ENUM, 4)),
        media=value(ValueTag.KEYWORD, "iso_a4_210x297mm"),
        printer_resolution=value(ValueTag.RESOLUTION, Resolution(600, 1200, 3)),
        page_ranges=(value(ValueTag.RANGE, Range(1, 5)), value(ValueTag.RANGE, Range(7, 9))),
        media_col=sheet(21000, 29700),
        job_hold_until=value(ValueTag.NO_VALUE, None),
    )


async def test_what_ours_answers_is_what_ipptool_expects(nursery: trio.Nursery) -> None:
    _, result = await exchange(nursery, ANSWER)
    assert (result.get("Errors"), result["Successful"]) == (None, True)


async def test_ipptool_sees_each_value_of_an_answer(nursery: trio.Nursery) -> None:
    _, result = await exchange(nursery, ANSWER)
    _, unsupported, job = result["ResponseAttributes"]
    assert (job["job-id"], job["job-state-reasons"]) == (42, ["job-printing", "printer-stopped"])
    assert job["copies-supported"] == {"lower": 1, "upper": 99}
    assert [each["media-size"] for each in job["media-col-ready"]] == [
        {"x-dimension": 21000, "y-dimension": 29700},
        {"x-dimension": 14800, "y-dimension": 21000},
    ]
    assert job["pwg-raster-document-resolution-supported"][1] == {"units": "dpi", "xres": 600, "yres": 1200}
    assert list(unsupported) == ["copies"]


async def test_ipptool_does_not_take_another_answer_for_the_one_that_it_expects(nursery: trio.Nursery) -> None:
    _, result = await exchange(nursery, answer(*ANSWER.groups[:1], code=0x0001))
    assert result["Successful"] is False
    assert any("EXPECTED: job-id" in each for each in result["Errors"])
