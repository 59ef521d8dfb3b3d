"""The root helper over real sockets: what it lets in, what it answers, and that nothing a caller does keeps it."""

import json
import os
import pwd
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.box.helper import helper
from agent.box.helper.caller import Caller, may_ask
from agent.box.helper.effects import Effects
from agent.box.helper.requests import log
from agent.box.helper.requests.update import ToldEffects
from agent.foundation.errors import UserMistake
from agent.handover.helper import (
    MOST_BYTES,
    ConfirmFile,
    ConfirmNetwork,
    Done,
    End,
    FactoryReset,
    Ping,
    ReadLog,
    Reboot,
    Request,
    RestartAgent,
    RollBackFile,
    Said,
    SetNetwork,
    TakeFile,
    Told,
    UndoNetwork,
    Update,
)
from agent.health.kind import Level
from agent.status.snapshot.facts import HopState
from agent.status.snapshot.snapshot import Hop
from board.networkd_apply import NAME
from tests.box.setup.taking import BAD_PROFILE, PROFILE, Box, provisioning

ME = pwd.getpwuid(os.getuid()).pw_name
OLD, NEW = provisioning("old kettle 3434"), provisioning("new kettle 1212")
SITE = provisioning(profile="site.toml")
BAD = NEW.replace(b"Europe/Vienna", b"Europe/Wien")
MEWS = Hop("mews", Level.OK, "Mews answers.", "", HopState.SEEN)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    box = Box(tmp_path)
    box.put("provisioning.toml", OLD)
    box.start()
    box.apply()
    box.programs.ran.clear()
    return box


