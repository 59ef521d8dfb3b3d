"""`/manual` and `/faults`: addresses that the page's links lead to, what holds now first, nothing unescaped."""

import re

import httpx
import msgspec
import pytest

from agent.console.words.verbs import OWN
from agent.health.catalogue import CATALOGUE
from agent.health.kind import Level
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import FaultLine, Snapshot
from agent.status.web import looking_app
from provisioning.model import Support
from tests.status.samples import snapshot

HOSTILE = '<script>alert("1")</script>'


def with_fault(code: str) -> Snapshot:
    """A box with that fault."""
    line = FaultLine(code, "mews", HOSTILE, HOSTILE, HOSTILE, "2026-11-27T11:05:00+00:00", Level.FAULT)
    return msgspec.structs.replace(snapshot(), faults=(line,), support=Support(HOSTILE, "+43 512 000000"))


async def read(path: str, says: Snapshot | None = None) -> httpx.Response:
    """What the page's server answers."""
    app = looking_app(Looking(lambda: says or snapshot(), str, console=lambda: OWN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as reader:
        return await reader.get(path)


async def test_each_fault_has_an_address_on_its_page() -> None:
    text = (await read("/faults")).text
    ids = re.findall(r'id="faults-([^"]+)" aria', text)
    assert sorted(ids) == sorted(CATALOGUE)
    assert "Holds now" not in text


async def test_what_holds_now_is_first_and_marked_and_support_stands_with_each() -> None:
    text = (await read("/faults", with_fault("E-MEWS-SILENT"))).text
    assert re.findall(r'id="faults-([^"]+)" aria', text)[0] == "E-MEWS-SILENT"
    assert text.count("Holds now") == 1
    assert text.count("+43 512 000000") == len(CATALOGUE)


async def test_nothing_gets_in_unescaped() -> None:
    text = (await read("/faults", with_fault("E-NEW<script>"))).text
    assert "<script" not in text


@pytest.mark.parametrize("path", ["/manual", "/faults"])
async def test_every_link_leads_somewhere(path: str) -> None:
    text = (await read(path)).text
    ids = set(re.findall(r'id="([^"]+)"', text))
    assert len(ids) == len(re.findall(r'id="([^"]+)"', text))
    inside = re.findall(r'href="#([^"]+)"', text)
    assert inside
    assert set(inside) <= ids
    for href in set(re.findall(r'href="(/(?!icon)[^"#]*)', text)):
        assert (await read(href)).status_code == 200, href
    assert "http://" not in re.sub(r"http://NAME\.local/|http:// or https://|http://10\.[\d.]+/?", "", text)


async def test_the_consoles_own_verbs_are_in_the_manual_that_the_page_serves() -> None:
    assert "network confirm" in (await read("/manual")).text


async def test_the_faults_are_rendered_again_once_others_hold() -> None:
    moments = [snapshot(), snapshot(), with_fault("E-MEWS-SILENT"), snapshot()]
    app = looking_app(Looking(lambda: moments[0], str, console=lambda: OWN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as reader:
        told = []
        while moments:
            told.append((await reader.get("/faults")).text.count("Holds now"))
            moments.pop(0)
    assert told == [0, 0, 1, 0]


async def test_the_manual_is_the_same_at_each_look() -> None:
    app = looking_app(Looking(snapshot, str, console=lambda: OWN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as reader:
        assert (await reader.get("/manual")).content == (await reader.get("/manual")).content


async def test_a_heading_of_the_guide_is_in_the_language_of_the_reader() -> None:
    looking = Looking(lambda: snapshot(), str, language=lambda _: "de", console=lambda: OWN)
    transport = httpx.ASGITransport(looking_app(looking))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as reader:
        text = (await reader.get("/manual")).text
    assert "... eine Karte nicht codiert wird</a>" in text
    assert "<code>nightporter manual" in text  # what is typed is no words
