"""From the page that looks to the one that acts, and back, by values."""

import pytest

from agent.status.crossing import acting_url, looking_url


@pytest.mark.parametrize(
    ("asked", "listens_at", "url"),
    [
        ("desk.local", "0.0.0.0:443", "https://desk.local/"),
        ("desk.local:8080", "0.0.0.0:8443", "https://desk.local:8443/"),
        ("[fe80::1]:8080", "[::]:443", "https://[fe80::1]/"),
        ("[fe80::1]", "[::]:8443", "https://[fe80::1]:8443/"),
        ("desk.local", "10.4.5.20:443", "https://10.4.5.20/"),
        ("desk.local", "", ""),
    ],
)
def test_a_reader_stays_with_the_name_that_they_asked_for_where_the_page_is_everywhere(
    asked: str, listens_at: str, url: str
) -> None:
    assert acting_url(asked, listens_at) == url


def test_the_way_back_is_without_tls() -> None:
    assert looking_url("desk.local", "0.0.0.0:80") == "http://desk.local/"
    assert looking_url("desk.local:8443", "127.0.0.1:8080") == "http://127.0.0.1:8080/"
