"""The label, by what stands on it."""

import re
from xml.etree import ElementTree

import pytest
import segno

from provisioning.label import HEIGHT, WIDTH, Label, Row, as_svg, as_text, label
from tests.provisioning.text import COMPLETE, MINIMAL, PASSWORD, TRUSTING, good, minimal

NETWORK = '[network]\naddress = "10.4.5.20/24"\ngateway = "10.4.5.1"\ndns = ["10.4.5.1"]\n'
SVG = "{http://www.w3.org/2000/svg}"


def modules(text: str) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, segno.make(text, error="m", micro=False).matrix))


def drawn(of: Label) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(of, modules(of.addresses[0])))


def test_all_that_opens_a_box_is_on_it_and_nothing_else_that_is_secret() -> None:
    found = label(good(TRUSTING), "10000000a1b2c3d4")
    assert found.rows == (
        Row("Serial number", "10000000a1b2c3d4"),
        Row("Console code", "k7mp-3xqd"),
        Row("Page password", "wicker boat 33"),
        Row("To act", "https://aurora-desk.local/"),
        Row("Certificate", "its SHA-256: on the page, or type label on the console"),
    )
    assert PASSWORD not in as_text(found)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (MINIMAL, ("http://aurora-desk.local/",)),
        (minimal(add=NETWORK), ("http://10.4.5.20/", "http://aurora-desk.local/")),
        (minimal(add='[network]\naddress = "fd00::20/64"\n'), ("http://[fd00::20]/", "http://aurora-desk.local/")),
        (minimal(add='[page]\nlisten = "0.0.0.0:8080"\nnames = ["a.lan", "b.lan", "c.lan"]\n'),
         ("http://aurora-desk.local:8080/", "http://a.lan:8080/", "http://b.lan:8080/")),
    ],
)  # fmt: skip
def test_the_addresses_are_those_to_try_the_likeliest_first(text: str, addresses: tuple[str, ...]) -> None:
    assert label(good(text)).addresses == addresses


def test_as_text_it_is_a_table() -> None:
    assert as_text(label(good(COMPLETE), "a1")).splitlines() == [
        "Night Porter   aurora-desk",
        "Page           http://10.4.5.20/",
        "               http://aurora-desk.local/",
        "Serial number  a1",
        "Support        Lock service Tyrol +43 512 000000",
        "",
        "This page opens the box: keep it",
        "where the master key is kept.",
    ]


def test_the_drawing_says_the_same() -> None:
    found = label(good(TRUSTING), "a1 & <b>")
    texts = [element.text for element in drawn(found).iter(f"{SVG}text")]
    for words in ("Night Porter", found.name, *found.addresses, *(row.value for row in found.rows)):
        assert words in texts


def test_the_code_that_is_drawn_is_the_code_of_the_first_address() -> None:
    found = label(good(minimal(add=NETWORK)))
    [path] = [each.get("d") for each in drawn(found).iter(f"{SVG}path")]
    assert path is not None
    expected = modules("http://10.4.5.20/")
    seen = [[0] * len(expected) for _ in expected]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for at in range(int(width)):
            seen[int(y) - 4][int(x) - 4 + at] = 1
    assert tuple(map(tuple, seen)) == expected


def test_a_certificate_that_the_box_has_made_meanwhile_is_on_it_as_browsers_show_it() -> None:
    acting = '[page]\nacting = "0.0.0.0:8443"\npassword = "wicker boat 33"\n'
    found = label(good(minimal(add=NETWORK + acting)), fingerprint="0a" * 16 + "bc" * 16)
    rows = found.rows[-3:]
    assert rows[0] == Row("To act", "https://10.4.5.20:8443/")
    assert rows[1:] == (Row("Certificate", "0A:" * 16), Row("", ":".join(["BC"] * 16)))
    assert as_text(found).splitlines()[-5:-3] == [
        f"Certificate    {'0A:' * 16}",
        f"{'':<15}{':'.join(['BC'] * 16)}",
    ]
    texts = [element.text for element in drawn(found).iter(f"{SVG}text")]
    assert "" not in texts
    assert rows[2].value in texts


def test_everything_stays_on_the_page_however_long_it_is() -> None:
    long = minimal("aurora-desk", "a" * 63, NETWORK).replace(
        "[network]",
        f'[page]\nnames = ["{"b" * 60}.{"c" * 60}.example"]\nacting = "0.0.0.0:443"\npassword = "{"&" * 90}"\n'
        f'[support]\nname = "{"s" * 200}"\n[console]\ncode = "{"k" * 40}"\n[network]',
    )
    lowest = 0.0
    for element in drawn(label(good(long), "0" * 40, "f" * 64)).iter(f"{SVG}text"):
        size, text = float(element.get("font-size", "")), element.text or ""
        assert 8 + size * 0.62 * len(text) <= WIDTH
        lowest = max(lowest, float(element.get("y", "")))
    assert lowest < HEIGHT - 5


def test_a_box_with_nothing_to_open_it_has_a_short_label() -> None:
    assert label(good(MINIMAL)).rows == ()
