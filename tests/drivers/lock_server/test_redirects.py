"""Redirects: where to, in words that can be shown, and when a server surely did nothing itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.drivers.lock_server.redirects import Moved, Redirected, moved, words

KEY = "http://10.4.5.6:7331/mst/enc/pms/cikey"
REDIRECTS = (301, 302, 303, 307, 308)


@pytest.mark.parametrize("status", [200, 204, 300, 304, 305, 400, 500])
def test_every_other_status_sends_nobody_on(status: int) -> None:
    assert moved(status, "https://10.4.5.6/mst/enc/pms/cikey", KEY) is None


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    ("location", "server"),
    [
        ("https://10.4.5.6:7331/mst/enc/pms/cikey", "https://10.4.5.6:7331"),
        ("https://10.4.5.6/mst/enc/pms/cikey", "https://10.4.5.6:443"),
        ("http://10.4.5.6/mst/enc/pms/cikey", "http://10.4.5.6:80"),
        ("//other/mst/enc/pms/cikey", "http://other:80"),
        ("HTTPS://PC-7:8443/mst/enc/pms/cikey", "https://pc-7:8443"),
        ("https://[fe80::1]:7333/mst/enc/pms/cikey", "https://[fe80::1]:7333"),
        ("https://user:secret@pc-7:7333/mst/enc/pms/cikey", "https://pc-7:7333"),
    ],
)
def test_a_server_that_wants_the_same_request_elsewhere_did_nothing_itself(
    status: int, location: str, server: str
) -> None:
    assert moved(status, location, KEY) == Moved(server, True)


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize(
    "location",
    [
        "/mst/enc/pms/cikey",
        KEY,
        "/login",
        "https://10.4.5.6:7331/done",
        "https://10.4.5.6:7331/mst/enc/pms/cikey?done=1",
        "https://10.4.5.6:7331/mst/enc/pms/cikey/",
        "",
    ],
)
def test_other_redirects_may_follow_a_card(status: int, location: str) -> None:
    seen = moved(status, location, KEY)
    assert seen is not None
    assert not seen.is_untouched


def test_who_is_told_to_see_another_page_may_have_been_served() -> None:
    assert moved(303, "https://10.4.5.6/mst/enc/pms/cikey", KEY) == Moved("https://10.4.5.6:443", False)


@pytest.mark.parametrize("location", ["http://[::1", "https://x:port/", "https://x:99999/", "mailto:x", "http://"])
def test_a_place_that_is_none_is_still_a_redirect(location: str) -> None:
    seen = moved(301, location, KEY)
    assert seen is not None
    assert (seen.is_untouched, "elsewhere" in words(seen) or "10.4.5.6" in words(seen)) == (False, True)


@given(st.sampled_from(REDIRECTS), st.text(max_size=60))
def test_whatever_a_location_says_it_ends_in_plain_words(status: int, location: str) -> None:
    seen = moved(status, location, KEY)
    assert seen is not None
    assert str(Redirected(seen)).isprintable()
