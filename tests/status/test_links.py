"""Every link on every page that looks leads to something that is there, anchors included."""

import re
from urllib.parse import urldefrag

import httpx
import pytest

from agent.health.catalogue import CATALOGUE
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import Snapshot
from agent.status.web import looking_app
from tests.status.samples import fault, snapshot

PAGES = ("/", "/log", "/faults", "/manual")
_LINK, _PLACE = re.compile(r'(?:href|src|action)="([^"]+)"'), re.compile(r'id="([^"]+)"')


def everything_wrong() -> Snapshot:
    return snapshot(*(fault(code, "box") for code in CATALOGUE))


def reader() -> httpx.AsyncClient:
    app = looking_app(Looking(everything_wrong, str, log=LogRing()))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@pytest.mark.parametrize("path", PAGES)
async def test_each_link_leads_to_something(path: str) -> None:
    async with reader() as client:
        page = (await client.get(path)).text
        known = {"": page}
        for link in sorted({*_LINK.findall(page)}):
            address, anchor = urldefrag(link.replace("&amp;", "&"))
            if address.startswith("https:"):  # the page that acts, at an address of its own
                continue
            if address not in known:
                answer = await client.get(address)
                assert answer.status_code in (200, 503), link  # /healthz of a box that is at fault
                known[address] = answer.text
            assert not anchor or anchor in _PLACE.findall(known[address]), link
