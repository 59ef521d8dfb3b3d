"""The control side of the printer: what came out to look at, what a person does, and mistakes in a sentence."""

import sys

import httpx
import pytest
import trio
from trio.abc import Clock

from agent.simulators.base.replies import Request
from agent.simulators.printer.simulator import PrinterSimulator
from agent.simulators.printer.switches import PrinterSwitches
from tests.simulators.printer.callers import PDF, THREE_PAGES, Client
from tests.simulators.printer.rasters import gray, raster

JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"
RASTER = raster(gray(b"\x00\x80\xff"), gray(b"\x10"))
TWO_SHEETS = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]>>endobj\n"
    b"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 100]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


async def sentence(http: httpx.AsyncClient, method: str, path: str, body: object = None) -> str:
    answer = await http.request(method, f"/_sim{path}", json=body)
    assert answer.status_code == 400
    return str(answer.json()["error"])


async def test_what_came_out_is_listed(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    await client.print("bill", THREE_PAGES, copies=2)
    await trio.sleep(1)
    first, listed = (await client.http.get("/_sim/prints")).json()[0], {}
    await printer.wait_idle()
    listed = (await client.http.get("/_sim/prints")).json()[0]
    assert (first["sides"], first["ended"]) == (1, "")
    assert listed == {
        "number": 1,
        "job_id": 1,
        "job_name": "bill",
        "user": "porter",
        "format": "application/pdf",
        "copies": 2,
        "pages": 3,
        "size": len(THREE_PAGES),
        "began": 1.0,
        "sides": 6,
        "ended": "completed",
        "is_kept": True,
    }


async def test_what_came_out_is_counted(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    await client.print("bill", copies=2)
    await printer.wait_sides(2)
    counts = (await client.http.get("/_sim/counts")).json()
    assert (counts["prints"], counts["sides"], counts["copies"]) == (1, 2, {"bill": 2})
    assert counts["calls"] == {"print-job": 1}


@pytest.mark.parametrize(
    ("document", "format"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (RASTER, "image/pwg-raster"), (PDF, "application/pdf")],
)
async def test_a_document_is_given_as_it_came(
    printer: PrinterSimulator, client: Client, document: bytes, format: str, autojump_clock: Clock
) -> None:
    await client.print("x", document, format="application/octet-stream")
    await printer.wait_idle()
    answer = await client.http.get("/_sim/prints/1/document")
    assert (answer.content, answer.headers["content-type"]) == (document, format)


@pytest.mark.parametrize(("document", "format"), [(JPEG, "image/jpeg"), (PNG, "image/png")])
async def test_a_picture_is_looked_at_as_it_came(
    printer: PrinterSimulator, client: Client, document: bytes, format: str, autojump_clock: Clock
) -> None:
    await client.print("x", document, format="application/octet-stream")
    await printer.wait_idle()
    answer = await client.http.get("/_sim/pages/1-1.png")
    assert (answer.content, answer.headers["content-type"]) == (document, format)
    assert "cannot be shown" in await sentence(client.http, "GET", "/pages/1-2.png")


async def test_raster_is_looked_at_as_png(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("x", RASTER, format="image/pwg-raster")
    await printer.wait_idle()
    answer = await client.http.get("/_sim/pages/1-1.png")
    assert (answer.content[:8], answer.headers["content-type"]) == (b"\x89PNG\r\n\x1a\n", "image/png")
    assert (await client.http.get("/_sim/pages/1-2")).content != answer.content
    assert await sentence(client.http, "GET", "/pages/1-3.png") == "there is no page 3"


async def test_a_damaged_raster_is_one_sentence(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("x", RASTER[:1000], format="image/pwg-raster")
    await printer.wait_idle()
    assert "ends within the header of a page" in await sentence(client.http, "GET", "/pages/1-1.png")


async def test_pdf_is_looked_at_as_png(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    pytest.importorskip("pypdfium2")
    await client.print("x", TWO_SHEETS)
    await client.http.post("/_sim/turn-out", json={"sides": 2})
    wide, high = [(await client.http.get(f"/_sim/pages/1-{page}.png")).content for page in (1, 2)]
    assert [int.from_bytes(wide[at : at + 4]) for at in (16, 20)] == [800, 400]
    assert [int.from_bytes(high[at : at + 4]) for at in (16, 20)] == [80, 8000]
    for page in (0, 3):
        assert await sentence(client.http, "GET", f"/pages/1-{page}.png") == f"there is no page {page}"


async def test_a_damaged_pdf_is_one_sentence(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    pytest.importorskip("pypdfium2")
    await client.print("x", b"%PDF-rubbish")
    await printer.wait_idle()
    assert "the PDF cannot be shown" in await sentence(client.http, "GET", "/pages/1-1.png")


async def test_pdf_without_its_package_is_one_sentence(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)  # what import takes for missing
    await client.print("x")
    await printer.wait_idle()
    assert "need the package pypdfium2" in await sentence(client.http, "GET", "/pages/1-1.png")


async def test_a_document_that_is_forgotten_is_one_sentence(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    await client.print("x")
    await printer.wait_idle()
    printer.tray.find(1).document = None
    assert "is forgotten" in await sentence(client.http, "GET", "/prints/1/document")
    assert "<img" not in (await client.http.get("/_sim/", headers={"Accept": "text/html"})).text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/prints/1/document", "there is no print 1: GET /_sim/prints lists them"),
        ("/prints/x/document", "there is no print 0"),
        ("/pages/1-1.png", "there is no print 1"),
        ("/pages/one", "'one' is no page: write NUMBER-PAGE.png"),
    ],
)
async def test_what_never_came_out_is_one_sentence(
    http: httpx.AsyncClient, path: str, words: str, autojump_clock: Clock
) -> None:
    assert (await sentence(http, "GET", path)).startswith(words)


async def test_a_browser_gets_a_page_with_what_came_out(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    empty = (await client.http.get("/_sim/", headers={"Accept": "text/html,*/*"})).text
    assert "Nothing has come out yet." in empty
    await client.print("<b>bill</b>", THREE_PAGES)
    await trio.sleep(1)
    page = (await client.http.get("/_sim/", headers={"Accept": "text/html,*/*"})).text
    assert "&lt;b&gt;bill&lt;/b&gt;" in page
    assert "<b>bill" not in page
    assert "Processing (none), job 1 processing" in page
    assert all(f'href="/_sim/{address}"' in page for address in ("prints/1/document", "pages/1-3.png"))
    assert "1 of 3 sides" in page


async def test_a_program_gets_the_list_of_what_there_is(http: httpx.AsyncClient, autojump_clock: Clock) -> None:
    listed = (await http.get("/_sim/")).json()
    assert listed["switches"].keys() == set(PrinterSwitches.__struct_fields__)
    assert "POST /_sim/power" in listed["routes"]
    assert "print-job" in listed["operations"]


async def test_a_person_cancels_pauses_and_resumes_at_the_panel(
    printer: PrinterSimulator, client: Client, autojump_clock: Clock
) -> None:
    http = client.http
    await client.print("bill")
    await http.post("/_sim/panel", json={"press": "pause"})
    await trio.sleep(100)
    jobs = (await http.get("/_sim/jobs")).json()
    assert [(job["name"], job["state"], job["reasons"]) for job in jobs] == [
        ("bill", "stopped", ["printer-stopped"])
    ]
    await http.post("/_sim/panel", json={"press": "resume"})
    await printer.wait_idle()
    await client.print("bill")
    await http.post("/_sim/panel", json={"press": "cancel"})
    assert (await client.state(2))[1] == ["job-canceled-at-device"]
    assert await sentence(http, "POST", "/panel", {"press": "cancel"}) == "there is no job"
    assert "write one of cancel, pause, resume" in await sentence(http, "POST", "/panel", {"press": "print"})


async def test_trouble_is_made_and_ended(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    http = client.http
    await http.post("/_sim/reasons", json={"reasons": ["toner-low-warning"], "stops": True})
    told = await client.printer()
    assert (told["printer-state"], told["printer-state-reasons"]) == ([5], ["toner-low-warning"])
    await http.post("/_sim/reasons", json={"reasons": []})
    await http.post("/_sim/paper", json={"sheets": 0})
    await client.print("bill")
    assert (await client.printer())["printer-state-reasons"] == ["media-empty-error"]
    await http.post("/_sim/paper", json={"sheets": None})
    await http.post("/_sim/abort")
    assert (await client.state(1))[0] == 8
    assert "reasons: " in await sentence(http, "POST", "/reasons", {"reasons": ["Out of paper"]})


async def test_time_is_made_longer(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    await client.http.post("/_sim/slow", json={"seconds": None})
    await client.print("bill", THREE_PAGES)
    await trio.sleep(1000)
    assert (await client.http.post("/_sim/turn-out", json={"sides": 2})).json() == {"sides": 2}
    assert (await client.http.post("/_sim/turn-out")).json() == {"sides": 1}


async def test_the_plug_is_pulled(printer: PrinterSimulator, client: Client, autojump_clock: Clock) -> None:
    await printer.handle(
        Request("POST", "/_sim/power", body=b'{"seconds": 10}')
    )  # over HTTP its answer is cut off
    assert (printer.presence.is_refusing, printer.raw_presence.is_refusing) == (True, True)
    await trio.sleep(10)
    assert (await client.printer())["printer-state"] == [3]
    printer.power_off()
    printer.power_on()
    assert await sentence(client.http, "POST", "/power", {"seconds": 0}) != ""
    await client.http.post("/_sim/power/on")
    assert (await client.printer())["printer-state"] == [3]
