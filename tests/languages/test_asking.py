"""`?lang=` on every page: it comes before the browser's wish, and links keep it."""

import re

import httpx
import msgspec
import pytest

from agent.languages.choice import chosen
from agent.status import drawn
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import FaultLine, Snapshot
from agent.status.web import looking_app
from tests.status.samples import snapshot

FAULT = FaultLine("E-MEWS-TOKEN", "mews", "No token", "None.", "Get one.", "2026-11-27T11:05:00+00:00")
LINK = re.compile(r'href="(/[^".]*)"')
MACHINES = ("/metrics", "/healthz")


async def answer(path: str, accept_language: str = "de-AT,en;q=0.5") -> str:
    made = msgspec.structs.replace(snapshot(), faults=(FAULT,))
    app = looking_app(Looking(lambda: made, str, log=LogRing(), language=lambda wish: chosen(wish, "en")))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as browser:
        return (await browser.get(path, headers={"Accept-Language": accept_language})).text


@pytest.mark.parametrize("path", ["/", "/log", "/faults", "/manual"])
async def test_the_language_in_the_address_comes_before_the_browsers(path: str) -> None:
    assert '<html lang="de"' in await answer(path)
    assert '<html lang="en"' in await answer(f"{path}?lang=en")
    assert '<html lang="de"' in await answer(f"{path}?lang=de", "en")
    assert '<html lang="en"' in await answer(f"{path}?lang=tlh", "en")


@pytest.mark.parametrize("path", ["/", "/log", "/faults", "/manual"])
async def test_every_link_keeps_the_language_that_was_asked_for(path: str) -> None:
    asked, unasked = await answer(f"{path}?lang=en"), await answer(path)
    assert [at for at in LINK.findall(asked) if at not in MACHINES and "?lang=en" not in at] == []
    assert 'href="?lang=de" lang="de" hreflang="de">Deutsch</a>' in asked
    assert all("lang=" not in at for at in LINK.findall(unasked))
    assert 'hreflang="en">English</a>' in unasked


async def test_a_search_keeps_its_language_and_another_language_keeps_the_search() -> None:
    for path, room in (("/?room=101&lang=de", "room=101"), ("/log?level=warning&lang=de", "level=warning")):
        text = await answer(path, "en")
        assert '<input type="hidden" name="lang" value="de">' in text
        assert f'href="?{room}&amp;lang=en"' in text


def test_panels_of_an_edition_have_the_links_of_the_page() -> None:
    made = msgspec.structs.replace(snapshot(), faults=(FAULT,))
    german, wished = panels(made, "de?lang=de"), panels(made, "de")
    assert "/faults?lang=de#faults-E-MEWS-TOKEN" in german["problems"]
    assert "/log?lang=de" in german["foot"]
    assert wished["foot"] != german["foot"]


def panels(made: Snapshot, edition: str) -> dict[str, str]:
    return {name: html for bit in drawn.panels(made, edition) for name, html in bit.items()}
