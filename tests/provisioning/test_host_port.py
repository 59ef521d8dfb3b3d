"""HOST:PORT taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.host_port import HIGHEST_PORT, host_and_port


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        (" 127.0.0.1:0 ", ("127.0.0.1", 0)),
        ("[::]:8080", ("[::]", 8080)),
        ("localhost:65535", ("localhost", 65535)),
        (":80", ("", 80)),
    ],
)
def test_an_address_has_a_host_and_a_port(text: str, parts: tuple[str, int]) -> None:
    assert host_and_port(text) == parts


@pytest.mark.parametrize(
    "text", ["", "80", "a:", "a:http", "a:65536", "a:-1", "a:+1", "a:" + "9" * 5000, "a:٨٠", "a:8 0"]
)
def test_what_has_no_port_is_none(text: str) -> None:
    assert host_and_port(text) is None


@given(st.text().map(str.strip), st.integers(0, HIGHEST_PORT))
def test_what_is_put_together_comes_apart_again(host: str, port: int) -> None:
    found = host_and_port(f"{host}:{port}")
    assert found == (host, port)
