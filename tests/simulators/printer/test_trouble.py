"""What goes wrong around IPP: the web server in the printer, the power, the wire, and a client that gives up."""

import base64
from collections.abc import AsyncIterator

import httpx
import pytest
import trio
from trio.abc import Clock

from agent.simulators.base.certificates import Tls
from agent.simulators.base.server import serve
from agent.simulators.printer.simulator import PrinterSimulator
from tests.simulators.printer.callers import (
    CONTENT,
    GET_PRINTER,
    JOB,
    PDF,
    PRINT_JOB,
    THREE_PAGES,
    VALIDATE_JOB,
    Client,
    Pieces,
    answer_of,
    message,
    named,
)

REQUEST = message(PRINT_JOB, *named("bill"), document=PDF)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/", CONTENT, 404),
        ("POST", "/ipp/printer", CONTENT, 404),
        ("POST", "/printers/", CONTENT, 404),
        ("GET", "/ipp/print", CONTENT, 405),
        ("POST", "/ipp/print", {"Content-Type": "application/octet-stream"}, 400),
        ("POST", "/ipp/print", {}, 400),
        ("POST", "/ipp/print", {"Content-Type": "Application/IPP; x=y"}, 200),
        ("POST", "/ipp/print/", CONTENT, 200),
        ("POST", "/printers/any", CONTENT, 200),
    ],
)
async def test_the_web_server_takes_ipp_at_its_paths(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int, autojump_clock: Clock
) -> None:
    answer = await http.request(method, path, content=message(GET_PRINTER), headers=headers)
    assert answer.status_code == status


async def test_a_log_in_may_be_wanted(
    printer: PrinterSimulator, http: httpx.AsyncClient, autojump_clock: Clock
) -> None:
    printer.switch(log_in="porter:secret")
    tries = {
        None: 401,
        b"porter:secret": 200,
        b"porter:wrong": 401,
        b"\xff": 401,
    }
    for account, status in tries.items():
        coded = {} if account is None else {"Authorization": f"Basic {base64.b64encode(account).decode()}"}
        answer = await http.post("/ipp/print", content=REQUEST, headers={**CONTENT, **coded})
        assert (answer.status_code, answer.headers.get("www-authenticate")) == (
            status,
            'Basic realm="Printer"' if status == 401 else None,
        )
    for bad in ("Basic ?", "Bearer eDp5", "Basic"):
        headers = {**CONTENT, "Authorization": bad}
        assert (await http.post("/ipp/print", content=REQUEST, headers=headers)).status_code == 401
    assert printer.calls["print-job"] == 1


async def test_a_request_without_tls_may_be_sent_elsewhere(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(plain_http="redirect")
    answer = await client.post(REQUEST)
    assert (answer.status_code, answer.headers["location"]) == (301, "https://printer:631/ipp/print")
    printer.switch(plain_http="upgrade")
    answer = await client.post(REQUEST)
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "TLS/1.2")
    assert (printer.jobs, printer.calls["print-job"]) == ((), 0)


