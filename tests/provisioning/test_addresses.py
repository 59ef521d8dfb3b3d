"""Addresses by values: what others call on their own."""

import pytest

from provisioning.addresses import Address, address, host, listening
from provisioning.problems import Wrong


def refusal(text: str) -> str:
    with pytest.raises(Wrong) as caught:
        address(text, ("http", "https"), "http://example.lan")
    return f"{caught.value.wrong}. {caught.value.write}"


def test_an_address_is_taken_apart() -> None:
    assert address("HTTPS://PC:81/a/b", ("http", "https"), "") == Address("https", "pc", 81, "/a/b")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        ("[::1]:8080", ("[::1]", 8080)),
        ("localhost:1", ("localhost", 1)),
        ("10.4.5.20:65535", ("10.4.5.20", 65535)),
    ],
)
def test_where_to_listen_is_taken_apart(text: str, parts: tuple[str, int]) -> None:
    assert listening(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        *("::1:80", "[::1]", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:", "[]:80", "a:b:1"),
        *("pc:80", "hotel-pc.local:8099", "224.0.0.1:80", "255.255.255.255:80", "0.0.0.7:80", "[ff02::1]:80"),
    ],
)
def test_where_nobody_can_listen_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        listening(text)


def test_any_free_port_is_for_the_command_line_alone() -> None:
    assert listening("127.0.0.1:0", lowest_port=0) == ("127.0.0.1", 0)


@pytest.mark.parametrize("name", ["pc", "LOCK_PC", "a.b-c.lan", "a.lan.", "x" * 63, "a." * 126 + "b"])
def test_a_host_may_have_this_name(name: str) -> None:
    assert host(name) == name.lower()


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a..b", "x" * 64, "a b", "hôtel", "a." * 130, "10.4.5.06", "1.2.3.4.5"]
)
def test_a_host_cannot_have_this_name(name: str) -> None:
    with pytest.raises(Wrong):
        host(name)


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("10.4.5.6", 'Write "http://10.4.5.6", or https:// if that is what it speaks'),
        ("//10.4.5.6:80/a", 'Write "http://10.4.5.6:80/a", or https:// if that is what it speaks'),
        ("https:10.4.5.6", 'Write "https://10.4.5.6"'),
        ("httpserver:7331", 'Write "http://httpserver:7331", or https:// if that is what it speaks'),
        ("no host!", 'Write something like "http://example.lan"'),
    ],
)
def test_an_address_without_scheme_is_answered_with_the_whole_one(text: str, write: str) -> None:
    assert refusal(text) == f"has no scheme. {write}"


@pytest.mark.parametrize(
    "text", ["http://u:hunter22@h", "hunter22@h", "http://h/?hunter22", "h#hunter22", "http://h:hunter22"]
)
def test_no_refusal_repeats_what_may_be_a_password(text: str) -> None:
    assert "hunter22" not in refusal(text)
