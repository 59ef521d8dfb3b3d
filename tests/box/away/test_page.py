"""What port 80 says without an agent, by values: sentence, JSON, page, and what is refused."""

import json
from html.parser import HTMLParser

import msgspec
import pytest

from agent.box.away.page import Facts, end_of_agent, respond, sentence, status_json
from agent.box.away.server import HEAD_BYTES
from agent.handover.notices import Notice
from agent.health.catalogue import CATALOGUE
from agent.health.kind import OWN_PC
from agent.status.as_text import render
from agent.status.snapshot.snapshot import Snapshot

NOW = 1_774_737_000.0  # 2026-03-28 22:30 UTC
STARTING = Facts("aurora-desk", "0.2.0", NOW, NOW - 10, 95.5, ("22:29:50 UTC storage: /data is there.",))
AGENT = Notice("E-BOX-AGENT", "The agent ended with an error (exit code 1) at 22:29 UTC.", NOW - 5, 90.0, 86_400.0)
SAFE = Notice("E-BOX-SAFE", "The agent has failed three times in a row.", NOW - 5, 90.0)
STOPPED = STARTING._replace(notices=(AGENT,), agents_end=AGENT)
IN_SAFE_MODE = STOPPED._replace(notices=(AGENT, SAFE), log=("Traceback", "ModuleNotFoundError: trio"))
HOSTILE = '<script>alert("x")</script>\'&\x1b[31m\x00\u202e\ud83d{{7*7}}'


def head(path: str = "/", host: str = "10.4.5.20", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nX: y\r\nHost: {host}\r\n\r\n".encode()


def asked(request: bytes, facts: Facts = STARTING) -> tuple[str, dict[str, str], str]:
    """Status line, fields and body of the answer."""
    top, _, body = respond(request, facts, "n0nce").partition(b"\r\n\r\n")
    status, *fields = top.decode().split("\r\n")
    return status, dict(field.split(": ", 1) for field in fields), body.decode()


def html(facts: Facts) -> str:
    return asked(head(), facts)[2]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (STARTING, "Night Porter is starting; its last step: storage: /data is there."),
        (STARTING._replace(steps=("odd",)), "Night Porter is starting; its last step: odd."),
        (STARTING._replace(steps=()), "Night Porter is starting."),
        (STOPPED, "Night Porter's agent has stopped at 22:29:55 UTC and is being started again."),
        (
            IN_SAFE_MODE,
            "Night Porter is in safe mode: its agent does not stay up, and no keys are cut meanwhile.",
        ),
    ],
)
def test_how_things_are_is_one_sentence(facts: Facts, said: str) -> None:
    assert sentence(facts) == said


@pytest.mark.parametrize("path", ["/", "/status.json", "/healthz", "/metrics", "/nothing/here?x"])
@pytest.mark.parametrize("facts", [STARTING, STOPPED, IN_SAFE_MODE])
def test_every_answer_is_a_503_that_says_when_to_come_again(path: str, facts: Facts) -> None:
    status, fields, body = asked(head(path), facts)
    assert status == "HTTP/1.1 503 Service Unavailable"
    assert fields["Retry-After"] == "5"
    assert fields["Connection"] == "close"
    assert int(fields["Content-Length"]) == len(body.encode())
    assert fields["Content-Security-Policy"].startswith("default-src 'none'; style-src 'n")
    assert "unsafe" not in fields["Content-Security-Policy"]
    assert fields["Cache-Control"] == "no-store"


def test_what_is_no_page_is_answered_with_the_sentence_alone() -> None:
    _, fields, body = asked(head("/healthz"))
    assert fields["Content-Type"] == "text/plain; charset=utf-8"
    assert body == sentence(STARTING) + "\n"


def test_a_head_request_gets_the_fields_and_no_body() -> None:
    _, fields, body = asked(head(method="HEAD"))
    assert (int(fields["Content-Length"]) > 1000, body) == (True, "")


