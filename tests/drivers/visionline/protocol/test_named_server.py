"""An order's account goes to the file's own server and nowhere else, however an address is dressed up."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.drivers.visionline.protocol.named_server import HIDDEN, SHOWN, is_same, shown, usable

SERVER = "https://10.4.5.7/api/v1"
NAMED = "https://lock.hotel.example:8443/api/v1"
IPV6 = "https://[fd00::5]/api/v1"
USER, PASSWORD = "operator-7", "hunter2-pass"


@pytest.mark.parametrize(
    ("asked", "server"),
    [
        ("https://10.4.5.7", SERVER),
        ("https://10.4.5.7/", SERVER),
        ("https://10.4.5.7/api/v1", SERVER),
        ("https://10.4.5.7/api/v1/", SERVER),
        ("https://10.4.5.7:443", SERVER),
        ("https://10.4.5.7:443/api/v1/", SERVER),
        ("HTTPS://10.4.5.7/api/v1", SERVER),
        ("10.4.5.7", SERVER),
        ("10.4.5.7:443", SERVER),
        ("10.4.5.7:443/api/v1", SERVER),
        ("https://10.4.5.7", "https://10.4.5.7:443/api/v1"),
        ("https://lock.hotel.example:8443", NAMED),
        ("https://LOCK.Hotel.Example:8443/api/v1", NAMED),
        ("https://[fd00::5]", IPV6),
        ("https://[FD00::5]:443/api/v1", IPV6),
        ("https://[fd00::5]:8443", "https://[fd00::5]:8443/api/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v1"),
        ("http://127.0.0.1:80", "http://127.0.0.1/api/v1"),
    ],
)
def test_the_file_s_server_is_known_in_its_usual_spellings(asked: str, server: str) -> None:
    assert is_same(asked, server)


TRICKS = [
    # another server, plainly
    "https://10.4.5.8",
    "https://10.4.5.7:8443",
    "https://10.4.5.7:80",
    "https://10.4.5.77",
    "https://10.4.5.7.evil.example",
    "https://evil.example/10.4.5.7",
    "https://evil.example",
    "10.4.5.8:443",
    "10.4.5.7:80",
    # another scheme, or none that is one
    "http://10.4.5.7",
    "http://10.4.5.7:443",
    "ftp://10.4.5.7",
    "wss://10.4.5.7",
    "file:///10.4.5.7",
    "javascript://10.4.5.7",
    "httpss://10.4.5.7",
    "https:10.4.5.7",
    "https:/10.4.5.7",
    "https:///10.4.5.7",
    "//10.4.5.7",
    "://10.4.5.7",
    "https://https://10.4.5.7",
    # a user, a password, and what looks like one
    "https://10.4.5.7@evil.example",
    "https://user@10.4.5.7",
    "https://user:password@10.4.5.7",
    "https://@10.4.5.7",
    "https://:@10.4.5.7",
    "https://evil.example@10.4.5.7",
    "https://10.4.5.7:443@evil.example",
    "https://10.4.5.7%40evil.example",
    "https://10.4.5.7＠evil.example",
    # paths, queries, fragments
    "https://10.4.5.7//",
    "https://10.4.5.7/api/v2",
    "https://10.4.5.7/api/v1//",
    "https://10.4.5.7/api/v1/sessions",
    "https://10.4.5.7/api/v1/..",
    "https://10.4.5.7/api/v1/../../evil",
    "https://10.4.5.7/API/V1",
    "https://10.4.5.7/api%2Fv1",
    "https://10.4.5.7/./api/v1",
    "https://10.4.5.7?x=1",
    "https://10.4.5.7/api/v1?x=1",
    "https://10.4.5.7#x",
    "https://10.4.5.7/api/v1#@evil.example",
    "https://evil.example?@10.4.5.7",
    "https://evil.example#@10.4.5.7",
    "https://10.4.5.7?@evil.example",
    "https://10.4.5.7;evil.example",
    # backslashes
    "https:\\\\10.4.5.7",
    "https://10.4.5.7\\",
    "https://10.4.5.7\\@evil.example",
    "https://evil.example\\@10.4.5.7",
    "https://10.4.5.7/\\evil.example",
    # blanks and control characters
    " https://10.4.5.7",
    "https://10.4.5.7 ",
    "https://10.4.5.7\n",
    "https://10.4.5.7\r\nHost: evil.example",
    "https://10.4.5.7\t",
    "https://10.4.5.7\x00.evil.example",
    "https://10.4.5.7\u200b",
    "https://10.4.5.7\u2028",
    "ht\ntps://10.4.5.7",
    "https://10.4.5.7\x7f",
    "https://10.4.5.7 .evil.example",
    # other spellings of the same address
    "https://10.4.5.7.",
    "https://010.4.5.7",
    "https://012.04.05.07",
    "https://0xa.4.5.7",
    "https://0x0a040507",
    "https://167773447",
    "https://10.4.1287",
    "https://10.263431",
    "https://10.4.5.007",
    "https://１０.4.5.7",
    "https://10。4。5。7",
    "https://10%2E4.5.7",
    "https://%31%30.4.5.7",
    "https://[::ffff:10.4.5.7]",
    "https://[::ffff:a04:507]",
    "https://[10.4.5.7]",
    "https://10.4.5.7%eth0",
    "https://①0.4.5.7",
    "https://10.4.5.7.nip.io",
    # ports
    "https://10.4.5.7:",
    "https://10.4.5.7:0",
    "https://10.4.5.7:0443",
    "https://10.4.5.7:+443",
    "https://10.4.5.7:443443",
    "https://10.4.5.7:65979",
    "https://10.4.5.7:443:443",
    "https://10.4.5.7:４４３",
    "https://10.4.5.7:443x",
    "https://10.4.5.7: 443",
    "https://10.4.5.7:-443",
    # nothing at all
    "https://",
    "https",
    "/",
    ":443",
    "https://:443",
    "https://[]",
    "https://[fd00::5",
]
NAMED_TRICKS = [
    "https://lock.hotel.example",
    "https://lock.hotel.example.:8443",
    "https://lock.hotel.example:8443.",
    "https://LOCK.hotel.example",
    "https://lock.hotel.example.evil.example:8443",
    "https://evil-lock.hotel.example:8443",
    "https://ⓛock.hotel.example:8443",
    "https://lоck.hotel.example:8443",  # a Cyrillic o
    "https://xn--lck-7cd.hotel.example:8443",
    "https://lock.hotel.exampleK:8443",  # a Kelvin sign, which is k in small letters
    "https://ſock.hotel.example:8443",
    "https://lock%2Ehotel.example:8443",
    "https://lock_hotel.example:8443",
    "https://lock.hotel.example:8443@evil.example",
    "https://lock..hotel.example:8443",
    "https://lock.hotel.example:8443\u3002",
]
IPV6_TRICKS = [
    "https://fd00::5",
    "https://[fd00:0::5]",
    "https://[fd00::0005]",
    "https://[fd00::5%25eth0]",
    "https://[fd00::5%eth0]",
    "https://[fd00::5]:8443",
    "https://[fd00::5].evil.example",
    "https://[fd00::5]evil",
    "https://[[fd00::5]]",
    "https://[fd00::0.0.0.5]",
]


@pytest.mark.parametrize(
    ("asked", "server"),
    [
        *((trick, SERVER) for trick in TRICKS),
        *((trick, NAMED) for trick in NAMED_TRICKS),
        *((trick, IPV6) for trick in IPV6_TRICKS),
    ],
    ids=repr,
)
def test_whatever_is_not_surely_the_file_s_server_is_another_one(asked: str, server: str) -> None:
    assert not is_same(asked, server)


def test_there_are_more_than_sixty_tricks() -> None:
    assert len({*TRICKS, *NAMED_TRICKS, *IPV6_TRICKS}) > 120


def independent(asked: str, server: str) -> bool:
    """What the standard library and plain rules on characters make of it."""
    if re.search(r"[^!-~]|[@\\?#%;]", asked):
        return False
    has_scheme = "://" in asked
    try:
        found, file = urlsplit(asked if has_scheme else f"{urlsplit(server).scheme}://{asked}"), urlsplit(server)
        port, own = found.port, file.port
    except ValueError:
        return False
    usual = {"https": 443, "http": 80}
    is_written_so = found.netloc.lower() in {file.netloc, f"{file.netloc}:{usual[file.scheme]}"} or (
        own == usual[file.scheme] and found.netloc.lower() == file.netloc.rpartition(":")[0]
    )
    is_there = (found.scheme, found.hostname, port or usual.get(found.scheme)) == (
        file.scheme,
        file.hostname,
        own or usual[file.scheme],
    )
    return is_there and is_written_so and found.path in ("", "/", "/api/v1", "/api/v1/")


PIECES = st.sampled_from(
    [
        *[
            "https",
            "http",
            "://",
            ":",
            "/",
            "//",
            ".",
            "@",
            "?",
            "#",
            "%",
            "\\",
            "[",
            "]",
            "10.4.5.7",
            "10",
            "4",
            "5",
            "7",
            "443",
            "8443",
            "0443",
            "lock.hotel.example",
            "LOCK",
            "fd00::5",
        ],
        *[
            "/api/v1",
            "/api",
            "v1",
            "evil.example",
            ":443",
            ":8443",
            "１",
            "。",
            "https://10.4.5.7",
            "https://[fd00::5]",
            "user:password",
        ],
        *(" ", "\t", "\n", "\x00", "https://lock.hotel.example:8443"),
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text()), st.sampled_from([SERVER, NAMED, IPV6]))
@example("https://10.4.5.7", SERVER)
@example("https://10.4.5.7:443/", SERVER)
@example("https://lock.hotel.example:8443/api/v1/", NAMED)
def test_an_independent_judge_agrees(asked: str, server: str) -> None:
    assert is_same(asked, server) == independent(asked, server)


@given(st.sampled_from(["https://10.4.5.7", "https://10.4.5.7/api/v1"]), st.integers(0, 30), st.characters())
def test_one_more_character_makes_another_server(address: str, at: int, more: str) -> None:
    asked = address[:at] + more + address[at:]
    assert is_same(asked, SERVER) == independent(asked, SERVER)
    if is_same(asked, SERVER):
        assert urlsplit(asked).hostname == "10.4.5.7"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("https://10.4.5.8:8443/api/v1", "https://10.4.5.8:8443"),
        ("10.4.5.8", "10.4.5.8"),
        (" https://10.4.5.8\n", "https://10.4.5.8"),
        ("https://evil.example/with/path?and=query#fragment", "https://evil.example"),
        ("https://user:word@evil.example/x", "https://evil.example"),
        ("https://[fd00::6]:8443/", "https://[fd00::6]:8443"),
        ("https://u:p@ss@evil.example", "https://evil.example"),
        ("https://u:p/w@evil.example", HIDDEN),
        ("https://u:p?w@evil.example", HIDDEN),
        ("https://u:p#w@evil.example", HIDDEN),
        ("https://u:p\\w@evil.example", HIDDEN),
        ("https://user:word", HIDDEN),
        ("https://u%3Ap%40evil.example", HIDDEN),
        ("https://u:p＠evil.example", HIDDEN),
        ("https://evil.example\x00", HIDDEN),
        ("https://evil.example/\x1b[31m", "https://evil.example"),
        (f"https://{PASSWORD}.example", "https://(hidden).example"),
        (f"https://{'a' * 300}.example", "https://" + "a" * (SHOWN - 9) + "…"),
    ],
)
def test_an_address_is_shown_without_user_password_and_path(asked: str, words: str) -> None:
    assert shown(asked, (USER, PASSWORD)) == words


@given(
    st.sampled_from(["https://", "http://", "", "//", "https:", "ftp://", "https:\\\\"]),
    st.sampled_from([":", "/", "?", "#", "%3A", "：", "@", ""]),
    st.sampled_from(["@", "%40", "＠", "\\@", "/@", ":", "?", "\n@"]),
    st.sampled_from(["evil.example", "10.4.5.7", "[fd00::5]:1", ""]),
)
def test_no_dressing_brings_user_or_password_to_the_page(
    scheme: str, between: str, behind: str, host: str
) -> None:
    words = shown(f"{scheme}{USER}{between}{PASSWORD}{behind}{host}", (USER, PASSWORD))
    assert USER not in words
    assert PASSWORD not in words


@given(st.text())
def test_what_is_shown_is_short_and_plain(asked: str) -> None:
    words = shown(asked, ())
    assert len(words) <= SHOWN
    assert words.isprintable()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "::1", "169.254.1.1", "fe80::1", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1",
     "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.1.1", "0.1.2.3", "255.255.255.255", "240.0.0.1"],
)  # fmt: skip
def test_a_name_never_leads_to_the_box_itself_its_link_or_no_machine(address: str) -> None:
    assert usable("lock.hotel.example", [address]) is None
    assert usable("lock.hotel.example", [address, "10.4.5.7"]) == "10.4.5.7"


@pytest.mark.parametrize("address", ["10.4.5.7", "192.168.1.2", "fd00::5", "::ffff:10.4.5.7", "203.0.113.4"])
def test_a_name_may_lead_to_any_other_machine(address: str) -> None:
    assert usable("lock.hotel.example", [address, "10.4.5.8"]) == address


def test_a_file_that_says_localhost_means_the_box_and_nothing_else() -> None:
    assert usable("localhost", ["127.0.0.1"]) == "127.0.0.1"
    assert usable("localhost", ["::1"]) == "::1"
    assert usable("localhost", ["10.4.5.7"]) is None


@given(st.ip_addresses().map(str))
def test_every_address_is_judged(address: str) -> None:
    found = usable("lock.hotel.example", [address])
    assert found in (None, address)
    assert found is None or not ip_address(address).is_loopback
