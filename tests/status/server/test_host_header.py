"""By which names a reader may ask, and what a request's target names; the web tests ask over a socket."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.status.crossing import acting_url
from agent.status.server.host_header import is_known_host, refusal, split_target

LONG = "a" * 63  # the longest label there is


@pytest.mark.parametrize(
    "header",
    [
        *("localhost", "aurora-desk", "AURORA-desk.local", "aurora-desk.local.:8080"),
        *("10.4.5.20", "127.0.0.1:80", "[::1]", "[fe80::1]:80", "[fe80::1%25eth0]:80"),
        None,
    ],
)
def test_the_boxs_names_any_address_and_none_at_all_are_known(header: str | None) -> None:
    assert is_known_host(header, "aurora-desk")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("aurora-desk-2.local", "aurora-desk"),
        ("aurora-desk-2", "aurora-desk"),
        ("AURORA-DESK-17.local.:80", "aurora-desk"),
        ("desk-3.local", "desk-2"),  # avahi counts on from a number that is there
        (f"{LONG[:61]}-2.local", LONG),
        (f"{LONG[:60]}-10.local", LONG[:61]),
    ],
)
def test_the_name_that_avahi_gives_a_box_whose_name_is_taken_is_known(header: str, name: str) -> None:
    assert is_known_host(header, name)


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
        *("aurora-desk-2.evil.example", "aurora-desk-", "aurora-desk-0", "aurora-desk-02", "aurora-desk--2"),
        *(
            "aurora-desk-x",
            "aurora-desk-2-2",
            "aurora-desk-99999",
            "aurora-desk-²",
            "-2",
            "aurora-2",
            "xaurora-desk-2",
        ),
        *("aurora-desk.local.local", "aurora-desk.fritz.box"),
        *(
            "10.4.5.20:80@evil.example",
            "aurora-desk:@evil.example",
            "localhost:80/x",
            "localhost:x",
            "localhost:80?x",
        ),
        *(
            "[::1]evil.example",
            "[::1]@evil.example",
            "[::1]:80x",
            "[::1%25<b>]",
            "[10.4.5.20]",
            "[localhost]",
            "::1",
        ),
        *("localhost:٣", "localhost:123456", "localhost::80"),
    ],
)
def test_anything_else_is_not(header: str) -> None:
    assert not is_known_host(header, "aurora-desk")


@pytest.mark.parametrize("header", ["aurora-desk.fritz.box", "Aurora-Desk.Fritz.Box.:8080"])
def test_a_name_of_the_provisioning_file_is_known(header: str) -> None:
    assert is_known_host(header, "aurora-desk", ("aurora-desk.fritz.box",))
    assert not is_known_host(f"x.{header}", "aurora-desk", ("aurora-desk.fritz.box",))


def test_a_box_without_a_name_has_none() -> None:
    for header in ("", ".local", "-2", "-2.local", "-"):
        assert not is_known_host(header, "")
    assert refusal("") == "The box is not known by that name: use its IP address."


@given(st.sampled_from(["aurora-desk", "localhost", "10.4.5.20", "[::1]"]), st.text(max_size=12))
def test_what_is_known_is_a_host_and_a_port_and_leads_to_no_other_place(host: str, more: str) -> None:
    if is_known_host(host + more, "aurora-desk"):
        found = urlsplit(acting_url(host + more, "0.0.0.0:8443"))
        assert "@" not in found.netloc
        assert is_known_host(found.netloc, "aurora-desk")
        assert (found.path, found.query, found.fragment, found.port) == ("/", "", "", 8443)


@given(st.text(max_size=20), st.sampled_from(["", "aurora-desk", "desk-2", LONG]))
def test_a_name_below_a_domain_of_others_is_never_known(label: str, name: str) -> None:
    for header in (f"{label}.evil.example", f"{name}{label}.evil.example", f"{name}.{label}.evil.example"):
        assert not is_known_host(header.replace(":", "").replace("[", ""), name)


@pytest.mark.parametrize(
    ("target", "host", "rest"),
    [
        ("/", None, "/"),
        ("/healthz?x=http://y/", None, "/healthz?x=http://y/"),
        ("*", None, "*"),
        ("http://aurora-desk.local/", "aurora-desk.local", "/"),
        ("HTTP://aurora-desk.local:80/healthz?x", "aurora-desk.local:80", "/healthz?x"),
        ("http://aurora-desk.local", "aurora-desk.local", "/"),
        ("http://aurora-desk.local?x=/", "aurora-desk.local", "/?x=/"),
        ("http://[::1]:80/", "[::1]:80", "/"),
        ("http:///healthz", "", "/healthz"),
        ("http://u@h//x", "u@h", "//x"),
        ("https://aurora-desk.local/", None, "https://aurora-desk.local/"),
    ],
)
def test_a_target_in_absolute_form_names_its_host(target: str, host: str | None, rest: str) -> None:
    assert split_target(target) == (host, rest)
