"""The pure parts of the machine harness: partition tables, U-Boot's environment, DHCP, mDNS, terminal text."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import msgspec
import pytest

from agent.drivers.coder_bridge.profile_file import read as read_profile
from agent.drivers.coder_bridge.protocol.profile import Profile, unconfirmed
from agent.drivers.coder_bridge.protocol.words import Slot
from provisioning.read import read
from tests.image.emulator import dhcp, gpt, mdns, uboot_env
from tests.image.emulator.hotel import Hotel, site_profile
from tests.image.emulator.lan import ports
from tests.image.emulator.patience import NeverCame, until
from tests.image.emulator.serial_line import plain
from tests.image.emulator.stray import is_stray
from tests.image.scenarios import catalogue
from tests.image.scenarios.at_rest import listens_at
from tests.image.scenarios.bench import Order
from tests.image.scenarios.first_boot import BAD_FILE
from tests.image.scenarios.record import Record, save
from tests.image.scenarios.record import load as load_results


def table(*parts: tuple[str, int, int]) -> bytes:
    """The head of a disk with these partitions: label, first and last sector."""
    header = b"EFI PART" + bytes(64) + struct.pack("<QII", 2, 128, 128)
    entries = b"".join(
        bytes(range(16))
        + bytes(16)
        + struct.pack("<QQQ", first, last, 0)
        + label.encode("utf-16-le").ljust(72, b"\0")
        for label, first, last in parts
    )
    return bytes(512) + header.ljust(512, b"\0") + entries.ljust(128 * 128, b"\0")


def test_partitions_are_found_by_label_with_their_bytes() -> None:
    found = gpt.read(table(("boot", 2048, 4095), ("data", 4096, 4096)))
    assert found["boot"] == gpt.Partition(1, "boot", 2048 * 512, 2048 * 512)
    assert found["data"].size == 512


def test_a_disk_without_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no GUID partition table"):
        gpt.read(bytes(4096))


def test_a_real_tables_entries_are_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(table(("bootstate", 34, 1057)))
    assert gpt.partitions(disk)["bootstate"].start == 34 * 512


def test_an_environment_comes_back_as_it_was_written() -> None:
    variables = {"BOOT_ORDER": "A B", "extra": "systemd.debug_shell=hvc0"}
    assert uboot_env.read(uboot_env.write(variables)) == variables


def test_an_environments_checksum_covers_all_behind_it() -> None:
    block = uboot_env.write({"a": "b"})
    assert len(block) == 512
    assert struct.unpack_from("<I", block)[0] == zlib.crc32(block[4:])
    assert block[4:9] == b"a=b\0\0"


@pytest.mark.parametrize("block", [bytes(512), b"\xff" * 512, b"", uboot_env.write({"a": "b"})[:-1] + b"x"])
def test_a_block_with_another_checksum_holds_no_variables(block: bytes) -> None:
    assert uboot_env.read(block) == {}


def test_variables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        uboot_env.write({"extra": "x" * 512})


LISTENING = """\
udp UNCONN 0 0    127.0.0.1:323  0.0.0.0:*
udp UNCONN 0 0        [::1]:323     [::]:*
udp UNCONN 0 0  127.0.0.53%lo:53  0.0.0.0:*
tcp LISTEN 0 4096         *:80        *:*
"""


@pytest.mark.parametrize(
    ("port", "places"), [(323, {"127.0.0.1", "::1"}), (53, {"127.0.0.53"}), (80, {"*"}), (22, set())]
)
def test_where_a_port_is_listened_on_is_read_of_ss(port: int, places: set[str]) -> None:
    assert listens_at(LISTENING, port) == places


def message(kind: int) -> bytes:
    """A DHCP client's message."""
    head = struct.pack("!4B", 1, 1, 6, 0) + b"\x12\x34\x56\x78" + bytes(228)
    return head + b"\x63\x82\x53\x63" + bytes([0, 53, 1, kind, 12, 3]) + b"box" + b"\xff"


