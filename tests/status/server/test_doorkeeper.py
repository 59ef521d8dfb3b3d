"""Every route over a real socket: answers, refusals, headers."""

from collections.abc import AsyncIterator, Callable

import httpx
import msgspec
import pytest
import trio

from agent.status.server.address import Address
from agent.status.snapshot.snapshot import Snapshot
from tests.status.samples import BOX, fault, hostile, snapshot, without_own_scripts
from tests.status.server.serving import said, served

ROUTES = ("/", "/style.css", "/status.json", "/healthz", "/metrics")
BROKEN = snapshot(fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge"))
WARNED = snapshot(fault("E-ENCODER", "encoder:1"))


@pytest.fixture
async def page() -> AsyncIterator[httpx.AsyncClient]:
    async with served() as address, client(address) as reader:
        yield reader


def client(address: Address) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address.url, trust_env=False, timeout=5)


async def got(path: str, get_snapshot: Callable[[], Snapshot]) -> httpx.Response:
    async with served(get_snapshot) as address, client(address) as reader:
        return await reader.get(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/status.json", "application/json"),
        ("/healthz", "text/plain; charset=utf-8"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
    ],
)
async def test_every_route_answers_in_its_own_kind(page: httpx.AsyncClient, path: str, kind: str) -> None:
    answer = await page.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


async def test_the_json_is_the_snapshot(page: httpx.AsyncClient) -> None:
    answer = await page.get("/status.json")
    assert msgspec.json.decode(answer.content, type=Snapshot) == snapshot()


async def test_each_answer_is_made_anew() -> None:
    shown = iter([snapshot(), snapshot(), snapshot(), BROKEN, BROKEN])  # one ask of each is for the box's name
    async with served(lambda: next(shown)) as address, client(address) as reader:
        levels = [(await reader.get("/healthz")).text for _ in range(2)]
    assert levels == ["ok\n", "fault\n"]


@pytest.mark.parametrize(
    ("made", "status", "word"), [(snapshot(), 200, "ok\n"), (WARNED, 200, "warning\n"), (BROKEN, 503, "fault\n")]
)
async def test_healthz_fails_only_on_a_fault(made: Snapshot, status: int, word: str) -> None:
    answer = await got("/healthz", lambda: made)
    assert (answer.status_code, answer.text) == (status, word)


@pytest.mark.parametrize("path", ROUTES)
async def test_head_has_the_headers_and_no_body(page: httpx.AsyncClient, path: str) -> None:
    full, head = await page.get(path), await page.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/status.json/", "//", "/../etc/passwd", "/%2e%2e/", "/%00", "/style.css/.."),
        *("/healthz%0a", "/%68ealthz", "//healthz", "/healthz/", "/healthz;x", "/status.json%00", "/%2f"),
        *("/healthz%3f", "/healthz%20", "/./healthz", "/HEALTHZ", "/%c3%28", "/%ff", "/healthz#x", "*", "healthz"),
        "https://aurora-desk.local/healthz",
    ],
)
async def test_anything_else_is_not_there_in_one_plain_sentence(page: httpx.AsyncClient, path: str) -> None:
    answer = await page.send(httpx.Request("GET", page.base_url, extensions={"target": path.encode()}))
    assert (answer.status_code, answer.text) == (
        404,
        "There is nothing here: try /, /faults, /manual, /log, /status.json, /healthz or /metrics.\n",
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
async def test_the_page_can_only_be_read(page: httpx.AsyncClient, method: str) -> None:
    answer = await page.request(method, "/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.text == "This address can only be read (GET or HEAD).\n"


@pytest.mark.parametrize("path", [*ROUTES, "/nothing"])
async def test_every_answer_has_the_security_headers(page: httpx.AsyncClient, path: str) -> None:
    headers = (await page.get(path)).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/status.json", "/healthz", "/metrics", "/nothing"])
async def test_nothing_that_changes_is_stored(page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(path)).headers["cache-control"] == "no-store"


async def test_the_style_is_fetched_once_and_by_an_address_of_its_own(page: httpx.AsyncClient) -> None:
    address = (await page.get("/")).text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in (await page.get(address)).headers["cache-control"]


@pytest.mark.parametrize(
    "host",
    [
        *("aurora-desk", "AURORA-DESK.local", "aurora-desk.local.", "aurora-desk:8080", "localhost:8080"),
        *("10.4.5.20", "10.4.5.20:8080", "[::1]:8080", "[fe80::1%25eth0]"),
    ],
)
async def test_the_box_answers_to_its_names_and_to_addresses(page: httpx.AsyncClient, host: str) -> None:
    assert (await page.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "aurora-desk.evil.example", "aurora-desk.local.evil.example", "local", ".local"),
        *("10.4.5.20.evil.example", "evil.example:80", "", "[::1", "[evil]", "1", "0x7f000001", "localhost@evil"),
    ],
)
async def test_a_name_that_is_not_the_boxs_is_refused(page: httpx.AsyncClient, host: str) -> None:
    answer = await page.get("/status.json", headers={"Host": host})
    assert (answer.status_code, answer.text) == (
        421,
        "The box is not known by that name: use its IP address, or http://aurora-desk.local/.\n",
    )


