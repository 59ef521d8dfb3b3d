"""Where the box's own page is, as systemd was told."""

from pathlib import Path

import pytest

from agent.status.own_address import PageAddress, page_address


def told(folder: Path, text: str) -> PageAddress:
    path = folder / "listen.conf"
    path.write_text(text)
    return page_address(path)


def test_without_a_word_it_is_at_the_usual_place(tmp_path: Path) -> None:
    usual = page_address(tmp_path / "none")
    assert usual.from_here == ("127.0.0.1", 80)
    assert usual.url("aurora-desk") == "http://aurora-desk.local/"


@pytest.mark.parametrize(
    ("address", "from_here", "url"),
    [
        ("0.0.0.0:8080", ("127.0.0.1", 8080), "http://desk.local:8080/"),
        ("10.4.5.20:80", ("10.4.5.20", 80), "http://desk.local/"),
        ("[::]:8080", ("::1", 8080), "http://desk.local:8080/"),
        ("127.0.0.1:8080", ("127.0.0.1", 8080), "http://127.0.0.1:8080/"),
        ("[::1]:80", ("::1", 80), "http://[::1]/"),
    ],
)
def test_the_last_address_of_the_drop_in_counts(
    tmp_path: Path, address: str, from_here: tuple[str, int], url: str
) -> None:
    found = told(tmp_path, f"# made\n[Socket]\nListenStream=\nListenStream={address}\nFreeBind=yes\n")
    assert (found.from_here, found.url("desk")) == (from_here, url)


@pytest.mark.parametrize(
    "text", ["", "\x00", "ListenStream=", "ListenStream=80", "ListenStream=x:y", "ListenStream=:1"]
)
def test_what_is_no_address_is_the_usual_place(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == page_address(tmp_path / "none")


def test_a_port_that_is_none_is_the_usual_place(tmp_path: Path) -> None:
    assert told(tmp_path, "ListenStream=0.0.0.0:99999\n").port == 80


def test_what_the_box_tells_systemd_is_understood(tmp_path: Path) -> None:
    from agent.box.setup.derived import derive
    from provisioning.file import content
    from provisioning.read import read

    example = Path(__file__).parents[2] / "provisioning/examples/provisioning.toml"
    text = content(example).replace(b'listen = "0.0.0.0:80"', b'listen = "[::]:8080"')
    provisioning = read(text).provisioning
    assert provisioning is not None
    socket = derive(provisioning).socket
    assert socket is not None
    assert told(tmp_path, socket).from_here == ("::1", 8080)
