"""Whatever a client sends, the printer answers it, and no more comes out than was taken."""

import httpx
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.simulators.base.replies import Reply, Request
from agent.simulators.printer.simulator import PrinterSimulator
from tests.in_process import SimulatorTransport
from tests.simulators.printer.callers import (
    BEGIN,
    BOOLEAN,
    INTEGER,
    KEYWORD,
    MIME,
    NAME,
    PDF,
    PRINT_JOB,
    SEND_DOCUMENT,
    TARGET,
    TEXT,
    URI,
    Client,
    Said,
    message,
)

TAGS = st.sampled_from(
    [INTEGER, BOOLEAN, NAME, TEXT, KEYWORD, URI, MIME, 0x10, 0x13, 0x33, 0x34, 0x37, 0x4A, 0x7F]
)
NAMES = st.sampled_from(
    [
        *("job-id", "job-uri", "job-name", "document-format", "compression", "requested-attributes", "limit"),
        *("which-jobs", "my-jobs", "last-document", "requesting-user-name", "copies", "", "media-col"),
    ]
)
VALUES = st.one_of(
    st.integers(-2, 12),
    st.booleans(),
    st.binary(max_size=9),
    st.text(max_size=9),
    st.sampled_from(["application/pdf", "application/octet-stream", "all", "none", "job-template"]),
)
GOOD: list[Said] = [
    (INTEGER, "job-id", 1),
    (NAME, "job-name", "bill"),
    (BOOLEAN, "last-document", True),
    (MIME, "document-format", "application/pdf"),
    (KEYWORD, "which-jobs", "all"),
]
ATTRIBUTES = st.lists(st.sampled_from(GOOD) | st.tuples(TAGS, NAMES, VALUES), max_size=4)
MESSAGES = st.builds(
    lambda operation, begin, attributes, job, document, version: message(
        operation, *attributes, begin=begin, job=job, document=document, version=version
    ),
    st.integers(0, 14) | st.sampled_from([PRINT_JOB, SEND_DOCUMENT, 0x4002]),
    st.just((*BEGIN, TARGET)) | ATTRIBUTES,
    ATTRIBUTES,
    st.just([(INTEGER, "copies", 2)]) | ATTRIBUTES,
    st.sampled_from([b"", PDF, b"RaS2", b"\xff\xd8\xff", b"%PDF-" + PDF]) | st.binary(max_size=20),
    st.sampled_from([(2, 0), (1, 1), (9, 9)]),
)
CONTROL = st.tuples(
    st.sampled_from(
        ["reasons", "paper", "panel", "abort", "turn-out", "slow", "power/on", "prints", "pages/1-1.png"]
    ),
    st.sampled_from(
        [
            *(b"", b"{", b'{"sheets": 1}', b'{"sheets": null}', b'{"press": "cancel"}', b'{"press": "pause"}'),
            *(b'{"press": "resume"}', b'{"reasons": ["media-jam"]}', b'{"reasons": []}', b'{"sides": 2}'),
            *(b'{"seconds": 0}', b'{"seconds": null}', b'{"seconds": 2.5}'),
        ]
    ),
)
STEPS = MESSAGES | st.binary(max_size=60) | CONTROL | st.floats(0, 5)


async def take(printer: PrinterSimulator, client: Client, step: bytes | tuple[str, bytes] | float) -> None:
    if isinstance(step, float):
        await trio.sleep(step)
    elif isinstance(step, bytes):
        answer = await client.post(step)
        assert answer.status_code == (400 if len(step) < 8 else 200)
    else:
        method = "GET" if step[0].startswith("p") and step[1] == b"" else "POST"
        reply = await printer.handle(Request(method, f"/_sim/{step[0]}", body=step[1]))
        assert isinstance(reply, Reply)
        assert reply.status in (200, 400)


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_any_requests_are_answered_and_no_job_comes_out_twice(
    steps: list[bytes | tuple[str, bytes] | float],
) -> None:
    printer = PrinterSimulator()
    printer.switch(queue=3)

    async def take_all() -> None:
        transport = SimulatorTransport(printer)
        async with httpx.AsyncClient(transport=transport, base_url="http://printer", timeout=None) as http:
            for step in steps:
                await take(printer, Client(http), step)

    trio.run(take_all, clock=MockClock(autojump_threshold=0))
    prints = list(printer.engine.tray)
    assert len({each.job_id for each in prints}) == len(prints)
    assert all(0 < each.sides <= each.pages * each.copies for each in prints)
    assert all(each.sides == each.pages * each.copies for each in prints if each.ended == "completed")