async def test_a_box_without_a_name_offers_its_address_alone() -> None:
    nameless = snapshot(box=msgspec.structs.replace(BOX, name=""))
    async with served(lambda: nameless) as address, client(address) as reader:
        answer = await reader.get("/", headers={"Host": ".local"})
    assert answer.text == "The box is not known by that name: use its IP address.\n"


async def test_a_name_of_the_provisioning_file_is_answered_from_the_next_request_on() -> None:
    names: list[str] = []
    async with served(names=lambda: tuple(names)) as address, client(address) as reader:
        before = await reader.get("/healthz", headers={"Host": "aurora-desk.fritz.box"})
        names.append("aurora-desk.fritz.box")
        after = await reader.get("/healthz", headers={"Host": "aurora-desk.fritz.box"})
    assert (before.status_code, after.status_code) == (421, 200)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /healthz HTTP/1.0", 200),
        (b"GET http://aurora-desk.local/healthz HTTP/1.0", 200),
        (b"GET http://evil.example/healthz HTTP/1.0", 421),
        (b"GET /healthz HTTP/1.0\r\nHost: evil.example", 421),
        (b"GET /healthz HTTP/1.1", 400),  # RFC 9112, 3.2
        (b"GET http://aurora-desk.local/healthz HTTP/1.1\r\nHost: aurora-desk.local", 200),
        (b"GET http://AURORA-DESK:8080/healthz?x HTTP/1.1\r\nHost: evil.example", 200),  # the target counts
        (b"GET http://evil.example/healthz HTTP/1.1\r\nHost: aurora-desk.local", 421),
        (b"GET http:///healthz HTTP/1.1\r\nHost: aurora-desk.local", 421),
        (b"HEAD http://10.4.5.20 HTTP/1.1\r\nHost: aurora-desk.local", 200),
    ],
)
async def test_old_and_absolute_requests_are_answered_by_the_same_rule(request_line: bytes, status: int) -> None:
    async with served() as address:
        answer = await said(address, request_line + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)


async def test_a_hostile_box_is_served_like_any_other() -> None:
    answer = await got("/", hostile)
    assert answer.status_code == 200
    assert "<script" not in without_own_scripts(answer.text)


async def test_a_bug_in_the_snapshot_is_not_hidden() -> None:
    def broken() -> Snapshot:
        raise RuntimeError("a bug")

    with pytest.RaisesGroup(RuntimeError, flatten_subgroups=True):
        async with served(broken) as address, client(address) as reader:
            with pytest.raises(httpx.HTTPError):
                await reader.get("/healthz")
            await trio.sleep_forever()


OWN = {"Host": "aurora-desk.local"}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://aurora-desk.local", "http://aurora-desk.local:81"]
)
async def test_a_page_of_another_origin_is_refused(page: httpx.AsyncClient, origin: str) -> None:
    answer = await page.get("/healthz", headers=OWN | {"Origin": origin})
    assert (answer.status_code, answer.text) == (403, "A page of another address may not ask this box.\n")


async def test_the_boxs_own_page_may_ask(page: httpx.AsyncClient) -> None:
    assert (await page.get("/healthz", headers=OWN | {"Origin": "http://Aurora-Desk.local"})).status_code == 200
