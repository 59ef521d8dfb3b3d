"""Goes through all that a running agent lets out, and keeps every byte of it by the name of where it came from."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL

import httpx
import trio

from agent.status.bundle.opening import opened
from agent.status.bundle.summary import member, summary
from provisioning.transfer.outcome import Received
from provisioning.transfer.printed import put_together
from tests.canaries import routes
from tests.canaries.encodings import found
from tests.canaries.house import CONSOLE_CODE, CONTACT, OTHER_PAGE_PASSWORD, PAGE_PASSWORD, House
from tests.console.person import Person as Typist
from tests.e2e.processes import PATIENCE, AgentProcess
from tests.e2e.test_acting import Desk, Person, logged_out, token_in

QUERIES = (
    "",
    "?lang=de",
    "?room=101",
    "?level=warning&text=key",
    "?level=none",
    "?hop=mews",
    "?lang=%00&room=%ff",
)
STREAMS = {"/events": b"event: panels", "/log/events": b"event: line"}
PROMPT = "nightporter>"
TYPED = (
    *("status", "hops", "encoders", "faults", "journal", "time", "log --lines 500", "network show"),
    *("provision show", "explain E-MEWS-ANSWER", "help", "test", "mews reservations", "print status"),
)
ACTS: tuple[Mapping[str, str], ...] = (
    *({"verb": "test"}, {"verb": "key", "lane": "encoder:1", "room": "101"}, {"verb": "takeover"}),
    *({"verb": "print test", "lane": "printer:Office"}, {"verb": "lock settle", "id": "none"}),
    *({"verb": "seen", "id": "none"}, {"verb": "pause", "lane": "encoder:1"}, {"verb": "nonsense"}),
    *({"verb": "resume", "lane": "encoder:1"}, {"verb": "reload"}, {"verb": "bundle"}),
)
VERBS = (
    *(["status"], ["status", "--json"], ["test"], ["audit"], ["reload"], ["mews", "test"], ["mews", "commands"]),
    *(["mews", "spaces"], ["mews", "reservations", "--all"], ["mews", "devices"], ["mews", "balance", "nobody"]),
    *(["lock", "test"], ["lock", "rooms"], ["lock", "areas"], ["lock", "times"], ["lock", "doors"]),
    *(["lock", "mobile", "9", "101", CONTACT, "--sure"], ["lock", "read", "1", "--sure"], ["print", "status"]),
    *(["lock", "key", "1", "102", "--sure"], ["pause", "encoder:1"], ["resume", "encoder:1"], ["manual"]),
)


class Seen:
    """What was seen, by where; `answered` are the methods, paths and statuses of both pages."""

    def __init__(self) -> None:
        self.places: dict[str, bytes] = {}
        self.looking: set[tuple[str, str, int]] = set()
        self.acting: set[tuple[str, str, int]] = set()

    def add(self, place: str, material: bytes) -> None:
        """More of what was seen there."""
        self.places[place] = self.places.get(place, b"") + material

    def add_answer(self, place: str, answer: httpx.Response) -> None:
        """An answer of a page, head and body; its own cookie is no canary."""
        head = "".join(f"{name}: {value}\n" for name, value in answer.headers.multi_items())
        self.add(place, head.encode() + answer.content)

    def leaks(self, secrets: Iterable[str]) -> list[str]:
        """Each secret that is somewhere, with the place and the way in which it is written there."""
        known = list(secrets)
        return [f"{place}: {leak}" for place, material in self.places.items() for leak in found(known, material)]


# -- the page that looks ------------------------------------------------------------------------------------------


async def look(agent: AgentProcess, seen: Seen) -> None:
    """Every address with every query, asked well, with another method, by a wrong name and from another page."""
    base = (await agent.wait_page()).rstrip("/")
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=PATIENCE) as web:
        for method, path in sorted(routes.looking()):
            assert method == "GET"
            if path in STREAMS:
                await _listen(base, path, seen)
                continue
            for query in QUERIES:
                _saw(seen, path, await web.get(path + query))
            _saw(seen, path, await web.get(path, headers={"Accept-Language": "de", "Host": f"127.0.0.1:{0}"}))
        for _, path in sorted(routes.looking()):
            _saw(seen, path, await web.post(path, data={"x": "y"}))
            _saw(seen, path, await web.get(path, headers={"Host": "evil.example"}))
            _saw(seen, path, await web.get(path, headers={"Origin": "https://evil.example"}))
        for path in ("/nothing", "/status.json/", "/%2e%2e/journal.sqlite", "/act"):
            _saw(seen, path, await web.get(path))


def _saw(seen: Seen, path: str, answer: httpx.Response) -> None:
    seen.looking.add((answer.request.method, path, answer.status_code))
    seen.add_answer(f"looking {answer.request.method} {path} {answer.status_code}", answer)


async def _listen(base: str, path: str, seen: Seen) -> None:
    """A stream until it has told something, in both languages."""
    host, _, port = base.removeprefix("http://").partition(":")
    for query in ("", "?lang=de"):
        came = b""
        async with await trio.open_tcp_stream(host, int(port)) as stream:
            await stream.send_all(f"GET {path}{query} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            with trio.fail_after(PATIENCE):
                while not (STREAMS[path] in came and came.endswith(b"\n\n\r\n")):
                    came += await stream.receive_some()
        seen.looking.add(("GET", path, int(came.split()[1])))
        seen.add(f"looking GET {path}", came)


# -- the page that acts -------------------------------------------------------------------------------------------


async def act(house: House, agent: AgentProcess, seen: Seen) -> None:
    """Every address, by who is not logged in, by who has no token, and each act to its end."""
    async with Desk(house.hotel, agent, house.port).person() as person:
        visit = _Visit(person, seen)
        for method, path in sorted(routes.acting()):
            await visit.ask(method, path)
            await visit.ask("PUT", path)
        await visit.log_in("wrong one")
        await visit.log_in(PAGE_PASSWORD)
        for method, path in sorted(routes.acting()):
            if path not in ("/login", "/logout"):
                await visit.ask(method, path)
        bundle = b"".join([await visit.acts(form) for form in ACTS])
        await visit.breaks_off(house)
        await visit.files(house)
        await visit.ask("POST", "/logout", token=await person.token("/logout"))
    add_bundle(seen, "bundle of the page", bundle)


class _Visit:
    """A person at the page that acts, whose answers are kept."""

    def __init__(self, person: Person, seen: Seen) -> None:
        self._person, self._seen = person, seen

    async def ask(self, method: str, path: str, id: str = "none", **form: str) -> httpx.Response:
        """Ask for one of its addresses."""
        real = path.replace("{id}", id)
        if method == "PUT":  # which no address takes
            return self._saw(path, await self._person.web.put(real))
        answer = await (self._person.get(real) if method == "GET" else self._person.post(real, form))
        return self._saw(path, answer)

    async def log_in(self, password: str) -> None:
        """Try this one."""
        self._saw("/login", await self._person.log_in(password))

    async def acts(self, form: Mapping[str, str]) -> bytes:
        """This act to its end; the file that it made, if any."""
        answer = await self._begun(form)
        return await self._ended(answer) if answer.status_code == 303 else b""

    async def breaks_off(self, house: House) -> None:
        """A key that waits for its card."""
        house.hotel.bridge.switch(card_seconds=20.0)
        begun = await self._begun({"verb": "key", "lane": "encoder:1", "room": "109"})
        where = begun.headers["location"]
        with trio.fail_after(PATIENCE):
            while True:  # a page cannot call back
                page = await self._person.get(where)
                if "Present a card" in page.text:
                    break
                await trio.sleep(0.05)
        token = token_in(page.text, f"{where}/break-off")
        await self.ask("POST", "/act/{id}/break-off", where.removeprefix("/act/"), token=token)
        await self._ended(begun)
        house.hotel.bridge.switch(card_seconds=0.05)

    async def files(self, house: House) -> None:
        """A bad file, one that is kept, and one with another password, which ends the session, and goes back."""
        text = house.hotel.config.read_text()
        await self._upload(b"[box]\nnmae = 'x'\n[mews]\nclient_token = 7\n")
        taken = await self._take(text.replace("poll_seconds = 1.0", "poll_seconds = 1.5"))
        await self._ended(taken)
        kept = await self.ask(
            "POST", "/provision/keep", token=await self._person.token("/provision/keep", _where(taken))
        )
        await self._ended(kept)
        await self._take(text.replace(PAGE_PASSWORD, OTHER_PAGE_PASSWORD))
        await logged_out(self._person)
        await self.log_in(OTHER_PAGE_PASSWORD)
        back = await self.ask("POST", "/provision/back", token=await self._person.token("/provision/back"))
        assert back.status_code == 303
        await logged_out(self._person)
        await self.log_in(PAGE_PASSWORD)

    async def _begun(self, form: Mapping[str, str]) -> httpx.Response:
        answer = await self.ask("POST", "/act", token=await self._person.token("/act"), **form)
        where = answer.headers.get("location", "")
        if not where.startswith("/sure"):
            return answer
        sure = self._saw("/sure", await self._person.get(where))
        return await self.ask("POST", "/act", token=token_in(sure.text, "/act"), yes="yes", **form)

    async def _ended(self, begun: httpx.Response) -> bytes:
        id = _where(begun).removeprefix("/act/")
        with trio.fail_after(PATIENCE):
            while True:
                if "Under way" not in (await self.ask("GET", "/act/{id}", id)).text:
                    break
                await trio.sleep(0.05)
        file = await self.ask("GET", "/act/{id}/file", id)
        return file.content if file.status_code == 200 else b""

    async def _take(self, text: str) -> httpx.Response:
        shown = await self._upload(text.encode())
        return await self.ask("POST", "/provision/take", token=token_in(shown.text, "/provision/take"))

    async def _upload(self, content: bytes) -> httpx.Response:
        self._saw("/provision", await self._person.send_file("/provision", "provisioning.toml", content))
        return await self.ask("GET", "/provision")

    def _saw(self, path: str, answer: httpx.Response) -> httpx.Response:
        method = answer.request.method
        self._seen.acting.add((method, path, answer.status_code))
        self._seen.add_answer(f"acting {method} {path} {answer.status_code}", answer)
        return answer


def _where(begun: httpx.Response) -> str:
    assert begun.status_code == 303, begun.text
    return begun.headers["location"]


# -- the command line and the console -----------------------------------------------------------------------------


async def command(house: House, seen: Seen, words: Sequence[str]) -> None:
    """A verb as a process of its own; what it says and how it ends."""
    argv = [sys.executable, "-m", "agent", *words]
    done = await trio.run_process(argv, capture_stdout=True, capture_stderr=True, check=False, stdin=DEVNULL)
    assert b"Traceback" not in done.stderr, done.stderr
    seen.add(f"nightporter {' '.join(words[:2])}", b"%d\n" % done.returncode + done.stdout + done.stderr)


async def type_at_the_console(typist: Typist, seen: Seen) -> None:
    """What a person at the line looks at, after the code, and a bundle as text."""
    await _typed(typist, "status")
    await typist.types("login\r")
    await typist.skims_until(lambda: typist.came.rstrip().endswith(b"Code:"), "the question for the code")
    await _typed(typist, CONSOLE_CODE)
    for words in TYPED:
        await _typed(typist, words)
    begin = len(typist.came)
    await _typed(typist, "bundle")
    bundle = put_together(bytes(typist.came[begin:]))
    assert isinstance(bundle, Received), bundle
    add_bundle(seen, "bundle of the console", bundle.content)
    seen.add("console", bytes(typist.came))


async def _typed(typist: Typist, words: str) -> None:
    """Type it, and look until there is a prompt again."""
    begin = len(typist.came)
    await typist.types(f"{words}\r")
    await typist.skims_until(lambda: typist.came[begin:].rstrip().endswith(b"\n" + PROMPT.encode()), words)


# -- bundles and files --------------------------------------------------------------------------------------------


def add_bundle(seen: Seen, place: str, content: bytes) -> None:
    """All that is in a bundle, and how it is shown."""
    bundle = opened(content)
    seen.add(place, summary(bundle).encode())
    for name, text in bundle.texts.items():
        seen.add(f"{place}, {name}", text.encode() + str(member(bundle, name)).encode())


def add_files(seen: Seen, folder: Path) -> None:
    """All bytes of the state directory."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            seen.add(f"file {path.relative_to(folder)}", path.read_bytes())
