"""What port 80 says while the agent is not there: a sentence, the contract's JSON, or a small page. Pure, but for
the catalogue of a reader's language, which is loaded for the first one who needs it.

Never a 200, and nothing from outside reaches the page unescaped. Log and notices hold no secret and no guest.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import agent.status
from agent.box.away.server import HEAD_BYTES, is_whole
from agent.foundation.reading.text import plain, plain_lines
from agent.handover.notices import Notice
from agent.health.catalogue import CATALOGUE, level_of
from agent.health.kind import OWN_PC, Level
from agent.languages.choice import chosen
from agent.languages.late import notes_in
from agent.languages.reader import Other, Reader, reader
from agent.status.server.host_header import is_known_host, refusal, split_target

REFRESH_SECONDS = 5  # s; as the agent's page does
STYLE = (Path(agent.status.__path__[0]) / "page" / "templates" / "style.css").read_text("utf-8")

Say = Callable[[str], str]  # a text of ours in the reader's language, safe within HTML
_SAFE, _STOPPED = "E-BOX-SAFE", "E-BOX-AGENT"
_FRESH_SECONDS = 5.0  # s; the agent's end is noted while this page starts; a clean stop comes later than that
_LINE = 400  # characters of a line of the log
_MOST_LINES = 40
_WHAT_TO_DO = (
    "Keys: cut them at the lock system's own PC until this page is green again.",
    "Pull the box's plug, wait ten seconds, plug it in again, and give it two minutes.",
    "Is this page back? Call the people who installed Night Porter, and read them what stands below.",
    "They may send a newer version: put its .raucb file on a USB stick and plug that into the box, "
    "which does the rest by itself.",
)
_AGAIN = "The box tries to start its agent again, at the latest after five minutes."
# The catalogue's words are for a box whose agent runs again.
_WHILE_AWAY = {
    _STOPPED: (
        "The box's key program broke off",
        "It is started again by itself. Read the notes of keys that were being cut then.",
    )
}
_MORE_STYLE = """
ol.todo { list-style: decimal; padding-left: 1.4rem; }
ol.todo li, ol.todo + p { margin-top: .4rem; }
pre { margin: 0; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
"""
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


class Facts(NamedTuple):
    """What is known: unix times `now` and `away_since`, seconds since the machine started, its steps, its log.

    `agents_end` is the notice of why the agent ended, if that is why this page is there.
    """

    name: str
    version: str
    now: float
    away_since: float
    uptime: float
    steps: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    agents_end: Notice | None = None
    log: tuple[str, ...] = ()
    language: str = "en"  # of who asks for none of ours

    @property
    def is_safe_mode(self) -> bool:
        """Whether the agent failed to start too often."""
        return is_safe_mode(self.notices)


def is_safe_mode(notices: Iterable[Notice]) -> bool:
    """Whether one of them says so."""
    return any(notice.code == _SAFE for notice in notices)


def end_of_agent(notices: Iterable[Notice], started: float) -> Notice | None:
    """The notice of the agent's end that brought this page up, or came since; `started` is CLOCK_BOOTTIME."""
    for notice in notices:
        if notice.code == _STOPPED and notice.since_boottime is not None:
            return notice if notice.since_boottime > started - _FRESH_SECONDS else None
    return None


def respond(head: bytes, facts: Facts, nonce: str) -> bytes:
    """The whole answer to a request, of which only the head is looked at. `nonce` lets our one style in."""
    request, *fields = (line.rstrip("\r") for line in head.decode("latin-1").split("\n"))
    method, _, rest = request.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not is_whole(head) and len(head) > HEAD_BYTES:
        return _said("GET", "431 Request Header Fields Too Large", f"A head has at most {HEAD_BYTES} bytes.")
    if not version.startswith("HTTP/") or not method.isalpha():
        return _said("GET", "400 Bad Request", "That was no request of HTTP.")
    host, target = split_target(target)
    path, _, query = target.partition("?")
    who = _reader(query, fields, facts)
    say = notes_in(who.language)
    if not is_known_host(_field(fields, "host", version) if host is None else host, facts.name):
        return _said(method, "421 Misdirected Request", say(refusal(facts.name)))
    if path == "/":
        return _answer(method, _AWAY, "text/html; charset=utf-8", html(facts, nonce, who), f"'nonce-{nonce}'")
    if path == "/status.json":
        return _answer(method, _AWAY, "application/json", json.dumps(status_json(facts)))
    return _said(method, _AWAY, say(sentence(facts)))


def sentence(facts: Facts) -> str:
    """How things are, in one plain sentence with a full stop."""
    if facts.is_safe_mode:
        return "Night Porter is in safe mode: its agent does not stay up, and no keys are cut meanwhile."
    if facts.agents_end is not None:
        return f"Night Porter's agent has stopped at {_time(facts.agents_end.since)} and is being started again."
    if facts.steps:
        return f"Night Porter is starting; its last step: {_without_time(facts.steps[-1]).rstrip('.')}."
    return "Night Porter is starting."


def status_json(facts: Facts) -> dict[str, object]:
    """The contract's JSON (design, section 3.3), with times in UTC. Mews and lock server are not asked."""
    text = plain(sentence(facts), 300)
    return {
        "box": {
            "name": facts.name,
            "version": facts.version,
            "uptime_seconds": int(facts.uptime),
            "timezone": "UTC",
            "time": _iso(facts.now),
        },
        "summary": {"level": "fault", "text": text},
        "hops": [{"id": "box", "level": "fault", "text": text, "since": _iso(facts.away_since)}],
        "faults": [_fault(notice) for notice in _ranked(facts.notices)],
        "commands": {"waiting": 0, "running": 0, "done": 0, "failed": 0, "unknown": 0, "recent": []},
    }


def html(facts: Facts, nonce: str, who: Reader) -> str:
    """The small page for people; `nonce` is what its policy lets the style in by."""
    said = notes_in(who.language)

    def say(text: str) -> str:
        return _safe(said(text))

    return "\n".join(_html(facts, nonce, who, say)) + "\n"


def _html(facts: Facts, nonce: str, who: Reader, say: Say) -> Iterator[str]:
    name = _safe(facts.name) or say("A box without a name yet")
    light, word = _light(facts)
    word = say(word)
    yield f"""<!doctype html>
<html lang="{who.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="{REFRESH_SECONDS}">
<title>{word} – {name} – Night Porter</title>
<style nonce="{nonce}">{STYLE}{_MORE_STYLE}</style>
</head>
<body>
<header>
<p class="brand">Night Porter</p>
<h1 dir="auto">{name}</h1>
<p class="fine">{_time(facts.now)}</p>
</header>
<main>
<p class="summary {light}">{_badge(light, word)} <span dir="auto">{say(sentence(facts))}</span></p>"""
    if facts.is_safe_mode:
        yield f'<h2>{say("What to do")}</h2>\n<ol class="todo">'
        yield from (f"<li>{say(what)}</li>" for what in _WHAT_TO_DO)
        yield f"</ol>\n<p>{say(_AGAIN)}</p>"
    else:  # short as it may be, a guest may stand there now
        yield f'<p class="card none">{say(_WHAT_TO_DO[0])}</p>'
    if facts.notices:
        yield f'<h2>{say("What is wrong")}</h2>\n<ul class="problems">'
        for notice in _ranked(facts.notices):
            yield from _problem(notice, say)
        yield "</ul>"
    yield from _block(say("The last steps"), facts.steps)
    yield from _block(say("The agent's last lines"), facts.log)
    yield f"""</main>
<footer>
<p>{say("Version")} {_safe(facts.version)}. {say(f"This page renews itself every {REFRESH_SECONDS} seconds.")}</p>
<nav aria-label="{say("For machines")}"><a href="/status.json">status.json</a></nav>
<nav class="foot" aria-label="{say("Language")}">{"".join(map(_link, who.others))}</nav></footer>
</body>
</html>"""


def _link(other: Other) -> str:
    return f'<a href="{other.query}" lang="{other.language}" hreflang="{other.language}">{other.name}</a>'


def _light(facts: Facts) -> tuple[str, str]:
    if facts.is_safe_mode:
        return "fault", "Safe mode"
    return ("fault", "Stopped") if facts.agents_end else ("warning", "Starting")


def _badge(light: str, word: str) -> str:
    return f'<span class="badge {light}"><span class="sign" aria-hidden="true"></span>{word}</span>'


def _problem(notice: Notice, say: Say) -> Iterator[str]:
    fault = _fault(notice)
    light = level_of(notice.code).value
    yield f'<li class="problem {light}">'
    yield f"<h3>{_badge(light, say(light.capitalize()))} {say(fault['title'])}</h3>"
    if fault["text"] != fault["title"]:
        yield f'<p class="lines" dir="auto">{say(fault["text"])}</p>'
    if fault["hint"]:
        yield f'<p class="hint"><strong>{say("What to do:")}</strong> {say(fault["hint"])}</p>'
    yield f'<p class="fine"><code>{_safe(fault["code"])}</code> · {say("since")} {_time(notice.since)}</p></li>'


def _block(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines of a log, which are English."""
    shown = [_safe(plain(line, _LINE)) for line in lines][-_MOST_LINES:]
    if shown:
        yield f"<h2>{heading}</h2>"
        yield '<pre lang="en">' + "\n".join(shown) + "</pre>"


def _ranked(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.code != _SAFE, level_of(notice.code) is not Level.FAULT))


def _fault(notice: Notice) -> dict[str, str]:
    """A line of `faults` in the contract's JSON."""
    kind = CATALOGUE.get(notice.code)
    text = plain_lines(notice.text)
    title, hint = _WHILE_AWAY.get(notice.code) or ((kind.title, kind.hint) if kind else (text, ""))
    return {
        "code": plain(notice.code, 100),
        "hop": "box",
        "title": title,
        "text": text,
        "hint": hint,
        "since": _iso(notice.since),
        "level": level_of(notice.code),
        "front_desk": OWN_PC,  # whatever the kind says is for a box whose agent runs
    }


def _safe(text: str) -> str:
    return text.translate(_ESCAPES)


def _time(unix: float) -> str:
    return _written("%H:%M:%S UTC", unix)


def _iso(unix: float) -> str:
    return _written("%Y-%m-%dT%H:%M:%S+00:00", unix)


def _written(form: str, unix: float) -> str:
    try:
        return time.strftime(form, time.gmtime(unix))
    except (OverflowError, ValueError, OSError):  # a notice by a foreign hand: no year that there is
        return time.strftime(form, time.gmtime(0))


def _without_time(step: str) -> str:
    time_of_day, _, words = step.partition(" UTC ")
    return plain(words if time_of_day.replace(":", "").isdigit() else step, 200)


def _reader(query: str, fields: Iterable[str], facts: Facts) -> Reader:
    wanted = _field(fields, "accept-language") or ""
    return reader(dict(parse_qsl(query)), wanted, lambda wish: chosen(wish, facts.language))


def _field(fields: Iterable[str], wanted: str, version: str = "") -> str | None:
    """A header's value, "" without it. The Host's may be left out by HTTP/1.0 (None)."""
    for field in fields:
        name, _, value = field.partition(":")
        if name.lower() == wanted:
            return value.strip()
    return None if version == "HTTP/1.0" else ""


_AWAY = "503 Service Unavailable"


def _said(method: str, status: str, text: str) -> bytes:
    return _answer(method, status, "text/plain; charset=utf-8", text + "\n")


def _answer(method: str, status: str, kind: str, body: str, styles: str = "'none'") -> bytes:
    content = body.encode("utf-8", "replace")
    head = f"""HTTP/1.1 {status}
Content-Type: {kind}
Vary: Accept-Language
Content-Length: {len(content)}
Retry-After: {REFRESH_SECONDS}
Connection: close
Content-Security-Policy: default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; \
frame-ancestors 'none'
X-Content-Type-Options: nosniff
X-Frame-Options: DENY
Referrer-Policy: no-referrer
Cross-Origin-Resource-Policy: same-origin
Cache-Control: no-store

"""
    return head.replace("\n", "\r\n").encode() + (b"" if method == "HEAD" else content)
