"""The verbs of printing as people use them: the agent and each verb as a process, a printer on real sockets."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from agent.simulators.base.certificates import Tls
from agent.simulators.base.server import serve
from agent.simulators.printer.raw import serve_raw
from agent.simulators.printer.simulator import PrinterSimulator
from tests.e2e.processes import PATIENCE, RealHotel, real_hotel
from tests.e2e.test_desk import ACTS, ask, asking, rows, wait_socket

PRINTERS = """
[[printers]]
name = "Front Office"
uri = "ipp://127.0.0.1:{port}/ipp/print"
[[printers]]
name = "Label"
uri = "socket://127.0.0.1:{raw}"
"""


@pytest.fixture
def printer() -> PrinterSimulator:
    return PrinterSimulator()


@pytest.fixture
async def hotel(tmp_path: Path, printer: PrinterSimulator) -> AsyncIterator[RealHotel]:
    async with with_printer(tmp_path, printer) as hotel:
        yield hotel


@asynccontextmanager
async def with_printer(folder: Path, printer: PrinterSimulator) -> AsyncIterator[RealHotel]:
    async with trio.open_nursery() as nursery:
        port, raw = await nursery.start(serve, printer), await nursery.start(serve_raw, printer)
        async with real_hotel(folder, more=PRINTERS.format(port=port, raw=raw)) as hotel:
            yield hotel
        nursery.cancel_scope.cancel()


async def test_the_verbs_of_printing_act_on_the_agent(hotel: RealHotel, printer: PrinterSimulator) -> None:
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        tested = await ask(hotel, "test", "front office")
        assert tested.code == 0
        for step in ("name: ok", "connection: ok", "printer: ok", "formats: ok"):
            assert f"printer:Front Office: {step}" in tested.out
        raw = await ask(hotel, "test", "Label")
        assert (raw.code, "printer:Label: printer: not tested" in raw.out) == (0, True)
        printed = await ask(hotel, "print", "test", "Front Office")
        assert (printed.code, printed.out.splitlines()[-1]) == (0, "The printer says that the page is printed.")
        sent = await ask(hotel, "print", "label")
        assert (sent.code, sent.out.splitlines()[-1].startswith("Sent, not confirmed")) == (0, True)
        listed = json.loads((await ask(hotel, "print", "status", "--json")).out)
        assert [(row["printer"], row["pdf"]) for row in listed["rows"]] == [
            ("Front Office", "as it is"),
            ("Label", "as it is, unasked"),
        ]
        mistake = await ask(hotel, "print", "Back Office")
        assert (mistake.code, mistake.err) == (
            2,
            'nightporter: There is no printer “Back Office”: write "Front Office" or Label.\n',
        )
        agent.send(signal.SIGTERM)
        assert await agent.wait_exit() == 0
    assert [(verb, end) for verb, end, _ in rows(hotel, ACTS)] == [
        ("test", "done"),
        ("test", "done"),
        ("print test", "done"),
        ("print test", "done"),
    ]
    assert [printed.whole_copies for printed in printer.tray] == [1, 1]
    kept = b"".join(path.read_bytes() for path in hotel.state.iterdir() if path.is_file())
    assert b"%PDF" not in kept


async def test_ctrl_c_while_the_paper_is_out_has_the_page_cancelled(
    hotel: RealHotel, printer: PrinterSimulator
) -> None:
    printer.engine.fill(0)
    async with hotel.agent() as agent:
        await wait_socket(hotel, agent)
        async with asking(hotel, "print", "Front Office") as verb:
            await verb.wait_words("waits: out of paper")
            verb.process.send_signal(signal.SIGINT)
            said = await verb.wait_end()
        assert (said.code, "is told to cancel the page" in said.err) == (1, True)
        with trio.fail_after(PATIENCE):
            await agent.wait_line("E-PRINT-WITHDRAWN")
        agent.send(signal.SIGTERM)
        await agent.wait_exit()
    assert [(verb, end) for verb, end, _ in rows(hotel, ACTS)] == [("print test", "perhaps")]
    assert [printed.whole_copies for printed in printer.tray] in ([], [0])


async def test_without_an_agent_the_page_is_printed_by_a_process_of_its_own(
    hotel: RealHotel, printer: PrinterSimulator
) -> None:
    config = ("--config", str(hotel.config))
    assert (await ask(hotel, "print", "Front Office", *config)).code == 0
    status = await ask(hotel, "print", "status", *config)
    assert (status.code, status.out.splitlines()[-1]) == (0, "2 printers.")
    assert (await ask(hotel, "print", "status")).code == 1
    assert [printed.whole_copies for printed in printer.tray] == [1]
    assert not hotel.mews.calls


@pytest.mark.needs("openssl")
async def test_a_pinned_printer_is_tested_by_its_certificate(tmp_path: Path, printer: PrinterSimulator) -> None:
    printer.switch(tls=Tls.OWN)
    seen = printer.certificates.sha256(Tls.OWN)
    async with with_printer(tmp_path, printer) as hotel:
        text = hotel.config.read_text().replace('"ipp://', '"ipps://')
        pinned = text.replace('/ipp/print"', f'/ipp/print"\ncertificate_sha256 = "{seen}"')
        hotel.config.write_text(pinned)
        async with hotel.agent() as agent:
            await wait_socket(hotel, agent)
            tested = await ask(hotel, "test", "Front Office")
            assert (tested.code, "TLS: ok" in tested.out) == (0, True)
            assert (await ask(hotel, "print", "Front Office")).code == 0
            hotel.config.write_text(pinned.replace(seen, "ab" * 32))
            assert (await ask(hotel, "reload")).code == 0
            refused = await ask(hotel, "test", "Front Office")
            assert (refused.code, "E-PRINTER-CERTIFICATE" in refused.err) == (1, True)
    assert [printed.whole_copies for printed in printer.tray] == [1]
