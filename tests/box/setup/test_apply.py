"""What a start derives from the active file: the system's own programs understand it, and get nothing else."""

import os
import shutil
import stat
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from agent.box.queues.decisions.wanted import read
from agent.box.setup.derived import derive
from agent.box.tools.paths import Paths
from agent.foundation.errors import UserMistake
from provisioning.model import Box as BoxSection
from provisioning.model import Dialect, Mews, Network, Page, Provisioning
from tests.box.setup.taking import EXAMPLE, PROFILE, Box, provisioning
from tests.provisioning.text import QUEUE

IMAGE = Path(__file__).parents[3] / "image" / "root"
SITE = provisioning(profile="site.toml")
DHCP = EXAMPLE.partition(b"[network]")[0] + b"[mews]" + EXAMPLE.partition(b"[mews]")[2]


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def applied(box: Box, content: bytes, **beside: bytes) -> Paths:
    box.put("provisioning.toml", content)
    for name, text in beside.items():
        box.put(f"{name}.toml", text)
    box.start()
    box.programs.ran.clear()
    box.apply()
    return box.paths


def with_page(listen: str) -> bytes:
    return provisioning(more=f'[page]\nlisten = "{listen}"\n')


def network(paths: Paths) -> str:
    return (paths.network / "10-nightporter.network").read_text()


