"""By which names a reader may ask; the web tests ask over a socket."""

import pytest

from agent.status.host import is_known_host, refusal


@pytest.mark.parametrize(
    "header",
    [
        *("localhost", "aurora-desk", "AURORA-desk.local", "aurora-desk.local.:8080"),
        *("10.4.5.20", "127.0.0.1:80", "[::1]", "[fe80::1]:80", "[fe80::1%25eth0]:80"),
    ],
)
def test_the_boxs_names_and_any_address_are_known(header: str) -> None:
    assert is_known_host(header, "aurora-desk")


@pytest.mark.parametrize(
    "header",
    [
        "",
        ":80",
        "evil.example",
        "10.4.5.20.evil.example",
        "[::1",
        "[]",
        "10.4.5",
        "\x00",
        "aurora-desk.local.x",
        "ä",
    ],
)
def test_anything_else_is_not(header: str) -> None:
    assert not is_known_host(header, "aurora-desk")


def test_a_box_without_a_name_has_none() -> None:
    assert not is_known_host("", "")
    assert not is_known_host(".local", "")
    assert refusal("") == "The box is not known by that name: use its IP address."
