"""Every page and every refusal, in German: no text of it is the one that the English page has."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from agent.box.away.page import Facts, respond
from agent.console.words.verbs import OWN
from agent.handover.notices import Notice
from agent.health.catalogue import CATALOGUE
from agent.languages.choice import chosen
from agent.status.log_ring import LogRing
from agent.status.looking import Looking
from agent.status.snapshot.snapshot import Snapshot
from agent.status.web import looking_app
from tests.browser.looks import LOOKS
from tests.languages.reading import language_of, same, texts

# What the made-up boxes have of names, and what is written alike in both languages.
NAMES = re.compile(
    r"Front desk (left|right)|Front Office|Lock service Tyrol|Coder Bridge|Night Porter|aurora-desk|VisiOnline"
    r"|E-[A-Z-]+|Europe/Vienna|pool\.ntp\.org|https?://\S+|ipp://\S+|status\.json|\d+ (min|h|s)\b"
    r"|Reception of the \d+th house.*|[\w.]+\.py|\[+[a-z_.]+\]+( NAME)?|nightporter [a-z]+"
    r"|key encoder:\d \d+|[0-9a-f]+::[0-9a-f:]+"
)
NOW = 1_774_737_000.0  # 2026-03-28 22:30 UTC


def made_up(name: str) -> Snapshot:
    return LOOKS[name]()


@asynccontextmanager
async def page(made: Snapshot) -> AsyncIterator[httpx.AsyncClient]:
    ring = LogRing()
    ring.put(datetime(2026, 11, 27, tzinfo=UTC), "INFO", "mews", "the box asks Mews")
    looking = Looking(lambda: made, str, log=ring, language=lambda wish: chosen(wish, "en"), console=lambda: OWN)
    transport = httpx.ASGITransport(looking_app(looking))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
        yield browser


async def both(browser: httpx.AsyncClient, path: str, **asking: str) -> tuple[str, str]:
    """The German answer and the English one."""
    german = await browser.get(path, headers={"Accept-Language": "de", **asking})
    english = await browser.get(path, headers={"Accept-Language": "en", **asking})
    assert german.status_code == english.status_code
    return german.text, english.text


@pytest.mark.parametrize("look", [name for name in LOOKS if name != "hostile"])
async def test_the_page_has_no_english_in_any_look(look: str) -> None:
    async with page(made_up(look)) as browser:
        german, english = await both(browser, "/")
    assert (language_of(german), language_of(english)) == ("de", "en")
    assert same(german, english, NAMES) == []


@pytest.mark.parametrize("path", ["/log", "/log?level=error", "/faults", "/manual", "/?room=214"])
async def test_no_other_page_has_any(path: str) -> None:
    async with page(made_up("every-fault")) as browser:
        german, english = await both(browser, path)
    assert same(german, english, NAMES) == []


@pytest.mark.parametrize(
    ("path", "asking"),
    [
        ("/nothing", {}),
        ("/acting", {}),
        ("/log?level=loud", {}),
        ("/log.txt?hop=" + "x" * 500, {}),
        ("/", {"Host": "evil.example"}),
        ("/", {"Origin": "http://evil.example"}),
        ("/", {"Transfer-Encoding": "chunked"}),
        ("/", {"Content-Length": "5000"}),
    ],
)
async def test_a_refusal_is_said_in_the_readers_language(path: str, asking: dict[str, str]) -> None:
    async with page(made_up("well")) as browser:
        german, english = await both(browser, path, **asking)
        asked = await browser.get(f"{path}{'&' if '?' in path else '?'}lang=de", headers=asking)
    assert german == asked.text != english
    assert same(f'<html lang="de">{german}', f'<html lang="en">{english}', NAMES) == []


async def test_a_method_that_is_not_taken_is_refused_in_the_readers_language() -> None:
    async with page(made_up("well")) as browser:
        answer = await browser.delete("/", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.text == "Diese Adresse kann man nur lesen (GET oder HEAD).\n"


AGENT = Notice(
    "E-BOX-AGENT", "The agent ended with an error (exit code 1) at 22:29 UTC; once since the box started.", NOW
)
SAFE = Notice(
    "E-BOX-SAFE",
    "The agent has failed three times in a row. The last time it ended with an error (exit code 1).",
    NOW,
)
NOTICES = tuple(Notice(code, SAFE.text, NOW) for code in CATALOGUE)
STARTING = Facts("aurora-desk", "0.2.0", NOW, NOW - 10, 95.5, ("22:29:50 UTC storage: /data is there.",))
AWAY = {
    "starting": STARTING._replace(steps=()),
    "with a step": STARTING,
    "without a name": STARTING._replace(name=""),
    "stopped": STARTING._replace(notices=(AGENT,), agents_end=AGENT),
    "safe": STARTING._replace(notices=(SAFE, *NOTICES), log=("Traceback: it is so",)),
}


def away(facts: Facts, language: str, path: str = "/", host: str = "10.4.5.20", wish: str = "") -> str:
    asked = f"{path}?lang={language}" if language else path
    head = f"GET {asked} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: {wish}\r\n\r\n"
    return respond(head.encode(), facts, "n").partition(b"\r\n\r\n")[2].decode()


@pytest.mark.parametrize("facts", AWAY.values(), ids=AWAY)
def test_the_page_while_the_agent_is_away_has_no_english_but_its_log(facts: Facts) -> None:
    german, english = away(facts, "de"), away(facts, "en")
    assert (language_of(german), language_of(english)) == ("de", "en")
    assert same(german, english, NAMES) == []


def test_the_away_page_is_in_the_browsers_language_else_in_the_files() -> None:
    assert language_of(away(STARTING, "", wish="de-AT,en;q=0.5")) == "de"
    assert language_of(away(STARTING, "", wish="fr")) == "en"
    assert language_of(away(STARTING._replace(language="de"), "", wish="fr")) == "de"
    assert 'href="?lang=en" lang="en"' in away(STARTING, "de")


@pytest.mark.parametrize(("path", "host"), [("/healthz", "10.4.5.20"), ("/", "evil.example")])
def test_a_sentence_while_the_agent_is_away_is_german_too(path: str, host: str) -> None:
    facts = STARTING._replace(steps=())
    assert away(facts, "", path, host, "de") != away(facts, "", path, host, "en")


def test_a_text_that_both_pages_have_is_found() -> None:
    left = (
        '<html lang="de"><p title="look at this">one two</p><p lang="en">three four</p><code>five six</code>Wort'
    )
    right = '<html lang="en"><p title="look at this">one two</p><p>three four</p>five six'
    assert same(left, right, re.compile("nothing")) == ["look at this", "one two"]
    assert texts("<p>a <b>b</b></p>") == ["a", "b"]