def test_a_discover_gets_an_offer_and_a_request_gets_the_lease() -> None:
    offer = dhcp.Offer("10.4.5.20", "10.4.5.1")
    for asked, answered in ((1, 2), (3, 5)):
        reply = dhcp.answer(message(asked), offer)
        assert reply is not None
        assert (reply[0], reply[4:8], reply[16:20]) == (2, b"\x12\x34\x56\x78", bytes([10, 4, 5, 20]))
        assert dhcp.options(reply)[53] == bytes([answered])
        assert dhcp.options(reply)[3] == bytes([10, 4, 5, 1])


@pytest.mark.parametrize("asked", [message(7), message(1)[:200], b"", b"\x02" + message(1)[1:]])
def test_what_asks_for_no_address_gets_no_answer(asked: bytes) -> None:
    assert dhcp.answer(asked, dhcp.Offer("10.4.5.20", "10.4.5.1")) is None


def test_options_are_read_over_padding_up_to_the_end() -> None:
    assert dhcp.options(message(1)) == {53: b"\x01", 12: b"box"}


def test_an_mdns_question_is_one_name() -> None:
    asked = mdns.question("aurora-desk.local", "A")
    assert asked[12:] == b"\x0baurora-desk\x05local\x00\x00\x01\x00\x01"


def test_mdns_answers_are_read_with_shortened_names() -> None:
    question = mdns.question("aurora-desk.local", "A")
    head = question[:6] + struct.pack("!3H", 2, 0, 0)
    address = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 10, 4) + bytes([10, 4, 5, 20])
    pointer = b"\xc0\x18" + struct.pack("!HHIH", 12, 1, 10, 5) + b"\x02us\xc0\x0c"
    assert mdns.answers(head + question[12:] + address + pointer) == [
        mdns.Record("aurora-desk.local", 1, "10.4.5.20"),
        mdns.Record("local", 12, "us.aurora-desk.local"),
    ]


@pytest.mark.parametrize(
    "broken", [b"", struct.pack("!6H", 0, 0, 0, 1, 0, 0), bytes(4) + b"\0\1" + bytes(6) + b"\xc0\x0c"]
)
def test_a_broken_mdns_answer_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="mDNS"):
        mdns.answers(broken)


def test_only_ports_that_answered_count() -> None:
    said = "Ports: 80/open/tcp//http///, 5353/open|filtered/udp//zeroconf///, 22/closed/tcp//ssh///"
    assert ports(said) == {"80/tcp": "open http", "22/tcp": "closed ssh"}


def test_terminal_text_loses_its_escape_sequences() -> None:
    assert plain(b"\x1b[6n\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07\x1b(Bplain\x1b7\x1b8\x1b=") == "red\nplain"


def test_waiting_ends_with_the_first_answer() -> None:
    answers = iter([None, 0, "there"])
    assert until(lambda: next(answers), 5.0, "an answer", every=0.0) == "there"


def test_waiting_for_what_never_comes_names_it() -> None:
    with pytest.raises(NeverCame, match="the moon: not within 0 s"):
        until(lambda: None, 0.0, "the moon", every=0.0)


def test_the_hotels_papers_are_good_and_its_bad_file_is_not() -> None:
    assert read(Hotel().file().encode()).provisioning is not None
    assert read(BAD_FILE.encode()).provisioning is None


def test_the_hotels_profile_leaves_nothing_unconfirmed() -> None:
    profile = read_profile("site.toml", site_profile().encode())
    assert isinstance(profile, Profile)
    assert unconfirmed(profile, Slot.GUEST_KEY, areas=True, copies=True) == ()


def test_two_hotels_share_no_secret() -> None:
    assert not set(Hotel().secrets.values()) & set(Hotel().secrets.values())


def test_a_missed_goal_fails_a_scenario_and_is_kept(tmp_path: Path) -> None:
    record = Record("rest", "nothing is written")
    record.measure("written", 5, "bytes", at_most=4)
    record.check(True, "the page is there")
    save([record.result()], tmp_path / "results.json")
    (result,) = load_results(tmp_path / "results.json")
    assert not result.is_good
    assert result.problems == ["written: 5 bytes (goal: <= 4, MISSED)"]


