"""The page as a browser reads it: what it says, and what it must never contain."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from time import thread_time

import msgspec
import pytest

from agent.status.page import assets
from agent.status.page import page as page_module
from agent.status.page.page import PANELS, bits, panels, render
from agent.status.snapshot.facts import HopFacts, UpkeepFacts
from agent.status.snapshot.snapshot import Snapshot
from agent.status.snapshot.work import Stage, UnderWay
from provisioning.model import Support
from tests.status.samples import BOX, HOPS, HOSTILE, LINE, NOW, fault, hostile, snapshot

LONGEST_BIT = 0.01  # s; the whole of such a page takes several times that

ALLOWED = {
    *("html", "head", "meta", "title", "link", "body", "header", "main", "footer", "nav", "section", "p", "h1"),
    *("h2", "h3", "ol", "ul", "li", "dl", "dt", "dd", "div", "span", "bdi", "strong", "code", "time", "a"),
    *(
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "form",
        "label",
        "input",
        "button",
    ),
    *("script", "noscript", "progress", "figure", "figcaption", "svg", "desc", "path", "rect"),
}


class Reader(HTMLParser):
    """What a browser would see: tags, attributes and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.ids: Counter[str] = Counter()
        self.open: list[str] = []
        self.badly_closed: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids.update(value or "" for name, value in attrs if name == "id")
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.badly_closed.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


BAD_LOCK = fault("E-LOCK-UNREACHABLE", "lock-server:Coder Bridge", "The lock server refused the connection.")
BAD = snapshot(
    BAD_LOCK,
    fault("E-ENCODER", "encoder:2", "No card was presented."),
    recent=[LINE, msgspec.structs.replace(LINE, state="UNKNOWN", note="Look at the encoder.", at=None)],
)


@pytest.mark.parametrize("text", [HOSTILE, '" onload="x', "</title><b>", "' style='x", "</td><img src=x>"])
def test_nothing_from_outside_becomes_a_tag_or_an_attribute(text: str) -> None:
    tame, wild = Reader(render(hostile("abc"))), Reader(render(hostile(text)))
    assert (wild.tags, [name for name, _ in wild.attributes]) == (tame.tags, [name for name, _ in tame.attributes])


def test_a_hostile_name_is_shown_as_the_text_that_it_is() -> None:
    assert '<script>alert("x")</script>' in Reader(render(hostile())).text


def test_no_control_character_is_on_the_page() -> None:
    page = render(hostile("".join(map(chr, range(0xA0))) + "\u2028\u202e\u2066\u200f\ufeff"))
    assert [hex(ord(char)) for char in page if not char.isprintable() and char not in "\n\xa0"] == []


@pytest.mark.parametrize("made", [snapshot(), BAD, hostile(), snapshot(hops=(), recent=())])
def test_the_page_is_well_formed_and_has_no_inline_script_or_style(made: object) -> None:
    reader = Reader(render(made))  # type: ignore[arg-type]
    names = {name for name, _ in reader.attributes}
    assert (reader.open, reader.badly_closed, set(reader.tags) - ALLOWED) == ([], [], set())
    assert [name for name in names if name.startswith("on") or name == "style"] == []


def test_the_page_loads_nothing_from_elsewhere() -> None:
    links = {value for name, value in Reader(render(BAD)).attributes if name in ("href", "src")}
    files = {each.address for each in (assets.STYLE, *assets.OF_PAGE, assets.ICONS["fault"])}
    pages = {"/manual", "/manual#security", "/faults", "/log", "/status.json", "/metrics", "/healthz"}
    assert links == files | pages | {f"/faults#faults-{fault.code}" for fault in BAD.faults}


def test_the_summary_and_every_station_are_said_in_words() -> None:
    text = Reader(render(BAD)).text
    wanted = [
        "Fault The lock server cannot be reached: no keys can be cut; 1 more problem is listed below.",
        "Mews OK connected",
        "This box OK running",
        "Lock server Fault Lock server Coder Bridge The lock server refused the connection.",
        "Encoders Warning",
        "Warning Encoder 2 No card was presented.",
    ]
    assert [words for words in wanted if words not in text] == []


def test_a_fault_shows_its_title_text_hint_code_place_and_time() -> None:
    text = Reader(render(BAD)).text
    assert (
        "Faults Fault The lock server cannot be reached At the front desk: Is the lock system's PC on? "
        "Switch it on if it is not. Cut keys at the lock system's own PC until this is green. The lock server "
        "refused the connection. For support: Is the lock system's PC on, its program running, and the address in "
        "the provisioning file right? "
        "E-LOCK-UNREACHABLE · Lock server Coder Bridge · since 23:29:00 ( 1 min )" in text
    )


def test_whom_to_call_stands_with_each_fault_and_warning() -> None:
    called = msgspec.structs.replace(BAD, support=Support("Lock <b> service", "+43 512 000000"))
    reader = Reader(render(called))
    assert reader.text.count("Call: Lock <b> service, +43 512 000000") == len(BAD.faults) == 2
    assert "Call:" not in Reader(render(BAD)).text


def test_advice_that_is_not_there_leaves_no_label_behind() -> None:
    line = msgspec.structs.replace(BAD.faults[0], front_desk="", hint="")
    text = Reader(render(msgspec.structs.replace(BAD, faults=(line,)))).text
    assert not [label for label in ("At the front desk", "For support", "Call:") if label in text]


def test_warnings_stand_apart_from_faults() -> None:
    text = Reader(render(BAD)).text
    assert text.index("Faults Fault") < text.index("Warnings Warning The encoder's last key went wrong")


def test_a_box_that_is_well_shows_no_faults_and_no_warnings() -> None:
    assert panels(snapshot(), "en")["problems"] == ""