def answered(effects: Effects, line: bytes) -> list[Told]:
    """All that is told to a caller who sends this and waits."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=_send_all, args=(ours, line))
        sender.start()
        told: list[bytes] = []
        reader = threading.Thread(target=lambda: told.extend(ours.makefile("rb")))
        reader.start()
        helper.answer(theirs, effects)
        theirs.close()
        sender.join()
        reader.join()
    return [msgspec.json.decode(each, type=Said | Done) for each in told]


def ask(box: Box, request: Request) -> tuple[Done, list[str]]:
    effects = Effects(paths=box.paths, run=box.programs, page=lambda: (MEWS,), user=ME)
    *said, done = answered(effects, msgspec.json.encode(request) + b"\n")
    assert isinstance(done, Done)
    return done, [each.text for each in said]


def network_file(box: Box) -> str:
    return (box.paths.network / NAME).read_text()


# A provisioning file


def test_a_file_is_taken_and_what_changes_is_said(box: Box) -> None:
    done, said = ask(box, TakeFile(NEW))
    assert (done.end, done.confirm_seconds) == (End.DONE, 120.0)
    assert any("coder_bridge" in line for line in said)
    assert box.kept == {"provisioning.toml": NEW, "previous.toml": OLD}
    assert "kettle" not in " ".join([done.text, *said])


def test_a_look_at_a_file_changes_nothing(box: Box) -> None:
    done, said = ask(box, TakeFile(NEW, is_trial_only=True))
    assert (done.end, done.confirm_seconds) == (End.DONE, None)
    assert said
    assert box.kept == {"provisioning.toml": OLD}
    assert box.programs.ran == []


def test_the_same_file_is_nothing_new(box: Box) -> None:
    done, _ = ask(box, TakeFile(OLD))
    assert "this very file already" in done.text
    assert box.programs.ran == []


def test_a_bad_file_is_refused_with_what_to_write(box: Box) -> None:
    done, _ = ask(box, TakeFile(BAD))
    assert done.end is End.REFUSED
    assert "Europe/Vienna" in done.text
    assert box.kept == {"provisioning.toml": OLD}


@pytest.mark.parametrize(
    ("text", "profile", "end"),
    [
        (SITE, PROFILE, End.DONE),
        (SITE, None, End.REFUSED),
        (SITE, BAD_PROFILE, End.REFUSED),
        (NEW, PROFILE, End.REFUSED),
    ],
)
def test_a_sites_own_profile_comes_along_with_the_file_that_names_it(
    box: Box, text: bytes, profile: bytes | None, end: End
) -> None:
    assert ask(box, TakeFile(text, profile))[0].end is end


def test_a_file_on_trial_can_be_confirmed_once(box: Box) -> None:
    ask(box, TakeFile(NEW))
    assert ask(box, ConfirmFile())[0].end is End.DONE
    assert ask(box, ConfirmFile())[0].end is End.REFUSED
    assert box.kept["provisioning.toml"] == NEW


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_the_file_before_can_be_had_back(box: Box, is_confirmed: bool) -> None:
    ask(box, TakeFile(NEW))
    if is_confirmed:
        ask(box, ConfirmFile())
    assert ask(box, RollBackFile())[0].end is End.DONE
    assert box.kept == {"provisioning.toml": OLD}
    assert ask(box, RollBackFile())[0].end is End.REFUSED


# The network


def test_a_network_set_on_site_is_used_at_once_and_undone_by_a_timer(box: Box) -> None:
    done, _ = ask(box, SetNetwork("10.9.9.9/24", "10.9.9.1", ("10.9.9.1",)))
    assert (done.end, done.confirm_seconds) == (End.DONE, 120.0)
    assert "Address=10.9.9.9/24" in network_file(box)
    assert box.programs.ran == [
        ("systemctl", "restart", "nightporter-network-trial.timer"),
        ("networkctl", "reload"),
    ]
    assert ask(box, UndoNetwork())[0].end is End.DONE
    assert "Address=10.4.5.20/24" in network_file(box)
    assert ask(box, UndoNetwork())[0].end is End.REFUSED


def test_a_power_cut_undoes_a_network_that_was_not_confirmed(box: Box) -> None:
    ask(box, SetNetwork("10.9.9.9/24"))
    box.lose_memory()
    box.start()
    box.apply()
    assert "Address=10.4.5.20/24" in network_file(box)
    assert "address 10.4.5.20/24" in box.steps


def test_a_confirmed_network_lasts_and_is_said_at_each_start(box: Box) -> None:
    ask(box, SetNetwork("10.9.9.9/24", "10.9.9.1"))
    assert ask(box, ConfirmNetwork())[0].end is End.DONE
    assert ask(box, ConfirmNetwork())[0].end is End.REFUSED
    box.lose_memory()
    box.start()
    box.apply()
    assert "Address=10.9.9.9/24" in network_file(box)
    assert "The network was set on site: address 10.9.9.9/24, gateway 10.9.9.1." in box.steps
    assert "set on site: address 10.9.9.9/24" in box.paths.summary.read_text()
    assert [notice.code for notice in box.notices] == ["E-BOX-SITE-NETWORK"]


def test_a_file_with_the_same_network_leaves_what_was_set_on_site(box: Box) -> None:
    ask(box, SetNetwork("10.9.9.9/24"))
    ask(box, ConfirmNetwork())
    ask(box, TakeFile(NEW))
    ask(box, ConfirmFile())
    assert "Address=10.9.9.9/24" in network_file(box)


def test_a_file_with_another_network_ends_it_and_its_way_back_brings_it_back(box: Box) -> None:
    ask(box, SetNetwork("10.9.9.9/24"))
    ask(box, ConfirmNetwork())
    other = NEW.replace(b'"10.4.5.20/24"', b'"10.4.5.21/24"')
    ask(box, TakeFile(other))
    assert "Address=10.4.5.21/24" in network_file(box)
    ask(box, RollBackFile())
    assert "Address=10.9.9.9/24" in network_file(box)
    ask(box, TakeFile(other))
    ask(box, ConfirmFile())
    assert not box.paths.site_network.exists()


def test_the_network_of_the_file_can_be_had_back(box: Box) -> None:
    ask(box, SetNetwork("10.9.9.9/24"))
    ask(box, ConfirmNetwork())
    ask(box, SetNetwork(is_as_in_file=True))
    ask(box, ConfirmNetwork())
    assert "Address=10.4.5.20/24" in network_file(box)
    assert not box.paths.site_network.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        SetNetwork("10.9.9.9"),
        SetNetwork("10.9.9.9/24", "10.8.8.1"),
        SetNetwork(None, "10.9.9.1"),
        SetNetwork("10.9.9.9/24\nDNS=6.6.6.6"),
        SetNetwork("10.9.9.9/24", dns=("10.9.9.9",)),
        SetNetwork("10.9.9.9/24", dns=("\x7f",)),
    ],
)
def test_wrong_settings_are_refused_and_nothing_is_changed(box: Box, wrong: SetNetwork) -> None:
    before = network_file(box)
    assert ask(box, wrong)[0].end is End.REFUSED
    assert network_file(box) == before
    assert box.programs.ran == []


def test_a_sick_disk_is_one_sentence_and_no_end_without_a_word(box: Box) -> None:
    box.paths.active.unlink()
    box.paths.active.mkdir()
    done, _ = ask(box, SetNetwork("10.4.5.77/24", "10.4.5.1", ("10.4.5.1",)))
    assert (done.end, done.text) == (
        End.FAILED,
        "The box's disk or memory does not take it (is a directory): see faults.",
    )


def test_without_the_clock_that_undoes_it_no_network_is_set(box: Box) -> None:
    box.programs.fails = lambda argv: argv[0] == "systemctl"
    before = network_file(box)
    assert ask(box, SetNetwork("10.9.9.9/24"))[0].end is End.FAILED
    assert network_file(box) == before


# The box as a whole


def test_a_reboot_is_said_before_it_is_ordered(box: Box) -> None:
    done, said = ask(box, Reboot())
    assert (done.end, len(said)) == (End.DONE, 1)
    assert box.programs.ran == [("systemctl", "reboot")]


def test_the_agent_alone_is_started_again(box: Box) -> None:
    assert ask(box, RestartAgent())[0].end is End.DONE
    assert box.programs.ran == [("systemctl", "restart", "--no-block", "nightporter.service")]
    box.programs.fails = lambda argv: argv[0] == "systemctl"
    assert ask(box, RestartAgent())[0].end is End.FAILED


def test_a_bundle_that_came_through_the_page_is_copied_and_leaves_nothing_behind(box: Box) -> None:
    box.paths.state.mkdir(parents=True, exist_ok=True)
    box.paths.uploaded.write_bytes(b"no bundle")
    done, _ = ask(box, Update(str(box.paths.uploaded)))
    assert "only a box can be updated" in done.text  # this far it came
    assert not box.paths.uploaded.exists()
    assert list(box.paths.update.glob("uploaded*")) == []


def test_a_link_in_the_place_of_a_bundle_is_not_followed(box: Box) -> None:
    box.paths.state.mkdir(parents=True, exist_ok=True)
    box.paths.uploaded.symlink_to("/etc/hostname")
    done, _ = ask(box, Update(str(box.paths.uploaded)))
    assert (done.end, "cannot be copied" in done.text) == (End.FAILED, True)


def test_a_factory_reset_wants_the_boxs_name(box: Box) -> None:
    assert ask(box, FactoryReset("aurora"))[0].end is End.REFUSED
    assert box.programs.ran == []
    assert ask(box, FactoryReset("aurora-desk"))[0].end is End.DONE
    assert (box.paths.boot / "factory-reset").read_bytes() == b""
    assert box.programs.ran[-1] == ("systemctl", "reboot")


def test_a_write_protected_card_takes_no_request_for_a_reset(box: Box) -> None:
    box.programs.fails = lambda argv: argv[0] == "mount"
    assert ask(box, FactoryReset("aurora-desk"))[0].end is End.FAILED
    assert ("systemctl", "reboot") not in box.programs.ran


@pytest.mark.parametrize("source", ["/etc/shadow", "", "ftp://10.4.5.9/x.raucb"])
def test_an_update_comes_from_an_address_alone(box: Box, source: str) -> None:
    assert ask(box, Update(source))[0].end is End.REFUSED


@pytest.mark.parametrize("host", ["", "-c 1", "10.4.5", "; reboot", "a b", "no-such-host.invalid"])
def test_what_is_no_host_is_not_asked(box: Box, host: str) -> None:
    assert ask(box, Ping(host))[0].end is End.REFUSED


@pytest.mark.parametrize(("lines", "follows"), [(40, False), (5, True)])
def test_the_log_is_that_of_the_boxs_own_units(lines: int, follows: bool) -> None:
    words = log.argv(ReadLog(lines, follows))
    assert words[:3] == ("journalctl", "-u", "nightporter*")
    assert ("--follow" in words) is follows
    assert str(lines) in words


@pytest.mark.parametrize("lines", [-1, 1_000_000])
def test_a_log_without_end_is_not_read(box: Box, lines: int) -> None:
    assert ask(box, ReadLog(lines))[0].end is End.REFUSED


def test_lines_are_told_as_they_come_and_the_last_one_without_an_end_too() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        log.tell(("sh", "-c", "echo one; printf two"), Caller(theirs, ME))
        theirs.close()
        told = [json.loads(line)["text"] for line in ours.makefile("rb")]
    assert told == ["one", "two"]


def test_a_log_that_is_followed_ends_when_the_reader_goes() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        log.tell(("sleep", "600"), Caller(theirs, ME))


# Whoever asks


def test_root_and_the_boxs_own_user_may_ask_and_no_other() -> None:
    assert [may_ask(user, "nobody") for user in (0, pwd.getpwnam("nobody").pw_uid, 800)] == [True, True, False]


@given(st.binary(max_size=200))
def test_any_line_has_one_answer(line: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(line.replace(b"\n", b" ") + b"\n")
        with pytest.raises(UserMistake):
            Caller(theirs, ME).request()


@pytest.mark.parametrize(
    ("sent", "closes", "words"),
    [
        (b"", True, "ended before a whole line"),
        (b'{"do": "reboot"', True, "ended before a whole line"),
        (b"", False, "No whole line came within"),
        (b"x" * 1000, False, "No whole line came within"),
    ],
)
def test_half_a_line_and_silence_are_a_mistake(sent: bytes, closes: bool, words: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(sent)
        if closes:
            ours.shutdown(socket.SHUT_WR)
        with pytest.raises(UserMistake, match=words):
            Caller(theirs, ME).request(seconds=0.05)


def test_megabytes_without_an_end_are_a_mistake(box: Box) -> None:
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=_send_all, args=(ours, b"x" * (MOST_BYTES + 100_000)))
    with ours, theirs:
        sender.start()
        with pytest.raises(UserMistake, match="at most 2048 KB"):
            Caller(theirs, ME).request()
        theirs.close()
        sender.join()


def _send_all(line: socket.socket, content: bytes) -> None:
    with suppress(OSError):
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)


def test_telling_one_who_left_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.close()
        caller = Caller(theirs, ME)
        caller.say("one")
        caller.done(End.DONE, "two")
        assert caller.is_gone
        assert caller.has_left()


@pytest.fixture
def started(tmp_path: Path) -> Callable[[bytes], list[dict[str, object]]]:
    """The program itself, with a connection of a real listener on its standard input, as systemd starts it."""

    def ask_program(line: bytes) -> list[dict[str, object]]:
        with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
            listener.bind(str(tmp_path / "helper"))
            listener.listen()
            client.connect(str(tmp_path / "helper"))
            accepted, _ = listener.accept()
            with accepted:
                process = subprocess.Popen([sys.executable, "-m", "agent.box", "helper"], stdin=accepted.fileno())
            client.sendall(line)
            told = [json.loads(each) for each in client.makefile("rb")]
            assert process.wait(30) == 0
        return told

    return ask_program


@pytest.mark.parametrize("line", [b"\n", b'{"do": "dance"}\n', b'{"do": "set-network", "dns": 5}\n'])
def test_the_program_refuses_what_is_no_request_and_ends(
    started: Callable[[bytes], list[dict[str, object]]], line: bytes
) -> None:
    [told] = started(line)
    assert (told["type"], told["end"]) == ("done", "refused")


PINGS = """
import socket
from agent.box.helper.caller import Caller
from agent.box.helper.requests.ping import ping
from agent.handover.helper import Ping
ours, theirs = socket.socketpair()
ping(Ping("{host}"), Caller(theirs))
theirs.close()
print(ours.makefile().read())
"""


@pytest.mark.needs("unshare", "ip", "network name space")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]"])
def test_a_host_that_answers_is_said_to(host: str, tmp_path: Path) -> None:
    (tmp_path / "pings.py").write_text(PINGS.replace("{host}", host))
    prepared = 'echo 0 0 > /proc/sys/net/ipv4/ping_group_range; ip link set lo up; exec "$@"'  # as in the image
    ran = subprocess.run(
        ["unshare", "--net", "sh", "-c", prepared, "sh", sys.executable, str(tmp_path / "pings.py")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "4 of 4 packets were answered." in ran.stdout


def test_a_machine_that_is_no_box_is_not_updated(box: Box) -> None:
    done, _ = ask(box, Update("http://127.0.0.1:9/x.raucb"))
    assert done.end is End.REFUSED
    assert "only a box can be updated" in done.text


def test_the_steps_of_an_update_are_told_to_the_caller_too(box: Box) -> None:
    told: list[str] = []
    ToldEffects(paths=box.paths, tell=told.append).say("Copying: 50 %.")
    assert told == ["Copying: 50 %."]
    assert "update: Copying: 50 %." in box.steps