def test_a_journey_that_wrote_nothing_has_no_results(tmp_path: Path) -> None:
    assert load_results(tmp_path / "none.json") == []


def test_every_scenario_has_a_name_of_its_own_and_can_be_asked_for() -> None:
    names = [scenario.name for scenario in catalogue.ALL]
    assert len(names) == len(set(names))
    assert [scenario.name for scenario in catalogue.chosen("amd64", ["rest", "first-boot"])] == [
        "first-boot",
        "rest",
    ]
    assert {"updates", "rest"} <= catalogue.known()


def test_the_second_machine_plays_what_is_asked_of_it_by_default() -> None:
    played = {scenario.journey for scenario in catalogue.chosen("arm64", [])}
    assert played == {"first-boot", "updates", "cuts"}


def test_an_order_survives_the_way_to_its_journey(tmp_path: Path) -> None:
    order = Order("amd64", tmp_path, tmp_path, tmp_path, tmp_path, 1, 7, 2)
    sent = msgspec.json.encode(order, enc_hook=str)
    assert msgspec.json.decode(sent, type=Order, dec_hook=lambda type, value: type(value)) == order


def test_the_list_of_scenarios_is_shown_without_a_machine() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.image", "--list"], check=True, capture_output=True, text=True
    )
    assert "first-boot" in shown.stdout


REGISTERS = "CPU#0\nRBP=0 RSP={0}\nRFL=0 A20=1 SMM=0 HLT={1}\nCPU#1\nRBP=0 RSP={2}\nRFL=0 A20=1 SMM=0 HLT={3}\n"


@pytest.mark.parametrize(
    ("words", "is_so"),
    [
        (("000000001fe8ea80", 0, "000000001fe8ea00", 0), True),
        (("000000001fe8ea80", 0, "000000001f07da00", 0), False),  # a stack of its own
        (("000000001fe8ea80", 0, "000000001fe8ea00", 1), False),  # it waits to be called
    ],
)
def test_a_stray_processor_is_known_by_its_stack(words: tuple[object, ...], is_so: bool) -> None:
    assert is_stray(REGISTERS.format(*words)) is is_so


def test_one_processor_alone_is_never_stray() -> None:
    assert not is_stray("CPU#0\nRSP=000000001fe8ea80 HLT=0\n")


@pytest.fixture
def partitioned(tmp_path: Path) -> Path:
    """A disk with a partition "boot", by sfdisk."""
    disk = tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(8 * 1024 * 1024)
    table = "label: gpt\nstart=2048, size=2048, name=boot\n"
    subprocess.run(["sfdisk", "--quiet", str(disk)], input=table, text=True, check=True, capture_output=True)
    return disk


def damage(disk: Path, *sectors: int) -> None:
    """Change a byte of these sectors; negative ones are counted from the end."""
    content = bytearray(disk.read_bytes())
    for sector in sectors:
        content[sector % (len(content) // gpt.SECTOR) * gpt.SECTOR + 20] ^= 1
    disk.write_bytes(content)


@pytest.mark.needs("sfdisk")
@pytest.mark.parametrize("sectors", [(), (1,), (2,), (-1,), (-33,), (1, 2), (-1, -33)])
def test_one_whole_copy_of_a_partition_table_is_enough(partitioned: Path, sectors: tuple[int, ...]) -> None:
    damage(partitioned, *sectors)
    assert gpt.usable(partitioned)["boot"] == gpt.Partition(1, "boot", 1024 * 1024, 1024 * 1024)


@pytest.mark.needs("sfdisk")
@pytest.mark.parametrize("sectors", [(1, -1), (2, -1), (1, -33), (2, -33)])
def test_two_damaged_copies_of_a_partition_table_are_none(partitioned: Path, sectors: tuple[int, int]) -> None:
    damage(partitioned, *sectors)
    with pytest.raises(ValueError, match="neither copy"):
        gpt.usable(partitioned)