@pytest.mark.needs("openssl")
async def test_with_tls_a_printer_says_ipps(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(tls=Tls.OWN, plain_http="redirect")
    told = await client.printer()
    assert told["printer-uri-supported"] == ["ipps://printer:631/ipp/print"]
    assert told["uri-security-supported"] == ["tls"]
    assert told["printer-more-info"] == ["https://printer:631/_sim/"]


async def test_an_answer_that_is_lost_before_the_job_was_taken(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.fail("drop", "print-job", calls=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.print("bill")
    assert printer.jobs == ()
    assert (await client.print("bill")).status == 0


async def test_an_answer_that_is_lost_after_the_job_was_taken(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.fail("drop", "print-job", calls=1, when="after", match={"job-name": "bill"})
    assert (await client.print("other")).status == 0
    await printer.wait_idle()
    with pytest.raises(httpx.RemoteProtocolError):
        await client.print("bill")
    await printer.wait_idle()
    assert printer.tray.counts == {"other": 1, "bill": 1}


async def test_scripted_answers_are_of_ipps_kind(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    true = (await client.post(message(VALIDATE_JOB))).content
    printer.fail("drip", "validate-job", when="after", calls=1, seconds=0.1)
    dripped = await client.post(message(VALIDATE_JOB))
    assert (dripped.headers["content-type"], dripped.content) == ("application/ipp", true)
    printer.fail("error-200", calls=1)
    assert answer_of((await client.post(message(VALIDATE_JOB))).content).status == 0x0500
    printer.fail("html-500", calls=1)
    assert (await client.post(message(VALIDATE_JOB))).headers["content-type"].startswith("text/html")
    printer.fail("truncated", calls=1, when="after")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(message(VALIDATE_JOB))


async def test_a_hang_takes_the_job_or_not(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    for when, jobs in (("before", 0), ("after", 1)):
        printer.fail("hang", "print-job", calls=1, when=when)
        with trio.move_on_after(60) as scope:
            await client.print("bill")
        assert (scope.cancelled_caught, len(printer.jobs)) == (True, jobs)


async def test_jobs_are_lost_with_the_power(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("bill", THREE_PAGES)
    await trio.sleep(1.5)
    printer.power_off()
    with pytest.raises(httpx.ConnectError):
        await client.printer()
    await trio.sleep(100)
    printer.power_on()
    assert (await client.job(1)).status == 0x0406
    assert (await client.printer())["printer-state"] == [3]
    (paper,) = printer.tray
    assert (paper.sides, paper.ended) == (1, "lost")
    assert (await client.print("next")).one("job-id") == 1
    assert (await client.job(1)).one("time-at-creation") == 1


async def test_jobs_may_go_on_when_the_power_comes_back(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(power_off="finished", queue=2)
    await client.print("bill", THREE_PAGES)
    await client.print("other")
    await trio.sleep(1.5)
    printer.power_off(10)
    await trio.sleep(9)
    assert [each.sides for each in printer.tray] == [1]
    await printer.wait_prints(2)
    assert trio.current_time() == 11.5 + 3
    assert printer.tray.counts == {"bill": 1, "other": 1}
    assert (await client.job(1)).one("job-state") == 9


async def test_a_printer_that_answers_has_power(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(power_off="finished")
    await client.print("bill")
    printer.power_off()
    await trio.sleep(100)
    printer.presence.come_back()
    assert (await client.job(1)).one("job-state") == 5
    await printer.wait_idle()
    assert trio.current_time() == 101


async def test_power_that_goes_in_the_middle_breaks_what_is_sent(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    pieces = Pieces(REQUEST[:-20], REQUEST[-20:], before_last=printer.power_off)
    with pytest.raises(httpx.ReadError):
        await client.send(pieces, len(REQUEST))
    printer.heal()
    assert printer.jobs == ()


async def test_a_body_may_be_sent_piece_by_piece(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for at in range(0, len(REQUEST), 10):
            await trio.sleep(1)
            yield REQUEST[at : at + 10]

    answer = await client.http.post("/ipp/print", content=slowly(), headers=CONTENT)
    assert answer_of(answer.content).one("job-id") == 1
    assert [job.size for job in printer.jobs] == [len(PDF)]


@pytest.mark.parametrize("kilobytes", [0, 1])
async def test_a_printer_may_hang_up_in_the_middle_of_a_document(
    printer: PrinterSimulator, client: Client, kilobytes: int, autojump_clock: Clock
) -> None:
    printer.switch(closes_after_kilobytes=kilobytes)
    with pytest.raises(httpx.ReadError):
        await client.print("bill", PDF + bytes(100_000))
    assert (printer.jobs, printer.calls.total()) == ((), 0)
    assert (await client.http.get("/_sim/switches")).json()["closes_after_kilobytes"] == kilobytes


@pytest.mark.parametrize("kilobytes", [0, 1])
async def test_it_hangs_up_over_a_socket_too(
    printer: PrinterSimulator, nursery: trio.Nursery, kilobytes: int
) -> None:
    printer.switch(closes_after_kilobytes=kilobytes)
    port = await nursery.start(serve, printer)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as http:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await Client(http).send(Pieces(REQUEST, bytes(1_000_000)), len(REQUEST) + 1_000_000)
        printer.switch(closes_after_kilobytes=None)
        assert (await Client(http).print("bill")).all(JOB)
    assert [job.name for job in printer.jobs] == ["bill"]


async def test_a_client_that_expects_100_gets_it(printer: PrinterSimulator, nursery: trio.Nursery) -> None:
    port = await nursery.start(serve, printer)
    head = (
        f"POST /ipp/print HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\nContent-Length: {len(REQUEST)}"
    )
    with trio.fail_after(10):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(f"{head}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n".encode())
            assert (await stream.receive_some()).startswith(b"HTTP/1.1 100 ")
            assert printer.jobs == ()
            await stream.send_all(REQUEST)
            answer = b"".join([bytes(piece) async for piece in stream])
    assert answer_of(answer.partition(b"\r\n\r\n")[2]).one("job-id") == 1


async def test_a_client_that_gives_up_leaves_its_job(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    printer.switch(latency_seconds=10)
    with trio.move_on_after(1):
        await client.print("bill")
    await trio.sleep(100)
    assert printer.tray.counts == {"bill": 1}