def values(text: str, name: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Secrets


def test_the_credential_store_gets_the_files_own_bytes_for_root_alone(box: Box) -> None:
    paths = applied(box, EXAMPLE)
    assert (paths.credstore / "provisioning.toml").read_bytes() == EXAMPLE
    assert mode(paths.credstore / "provisioning.toml") == 0o400
    assert mode(paths.credstore) == 0o700


def test_the_sites_own_profile_lies_beside_it_under_its_own_name(box: Box) -> None:
    paths = applied(box, SITE, site=PROFILE)
    assert (paths.credstore / "site.toml").read_bytes() == PROFILE


def test_a_profile_that_is_not_used_any_more_leaves_the_store(box: Box) -> None:
    applied(box, SITE, site=PROFILE)
    paths = applied(box, EXAMPLE)
    assert [path.name for path in paths.credstore.iterdir()] == ["provisioning.toml"]


def test_a_profile_that_cannot_be_read_is_told(box: Box) -> None:
    paths = applied(box, SITE, site=PROFILE)
    [profile] = paths.provisioning.glob("profile-*")
    profile.unlink()
    profile.symlink_to("/proc/self/mem")  # a file of which not a byte can be read
    box.apply()
    assert "the site's own profile cannot be read" in box.steps
    assert [path.name for path in paths.credstore.iterdir()] == ["provisioning.toml"]


def test_nothing_but_the_credential_store_gets_a_secret(box: Box) -> None:
    applied(box, provisioning("new kettle 1212"))
    in_run = {path for path in box.folder.rglob("*") if path.is_file() and b"kettle" in path.read_bytes()}
    assert in_run == {box.paths.active, box.paths.credstore / "provisioning.toml"}


def test_what_others_read_is_readable_under_any_umask(box: Box) -> None:
    before = os.umask(0o077)
    try:
        paths = applied(box, with_page("10.4.5.20:8080"))
    finally:
        os.umask(before)
    read = (paths.chrony, paths.nft, paths.avahi, paths.page_socket, paths.summary)
    for path in (*read, paths.network / "10-nightporter.network"):
        assert (mode(path), mode(path.parent)) == (0o644, 0o755)


# The network


def test_a_fixed_address_is_the_only_one(box: Box) -> None:
    text = network(applied(box, EXAMPLE))
    assert values(text, "Type") == ["ether"]
    assert values(text, "Address") == ["10.4.5.20/24"]
    assert values(text, "Gateway") == ["10.4.5.1"]
    assert values(text, "DNS") == ["10.4.5.1"]
    assert values(text, "DHCP") == ["no"]
    assert values(text, "LinkLocalAddressing") == ["ipv6"]


def test_a_fixed_address_needs_no_gateway(box: Box) -> None:
    text = network(applied(box, EXAMPLE.replace(b'gateway = "10.4.5.1"', b"")))
    assert (values(text, "Address"), values(text, "Gateway")) == (["10.4.5.20/24"], [])


@pytest.mark.parametrize("content", [DHCP, None])
def test_without_an_address_dhcp_and_router_advertisements_are_asked(box: Box, content: bytes | None) -> None:
    if content is None:
        box.apply()
        text = network(box.paths)
    else:
        text = network(applied(box, content))
    assert values(text, "DHCP") == ["ipv4"]
    assert values(text, "IPv6AcceptRA") == ["yes"]
    assert values(text, "LinkLocalAddressing") == ["yes"]
    assert values(text, "ClientIdentifier") == ["mac"]
    assert values(text, "DUIDType") == ["link-layer"] * 2
    assert values(text, "UseDNS") == []


def test_name_servers_of_the_file_count_instead_of_the_dhcp_servers(box: Box) -> None:
    text = network(applied(box, DHCP + b'\n[network]\ndns = ["9.9.9.9", "2620:fe::fe"]\n'))
    assert values(text, "DNS") == ["9.9.9.9", "2620:fe::fe"]
    assert values(text, "UseDNS") == ["no"] * 3


def test_the_box_is_asked_by_nobody_but_avahi_for_names(box: Box) -> None:
    text = network(applied(box, EXAMPLE))
    assert (values(text, "LLMNR"), values(text, "MulticastDNS")) == (["no"], ["no"])


def test_the_name_is_the_kernels_and_is_sent_to_the_dhcp_server(box: Box) -> None:
    paths = applied(box, DHCP)
    assert paths.hostname.read_text() == "aurora-desk\n"
    assert values(network(paths), "Hostname") == ["aurora-desk"]


def test_without_a_file_the_name_is_the_products(box: Box) -> None:
    box.apply()
    assert box.paths.hostname.read_text() == "nightporter\n"
    assert "name nightporter, address by DHCP, time zone UTC" in box.steps


# The clock


def test_time_servers_are_written_for_chrony(box: Box) -> None:
    servers = b'ntp = ["10.4.5.1", "[fd00::5]", "de.pool.ntp.org"]'
    paths = applied(box, EXAMPLE.replace(b'ntp = ["pool.ntp.org"]', servers))
    lines = [line for line in paths.chrony.read_text().splitlines() if not line.startswith("#")]
    assert lines == ["server 10.4.5.1 iburst", "server fd00::5 iburst", "pool de.pool.ntp.org iburst"]


def test_without_a_file_the_public_pool_is_asked(box: Box) -> None:
    box.apply()
    assert "pool pool.ntp.org iburst" in box.paths.chrony.read_text()


def test_the_zone_is_the_hotels(box: Box) -> None:
    paths = applied(box, EXAMPLE)
    assert paths.localtime.is_symlink()
    assert paths.localtime.read_bytes()[:4] == b"TZif"
    assert paths.localtime.readlink().parts[-2:] == ("Europe", "Vienna")


def test_without_a_file_the_zone_is_utc(box: Box) -> None:
    box.apply()
    assert box.paths.localtime.readlink().name == "UTC"


def test_another_zone_replaces_the_first(box: Box) -> None:
    box.apply()
    assert applied(box, EXAMPLE).localtime.readlink().name == "Vienna"


# The page's address


def test_the_usual_address_needs_no_drop_in_and_no_reload(box: Box) -> None:
    paths = applied(box, EXAMPLE)
    assert not paths.page_socket.exists()
    assert "redefine page_port = 80\n" in paths.nft.read_text()
    assert box.programs.ran == []


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("10.4.5.20:80", "10.4.5.20:80"),
        ("0.0.0.0:8080", "0.0.0.0:8080"),
        ("[::]:80", "[::]:80"),
        ("[fd00::5]:8080", "[fd00::5]:8080"),
        ("localhost:8080", "127.0.0.1:8080"),
    ],
)
def test_another_address_is_a_drop_in_that_systemd_reads(box: Box, listen: str, address: str) -> None:
    paths = applied(box, with_page(listen))
    assert values(paths.page_socket.read_text(), "ListenStream") == ["", address]
    assert values(paths.page_socket.read_text(), "FreeBind") == ["yes"]
    assert f"redefine page_port = {address.rpartition(':')[2]}\n" in paths.nft.read_text()
    assert box.programs.ran == [("systemctl", "daemon-reload")]