@pytest.mark.parametrize("facts", [STARTING, STOPPED, IN_SAFE_MODE])
def test_the_json_is_the_contracts_with_a_fault_at_the_box(facts: Facts) -> None:
    _, fields, body = asked(head("/status.json"), facts)
    told = msgspec.json.decode(body, type=Snapshot)
    assert fields["Content-Type"] == "application/json"
    assert (told.summary.level, told.summary.text) == ("fault", sentence(facts))
    assert [(hop.id, hop.level) for hop in told.hops] == [("box", "fault")]
    assert (told.box.name, told.box.version, told.box.uptime_seconds) == ("aurora-desk", "0.2.0", 95)
    assert told.box.time == "2026-03-28T22:30:00+00:00"
    assert render(told).startswith("Night Porter 0.2.0: aurora-desk, running for 1 min\n")


def test_the_notices_are_the_jsons_faults_safe_mode_first() -> None:
    told = msgspec.convert(status_json(IN_SAFE_MODE), Snapshot)
    assert [(fault.code, fault.hop) for fault in told.faults] == [("E-BOX-SAFE", "box"), ("E-BOX-AGENT", "box")]
    first = told.faults[0]
    kind = CATALOGUE["E-BOX-SAFE"]
    assert (first.title, first.text, first.hint) == (kind.title, SAFE.text, kind.hint)
    assert first.since == "2026-03-28T22:29:55+00:00"


def test_while_the_agent_is_away_no_notice_says_that_keys_go_on() -> None:
    notices = tuple(Notice(code, "It is so.", NOW) for code in CATALOGUE)
    told = msgspec.convert(status_json(STARTING._replace(notices=notices)), Snapshot)
    assert {fault.front_desk for fault in told.faults} == {OWN_PC}
    assert {fault.code: fault.level for fault in told.faults} == {
        code: kind.level for code, kind in CATALOGUE.items()
    }


def test_a_notice_that_nobody_knows_is_a_fault_with_its_own_words() -> None:
    facts = STARTING._replace(notices=(Notice("E-NEW", "Something.", NOW),))
    told = msgspec.convert(status_json(facts), Snapshot)
    assert (told.faults[0].title, told.faults[0].hint) == ("Something.", "")
    assert "<h3>" in html(facts)


@pytest.mark.parametrize("since", [float("nan"), float("inf"), 1e300, -1e300])
def test_a_time_that_is_none_does_not_end_the_page(since: float) -> None:
    facts = STARTING._replace(notices=(Notice("E-NEW", "Something.", since),))
    assert "since 00:00:00 UTC" in html(facts)
    assert json.loads(asked(head("/status.json"), facts)[2])


def test_the_page_while_the_box_starts_shows_the_steps() -> None:
    said = html(STARTING)
    assert '<h1 dir="auto">aurora-desk</h1>' in said
    assert sentence(STARTING) in said
    assert '<pre lang="en">22:29:50 UTC storage: /data is there.</pre>' in said
    assert "safe mode" not in said
    assert '<meta http-equiv="refresh" content="5">' in said
    assert "Version 0.2.0." in said


def test_the_page_after_an_end_of_the_agent_says_why_it_ended() -> None:
    said = html(STOPPED)
    assert "Stopped</span>" in said
    assert AGENT.text in said


def test_the_page_in_safe_mode_says_why_what_to_do_and_the_last_lines() -> None:
    said = html(IN_SAFE_MODE)
    assert "<h2>What to do</h2>" in said
    assert "Call the people who installed Night Porter" in said
    assert "USB stick" in said
    assert SAFE.text in said
    assert '<pre lang="en">Traceback\nModuleNotFoundError: trio</pre>' in said


@pytest.mark.parametrize("facts", [STARTING, STOPPED, IN_SAFE_MODE])
def test_a_guest_who_waits_is_helped_whyever_the_agent_is_away(facts: Facts) -> None:
    assert html(facts).count("Keys: cut them at the lock system&#39;s own PC until this page is green again.") == 1


