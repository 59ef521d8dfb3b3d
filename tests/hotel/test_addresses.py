"""Addresses on the page have no user, no password and no path."""

import pytest

from agent.hotel.addresses import shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://api.mews.com", "https://api.mews.com"),
        ("https://user:pass@10.0.0.9:8443/secret?token=1", "https://10.0.0.9:8443"),
        ("ipp://[fd00::1]:631/ipp/print", "ipp://[fd00::1]:631"),
        ("no url", ""),
        ("http://[half", ""),
        ("http://host:99999/", ""),
    ],
)
def test_only_scheme_host_and_port_are_shown(url: str, words: str) -> None:
    assert shown(url) == words