def test_the_firewall_opens_the_port_of_the_page_that_acts_only_where_there_is_one(box: Box) -> None:
    paths = applied(box, with_page("0.0.0.0:80") + b'acting = "0.0.0.0:443"\npassword = "wicker boat 33"\n')
    assert "redefine page_port = { 80, 443 }\n" in paths.nft.read_text()
    assert not paths.page_socket.exists()


def test_the_usual_address_again_takes_the_drop_in_away(box: Box) -> None:
    applied(box, with_page("10.4.5.20:8080"))
    paths = applied(box, EXAMPLE)
    assert not paths.page_socket.exists()
    assert box.programs.ran == [("systemctl", "daemon-reload")]


def test_the_same_address_once_more_is_no_reason_to_reload(box: Box) -> None:
    applied(box, with_page("10.4.5.20:8080"))
    box.programs.ran.clear()
    box.apply()
    assert box.programs.ran == []


def test_a_reload_that_fails_is_told(box: Box) -> None:
    box.programs.fails = lambda argv: argv[0] == "systemctl"
    applied(box, with_page("10.4.5.20:8080"))
    assert "the page stays at its usual address" in box.steps


# mDNS


def test_mdns_tells_type_port_version_and_id(box: Box) -> None:
    box.paths.identity.mkdir()
    box.paths.box_id.write_text("0123456789abcdef\n")
    group = ElementTree.fromstring(applied(box, with_page("0.0.0.0:8080")).avahi.read_bytes())
    services = group.findall("service")
    assert [service.findtext("type") for service in services] == ["_nightporter._tcp", "_http._tcp"]
    assert {service.findtext("port") for service in services} == {"8080"}
    assert [text.text for text in services[0].findall("txt-record")] == ["version=0.2.0", "id=0123456789abcdef"]


def test_a_box_without_an_id_tells_none(box: Box) -> None:
    assert "id=" not in applied(box, EXAMPLE).avahi.read_text()


def test_a_version_cannot_break_out_of_the_xml() -> None:
    text = derive(None, version="<&>", box_id="1").avahi
    assert text is not None
    [record, *_] = [element.text for element in ElementTree.fromstring(text).iter("txt-record")]
    assert record == "version=<&>"


def test_a_page_that_only_the_box_sees_is_not_told(box: Box) -> None:
    applied(box, EXAMPLE)
    assert not applied(box, with_page("127.0.0.1:80")).avahi.exists()


# The summary


def test_the_summary_says_what_the_box_does(box: Box) -> None:
    assert "aurora-desk, time zone Europe/Vienna" in applied(box, EXAMPLE).summary.read_text()


def test_without_a_file_the_summary_says_so(box: Box) -> None:
    box.apply()
    assert box.paths.summary.read_text() == "There is no provisioning file yet.\n"
    assert list(box.paths.credstore.iterdir()) == []


def test_a_file_that_this_version_refuses_is_handed_over_all_the_same(box: Box) -> None:
    bad = EXAMPLE.replace(b"Europe/Vienna", b"Europe/Wien")
    box.paths.provisioning.mkdir()
    box.paths.active.write_bytes(bad)
    box.apply()
    assert (box.paths.credstore / "provisioning.toml").read_bytes() == bad  # the agent says what is wrong with it
    assert "box.timezone" in box.paths.summary.read_text()
    assert values(network(box.paths), "DHCP") == ["ipv4"]