def test_the_page_is_its_panels_in_a_frame() -> None:
    page, drawn = render(BAD), panels(BAD, "en")
    assert list(drawn) == list(PANELS)
    assert [name for name, html in drawn.items() if f' id="p-{name}">{html}</' not in page] == []


def test_a_search_without_a_script_shows_the_orders_of_that_room_alone() -> None:
    other = msgspec.structs.replace(LINE, id="c-2", room="214")
    text = Reader(render(snapshot(recent=[LINE, other]), room="21")).text
    assert "c-2" in text
    assert "c-1" not in text
    assert "No order for room <9> in the last 48 hours." in Reader(render(snapshot(), room="<9>")).text


def test_an_order_under_way_has_a_bar_and_stands_in_no_table() -> None:
    work = UnderWay("c-1", "key", "Front desk left", "101", Stage.MAKING, 2, 1, BAD.box.time, limit_seconds=30)
    reader = Reader(render(msgspec.structs.replace(snapshot(), under_way=(work,))))
    assert (reader.tags["progress"], reader.tags["table"]) == (1, 0)
    assert "101 key → Front desk left 1 of 2 made present a card, 0 s of 30 s" in reader.text.replace(" ,", ",")
    assert ("max", "30") in reader.attributes


def test_orders_beyond_the_newest_are_folded_away_in_blocks() -> None:
    lines = [msgspec.structs.replace(LINE, id=f"c-{number}") for number in range(100)]
    made = msgspec.structs.replace(snapshot(), commands=msgspec.structs.replace(snapshot(recent=lines).commands))
    assert "50 earlier orders" in Reader(render(made)).text
    assert "earlier" not in Reader(render(snapshot(recent=lines[:64]))).text


def test_a_page_says_by_what_it_was_made() -> None:
    assert ("data-build", page_module.build()) in Reader(render(BAD)).attributes


def test_the_last_commands_are_a_table_with_headers_for_rows_and_columns() -> None:
    reader = Reader(render(BAD))
    scopes = Counter(value for name, value in reader.attributes if name == "scope")
    assert (scopes["col"], scopes["row"]) == (6, 2)


def test_a_command_shows_where_it_went_and_what_to_do() -> None:
    assert "101 unknown key → Front desk left Look at the encoder. d-1 c-1" in Reader(render(BAD)).text


def test_whom_to_call_is_called_from_a_phone_by_a_link() -> None:
    box = msgspec.structs.replace(BOX, support=Support("Lock service", "+43 512 00"))
    links = [value for name, value in Reader(render(snapshot(BAD_LOCK, box=box))).attributes if name == "href"]
    assert "tel:+4351200" in links


def test_a_lock_server_that_the_box_named_itself_is_named_in_the_language_of_the_page() -> None:
    hops = [HopFacts("lock-server:bridge", "The lock server answers.", NOW, name="Lock server bridge"), *HOPS[3:]]
    text = Reader(render(snapshot(BAD_LOCK, hops=hops), "de")).text
    assert "Schließserver bridge" in text
    assert "Lock server bridge" not in text


def test_a_device_that_is_well_is_named_once() -> None:
    hops = [HopFacts(f"encoder:{n}", f"Desk {n}: ready.", NOW, name=f"Desk {n}") for n in (1, 2)]
    assert "OK Desk 1 ready" in Reader(render(snapshot(hops=hops))).text


def test_what_is_counted_since_the_start_says_so_beside_the_orders_of_two_days() -> None:
    assert "Done, failed and unknown are counted since the last start." in Reader(render(snapshot())).text


def test_without_commands_the_page_says_so() -> None:
    assert "No order in the last 48 hours." in Reader(render(snapshot(recent=()))).text


def test_a_box_without_a_file_has_a_page_too() -> None:
    box = msgspec.structs.replace(BAD.box, name="")
    text = Reader(render(msgspec.structs.replace(BAD, box=box, hops=()))).text
    assert "A box without a name yet" in text
    assert "Lock server Not set up" in text


def test_what_the_hotel_wants_looked_after_has_a_section_where_there_is_any() -> None:
    made = snapshot(upkeep=[UpkeepFacts("drill", "Drill", "Keys could be cut at 05:30.")])
    assert "Upkeep Drill Keys could be cut at 05:30." in Reader(render(made)).text
    assert panels(snapshot(), "en")["upkeep"] == ""


def test_each_section_is_labelled_by_its_heading() -> None:
    reader = Reader(render(BAD))
    labels = [value for name, value in reader.attributes if name == "aria-labelledby"]
    assert labels == ["h-faults", "h-warnings", "h-way", "h-orders"]
    assert all(reader.ids[label] == 1 for label in labels)


def test_reasons_stand_one_below_the_other() -> None:
    text = "Refused:\nbox.name: is missing.\nmews: is missing."
    html = render(snapshot(fault("E-TAKE-REFUSED", "box", text)))
    assert f'<p class="lines" dir="auto">{text}</p>' in html
    assert ".problem .lines { white-space: pre-line; }" in assets.STYLE.content.decode()


def test_no_bit_of_the_longest_page_keeps_a_key_waiting() -> None:
    """The processor's own time, and the best of three, so that a busy machine changes little."""
    list(bits(full_page("loading"), "en"))
    assert min(max(_each(full_page(name))) for name in ("first", "second", "third")) < LONGEST_BIT


def full_page(name: str) -> Snapshot:
    """As many orders as are shown, of which none was drawn before."""
    return snapshot(recent=[msgspec.structs.replace(LINE, id=f"{name}-{number}") for number in range(500)])


def _each(made: Snapshot) -> Iterator[float]:
    began = thread_time()
    for _ in bits(made, "en"):
        yield thread_time() - began
        began = thread_time()