def test_a_box_without_a_name_says_so() -> None:
    assert "A box without a name yet" in html(STARTING._replace(name=""))


def test_while_the_agent_is_away_nobody_says_that_it_works_again() -> None:
    said = html(IN_SAFE_MODE)
    assert CATALOGUE["E-BOX-AGENT"].hint not in said
    assert "It is started again by itself." in said


def test_the_page_lets_in_one_style_by_its_nonce_and_nothing_else() -> None:
    _, fields, body = asked(head())
    assert "style-src 'nonce-n0nce';" in fields["Content-Security-Policy"]
    assert body.count('<style nonce="n0nce">') == 1
    assert "<script" not in body
    assert " style=" not in body
    assert " src=" not in body


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_nothing_from_outside_becomes_html_or_a_control_character() -> None:
    bad = Notice(HOSTILE, HOSTILE, NOW)
    facts = Facts(HOSTILE, HOSTILE, NOW, NOW, 1.0, (HOSTILE,), (bad, SAFE), None, (HOSTILE,) * 100)
    said = respond(head(), facts, "n").partition(b"\r\n\r\n")[2].decode()
    tags = Tags(said)
    assert tags.open == []
    assert "script" not in tags.seen
    assert not set("\x1b\x00\u202e") & set(said.partition("<main>")[2].partition("<footer>")[0])


@pytest.mark.parametrize("facts", [STARTING, STOPPED, IN_SAFE_MODE])
def test_every_tag_is_closed(facts: Facts) -> None:
    assert Tags(html(facts)).open == []


def test_a_reader_with_a_foreign_name_is_refused() -> None:
    status, _, body = asked(head(host="evil.example"))
    assert status == "HTTP/1.1 421 Misdirected Request"
    assert body == "The box is not known by that name: use its IP address, or http://aurora-desk.local/.\n"
    assert asked(b"GET / HTTP/1.1\r\n\r\n")[0] == status
    assert asked(head("http://evil.example/"))[0] == status


@pytest.mark.parametrize(
    "asking", [b"GET / HTTP/1.0\r\n\r\n", head("http://aurora-desk.local/", host="evil.example")]
)
def test_a_request_without_a_host_or_with_the_whole_address_is_answered(asking: bytes) -> None:
    assert asked(asking)[0].startswith("HTTP/1.1 503 ")


@pytest.mark.parametrize(
    "host",
    [
        "10.4.5.20:80",
        "[fe80::1%25eth0]:80",
        "aurora-desk.local",
        "AURORA-DESK",
        "aurora-desk-2.local",
        "localhost",
    ],
)
def test_the_box_answers_to_its_names_and_to_addresses(host: str) -> None:
    assert asked(head(host=host))[0].startswith("HTTP/1.1 503 ")


def test_a_head_that_is_too_long_is_refused() -> None:
    assert asked(b"GET / HTTP/1.1\r\nX: " + b"y" * HEAD_BYTES)[0].startswith("HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "garbage", [b"\r\n\r\n", b"\x16\x03\x01\n\n", b"GET /\r\n\r\n", b"1 / HTTP/1.1\r\n\r\n", b""]
)
def test_what_is_no_http_is_told_so(garbage: bytes) -> None:
    status, _, body = asked(garbage)
    assert (status, body) == ("HTTP/1.1 400 Bad Request", "That was no request of HTTP.\n")


def test_only_an_end_of_the_agent_that_brought_the_page_up_is_its_reason() -> None:
    assert end_of_agent((SAFE, AGENT), started=92.0) is AGENT
    assert end_of_agent((SAFE, AGENT), started=10.0) is AGENT  # it ended again since
    assert end_of_agent((SAFE, AGENT), started=97.0) is None  # an older one; now somebody stopped it
    assert end_of_agent((), started=0.0) is None