def test_a_file_that_cannot_be_read_is_told(box: Box) -> None:
    box.paths.active.mkdir(parents=True)
    box.apply()
    assert "the provisioning file cannot be read" in box.steps
    assert values(network(box.paths), "DHCP") == ["ipv4"]


def test_a_file_of_a_version_that_could_do_more_is_applied_as_if_there_were_none(box: Box) -> None:
    box.paths.provisioning.mkdir()
    box.paths.active.write_bytes(with_page("aurora.local:80"))
    box.apply()
    assert "address by DHCP" in box.steps


# The queues


def test_the_queues_of_the_file_are_written_for_their_program(box: Box) -> None:
    paths = applied(box, EXAMPLE + QUEUE.encode())
    [queue] = read(paths.queues_wanted.read_bytes())
    assert (queue.name, queue.device) == ("back-office", "socket://10.4.5.31:9100")
    assert mode(paths.queues_wanted) == 0o644


def test_without_a_queue_in_the_file_there_is_nothing_that_starts_cups(box: Box) -> None:
    paths = applied(box, EXAMPLE + QUEUE.encode())
    box.paths.active.write_bytes(EXAMPLE)
    box.apply()
    assert not paths.queues_wanted.exists()


# On principle


@pytest.mark.parametrize(
    "section",
    [
        {"network": Network(address="10.4.5.20/24\nDNS=6.6.6.6")},
        {"network": Network(address="10.4.5.20/24", gateway="10.4.5.1\n")},
        {"network": Network(dns=("9.9.9.9\n[Link]",))},
        {"network": Network(ntp=("pool.ntp.org\nallow",))},
        {"network": Network(ntp=("",))},
        {"box": BoxSection("aurora\n[Match]", "Europe/Vienna")},
        {"box": BoxSection("aurora", "../../etc/shadow")},
        {"page": Page("[fe80::1%eth0]:80")},
    ],
)
def test_no_value_can_add_a_line(section: dict[str, object]) -> None:
    values: dict[str, object] = {
        "format": 1,
        "box": BoxSection("aurora", "Europe/Vienna"),
        "mews": Mews(Dialect.V2016, "https://demo.mews.li"),
    }
    with pytest.raises(UserMistake):
        derive(Provisioning(**(values | section)))  # type: ignore[arg-type]


# The real programs


def said(*argv: str, **environment: str) -> tuple[int, str]:
    ended = subprocess.run(
        argv, capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.needs("nft", "unshare", "network name space")
@pytest.mark.parametrize("listen", ["0.0.0.0:80", "0.0.0.0:8080"])
def test_nft_takes_the_port_into_the_images_rules(box: Box, tmp_path: Path, listen: str) -> None:
    paths = applied(box, with_page(listen))
    rules = (IMAGE / "etc" / "nftables.conf").read_text().replace("/run/nightporter", str(paths.run))
    (tmp_path / "rules").write_text(rules)
    assert said("unshare", "--net", "nft", "--check", "--file", str(tmp_path / "rules")) == (0, "")


@pytest.mark.needs("systemd-analyze")
def test_systemd_takes_the_drop_in(box: Box) -> None:
    paths = applied(box, with_page("10.4.5.20:8080"))
    shutil.copy(IMAGE / "usr" / "lib" / "systemd" / "system" / "nightporter-page.socket", paths.units)
    (paths.units / "nightporter-down.service").write_text("[Service]\nExecStart=/bin/true\nUser=root\n")
    assert "listen.conf" not in doubts(paths)  # an older systemd may doubt keys of the unit itself
    paths.page_socket.write_text("[Socket]\nListenStream=aurora.local:8080\n")
    assert "listen.conf" in doubts(paths)


def doubts(paths: Paths) -> str:
    socket = str(paths.units / "nightporter-page.socket")
    return said("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", socket)[1]


@pytest.mark.needs("xmllint")
def test_the_avahi_file_is_well_formed(box: Box) -> None:
    assert said("xmllint", "--noout", "--nonet", str(applied(box, EXAMPLE).avahi)) == (0, "")
