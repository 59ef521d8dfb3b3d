"""What an installer puts on the boot partition is taken whole and erased there, or refused with every reason."""

import codecs
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from agent.box.setup.active_file import profile_path
from agent.box.setup.boot_files import MOST_ENTRIES
from agent.box.tools.lasting_files import LastingFiles
from agent.handover.notices import MOST_BYTES
from tests.box.setup.taking import BAD_PROFILE, PROFILE, Box, provisioning, undoubted

NEW, OLD = provisioning("new kettle 1212"), provisioning("old kettle 3434")
SITE = provisioning(profile="site.toml")
BAD = NEW.replace(b'timezone = "Europe/Vienna"', b'timezone = "Europe/Wien"')


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture
def working(box: Box) -> Box:
    """A box that has taken OLD at an earlier start."""
    box.put("provisioning.toml", OLD)
    box.start()
    box.paths.result.unlink()
    return box


class Sick(LastingFiles):
    """A disk that fails at the operations of which `on` is a part."""

    def __init__(self, on: str, error: int = 30) -> None:
        def done(operation: str) -> None:
            if on in operation:
                raise OSError(error, "Read-only file system")

        super().__init__(done)


# A good file


def test_a_good_file_becomes_the_active_one_byte_for_byte(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start()
    assert box.kept == {"provisioning.toml": NEW}


def test_only_root_may_read_the_active_file(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (box.paths.active, box.paths.provisioning)]
    assert modes == [0o600, 0o700]


def test_a_folder_that_is_open_to_others_is_closed(box: Box) -> None:
    box.paths.provisioning.mkdir(mode=0o755)
    box.put("provisioning.toml", NEW)
    box.start()
    assert stat.S_IMODE(box.paths.provisioning.stat().st_mode) == 0o700


def test_of_a_taken_file_only_the_result_stays_on_the_boot_partition(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start()
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_the_copy_is_overwritten_to_the_end_of_its_block_before_it_goes(box: Box) -> None:
    path = box.put("provisioning.toml", NEW)
    with path.open("rb") as file:
        box.start()
        left = file.read()
    assert set(left) == {0}
    assert len(left) % 512 == 0
    assert len(left) >= len(NEW)


def test_the_file_before_stays_beside_it_for_root_alone(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    working.start()
    assert working.kept == {"provisioning.toml": NEW, "previous.toml": OLD}
    assert stat.S_IMODE(working.paths.previous.stat().st_mode) == 0o600


def test_the_bytes_of_the_file_before_that_are_overwritten(working: Box) -> None:
    with working.paths.active.open("rb") as file:
        for password in ("new kettle 1212", "newest kettle 3434"):
            working.put("provisioning.toml", provisioning(password))
            working.start()
            working.confirm()
        assert set(file.read()) == {0}
    assert working.kept["previous.toml"] == NEW


def test_a_secret_is_nowhere_but_in_the_kept_files_and_the_credential_store(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    working.start()
    working.apply()
    assert working.holding(b"old kettle 3434") == {"previous.toml"}
    assert working.holding(b"new kettle 1212") == {"provisioning.toml"}
    assert not (working.paths.boot / "provisioning.toml").exists()


def test_the_result_tells_what_the_box_does_now(box: Box) -> None:
    box.put("provisioning.toml", undoubted())
    box.start()
    assert box.result.startswith("taken")
    assert "Night Porter 0.2.0" in box.result
    assert "aurora-desk, time zone Europe/Vienna, address 10.4.5.20/24" in box.result
    assert "Doubtful" not in box.result


def test_a_box_that_does_not_know_its_version_takes_files_too(box: Box) -> None:
    box.paths.release.unlink()
    box.put("provisioning.toml", NEW)
    box.start()
    assert "Night Porter unknown" in box.result


def test_the_result_is_for_windows(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start()
    assert box.result.endswith("\r\n")
    assert "\n" not in box.result.replace("\r\n", "")


def test_the_result_and_the_steps_tell_the_warnings(box: Box) -> None:
    box.put("provisioning.toml", NEW.replace(b"allow_unconfirmed = false", b"allow_unconfirmed = true"))
    box.start()
    line = NEW.partition(b"allow_unconfirmed")[0].count(b"\n") + 1
    assert f"warning  line {line}, coder_bridge.allow_unconfirmed" in box.result
    assert f"warning line {line}, coder_bridge.allow_unconfirmed" in box.steps


def test_a_good_file_is_shown_as_it_is_taken(box: Box) -> None:
    box.put("provisioning.toml", undoubted())
    box.start()
    words = ("checking it", "it is good", "is erased")
    assert [any(word in line for word in words) for line in box.steps.splitlines()] == [True] * 3
    assert box.notices == ()


def test_the_boot_partition_is_writable_for_the_writing_alone(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start()
    boot = str(box.paths.boot)
    rw, ro = ("mount", "-o", "remount,rw", boot), ("mount", "-o", "remount,ro", boot)
    assert box.programs.ran == [rw, ("fstrim", boot), ro]


def test_a_card_that_cannot_drop_what_is_free_is_no_trouble(box: Box) -> None:
    box.programs.fails = lambda argv: argv[0] == "fstrim"
    box.put("provisioning.toml", NEW)
    box.start()
    assert box.notices == ()
    assert "is erased" in box.steps


def test_pieces_that_a_check_has_saved_are_overwritten_and_removed(box: Box) -> None:
    seen: dict[str, bytes] = {}

    class Watched(LastingFiles):
        def remove(self, path: Path) -> None:
            seen[path.name] = path.read_bytes()
            super().remove(path)

    box.put("FSCK0000.REC", NEW[:700])
    box.put("fsck0001.rec", b"x" * 5000)
    box.put("FSCK.REC", b"an installer's own")
    box.start(Watched())
    assert list(box.on_boot) == ["FSCK.REC"]
    assert set(seen) == {"FSCK0000.REC", "fsck0001.rec"}
    assert not any(any(content) for content in seen.values())


def test_pieces_that_cannot_be_erased_are_said_and_stop_nothing(box: Box) -> None:
    box.put("FSCK0000.REC", b"pieces")
    box.put("provisioning.toml", NEW)
    box.start(Sick("overwrite FSCK0000.REC"))
    [notice] = box.notices
    assert notice.code == "E-TAKE-LEFT"
    assert "MAY HOLD PASSWORDS: FSCK0000.REC cannot be erased (read-only file system)" in notice.text
    assert "MAY HOLD PASSWORDS" in box.steps
    assert box.kept == {"provisioning.toml": NEW}
    box.start()
    assert box.notices == ()
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_pieces_on_a_boot_partition_that_stays_writable_are_gone_all_the_same(box: Box) -> None:
    box.programs.fails = lambda argv: "remount,ro" in argv
    box.put("FSCK0000.REC", b"pieces")
    box.start()
    assert box.notices == ()
    assert "cannot be written as it should" in box.steps
    assert list(box.on_boot) == []


def test_a_start_that_finds_no_pieces_does_not_write(working: Box) -> None:
    working.start()
    before = working.on_boot
    working.start()
    assert not working.has_written_boot
    assert working.on_boot == before


def test_the_file_that_the_box_has_already_is_erased_too(working: Box) -> None:
    working.put("provisioning.toml", OLD)
    working.start()
    assert list(working.on_boot) == ["provisioning-result.txt"]
    assert working.kept == {"provisioning.toml": OLD}
    assert working.result.startswith("taken")


@pytest.mark.parametrize("name", ["provisioning.toml.txt", "PROVISIONING.TOML", "Provisioning.toml.TXT"])
def test_the_names_that_windows_makes_of_it_are_taken_as_well(box: Box, name: str) -> None:
    box.put(name, NEW)
    box.start()
    assert box.kept == {"provisioning.toml": NEW}
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_a_file_with_the_mark_of_notepad_at_its_beginning_is_taken_as_it_is(box: Box) -> None:
    box.put("provisioning.toml", codecs.BOM_UTF8 + NEW.replace(b"\n", b"\r\n"))
    box.start()
    assert box.kept == {"provisioning.toml": codecs.BOM_UTF8 + NEW.replace(b"\n", b"\r\n")}


# A bad file


def test_a_bad_file_stays_and_the_active_one_too(working: Box) -> None:
    working.put("provisioning.toml", BAD)
    working.start()
    assert working.on_boot["provisioning.toml"] == BAD
    assert working.kept == {"provisioning.toml": OLD}


def test_the_reasons_are_in_result_steps_and_notice(working: Box) -> None:
    working.put("provisioning.toml", BAD)
    working.start()
    [notice] = working.notices
    assert notice.code == "E-TAKE-REFUSED"
    for words in (working.result, working.steps, notice.text):
        assert "box.timezone" in words
        assert 'Write "Europe/Vienna"' in words
        assert "?." not in words
    assert working.result.startswith("refused")
    assert "goes on with the one that it took before" in working.result


def test_on_a_box_without_a_file_a_refusal_says_that_there_is_no_other(box: Box) -> None:
    box.put("provisioning.toml", BAD)
    box.start()
    assert "It has no other yet" in box.result
    assert "the box has no other yet" in box.steps
    assert box.kept == {}


def test_no_reason_holds_a_secret(box: Box) -> None:
    box.put("provisioning.toml", BAD)
    box.start()
    box.apply()
    assert box.holding(b"new kettle 1212") == {"provisioning.toml"}
    assert not box.paths.credstore.joinpath("provisioning.toml").exists()


def test_a_hundred_mistakes_are_no_notice_that_nobody_can_read(box: Box) -> None:
    doors = "".join(f'"N{number}" = {{ rom = "{"x" * 150}" }}\n' for number in range(120))
    box.put("provisioning.toml", provisioning(more="").replace(b"[[printers]]", f"{doors}[[printers]]".encode()))
    box.start()
    [notice] = box.notices
    assert "more are in provisioning-result.txt" in notice.text
    assert len(notice.text.encode()) < MOST_BYTES / 2
    assert box.result.count("error") == 100


def test_the_same_refusal_is_not_written_again(box: Box) -> None:
    box.put("provisioning.toml", BAD)
    box.start()
    assert box.has_written_boot
    box.start()
    assert not box.has_written_boot


def test_another_refusal_is_written(box: Box) -> None:
    box.put("provisioning.toml", BAD)
    box.start()
    box.put("provisioning.toml", b"")
    box.start()
    assert "is empty" in box.result
    assert "Wien" not in box.result


def test_a_good_file_after_a_bad_one_is_taken(box: Box) -> None:
    box.put("provisioning.toml", BAD)
    box.start()
    box.put("provisioning.toml", NEW)
    box.start()
    assert box.kept == {"provisioning.toml": NEW}
    assert box.result.startswith("taken")
    assert box.notices == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (bytes(4096), "nothing but zeros"),
        (codecs.BOM_UTF16_LE + NEW.decode().encode("utf-16-le"), 'UTF-16, which Notepad calls "Unicode"'),
        (codecs.BOM_UTF16_BE + NEW.decode().encode("utf-16-be"), "the encoding UTF-8"),
        (NEW.replace(b"aurora-desk", "zur schönen-aussicht".encode("cp1252")), "is not UTF-8"),
        (b"#" * (256 * 1024 + 1), "larger than 256 KB"),
        (NEW.replace(b"format = 1 ", b"format = 2 "), "format"),
        (
            provisioning(more='[page]\nlisten = "aurora.local:80"\n'),
            "page.listen: does not begin with an IP address",
        ),
        (
            NEW.replace(b'dns = ["10.4.5.1"]', b'dns = ["fe80::1%eth0"]'),
            "network.dns, the 1st: names a network card",
        ),
    ],
)
def test_what_is_no_usable_file_is_said_in_words_for_an_installer(box: Box, content: bytes, words: str) -> None:
    box.put("provisioning.toml", content)
    box.start()
    assert words in box.result
    assert words in box.steps
    assert words in box.notices[0].text
    assert box.kept == {}


def test_a_folder_of_that_name_is_refused(box: Box) -> None:
    (box.paths.boot / "provisioning.toml").mkdir()
    box.start()
    assert "provisioning.toml is a folder" in box.result


def test_two_files_of_which_one_is_meant_are_refused_and_stay(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.put("provisioning.toml.txt", OLD)
    box.start()
    assert "there are provisioning.toml and provisioning.toml.txt" in box.result
    assert len(box.on_boot) == 3
    assert box.kept == {}


def test_a_result_that_cannot_be_written_is_a_step_and_the_notice_has_the_reasons(box: Box) -> None:
    box.programs.fails = lambda argv: "remount,rw" in argv
    box.put("provisioning.toml", BAD)
    box.start()
    assert "provisioning-result.txt cannot be written (mount: the disk is write-protected)" in box.steps
    assert "box.timezone" in box.notices[0].text


def test_a_file_that_the_card_does_not_give_back_is_refused(box: Box) -> None:
    (box.paths.boot / "provisioning.toml").symlink_to("/proc/self/mem")  # of which not a byte can be read
    box.start()
    assert "provisioning.toml cannot be read (input/output error)" in box.result


def test_a_profile_that_the_card_does_not_give_back_refuses_the_file(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    (box.paths.boot / "site.toml").symlink_to("/proc/self/mem")
    box.start()
    assert '"site.toml" cannot be read (input/output error). Copy the file again' in box.result


# Another name


@pytest.mark.parametrize(
    "name", ["provisioning (1).toml", "provisioning.txt", "hotel/provisioning.toml", "aurora.toml"]
)
def test_a_file_under_another_name_is_named_everywhere_with_the_name_that_is_wanted(box: Box, name: str) -> None:
    box.put(name, NEW)
    box.start()
    [notice] = box.notices
    assert notice.code == "E-TAKE-NAME"
    for words in (box.result, box.steps, notice.text):
        assert name in words
        assert "the name provisioning.toml" in words
        assert "new kettle 1212" not in words
    assert box.result.startswith("not taken")
    assert box.on_boot[name] == NEW
    assert box.kept == {}


def test_every_file_that_may_be_meant_is_in_the_result_and_the_first_ones_are_on_the_page(box: Box) -> None:
    names = [f"provisioning ({number}).toml" for number in range(10, 22)]
    for name in names:
        box.put(name, b"")
    box.start()
    assert all(name in box.result for name in names)
    assert "and 4 more" in box.notices[0].text


def test_a_backup_that_is_all_there_is_may_be_what_was_meant(box: Box) -> None:
    box.put("provisioning.toml.bak", NEW)
    box.put("._provisioning.toml", b"\x00\x05\x16\x07")
    box.start()
    assert "provisioning.toml.bak" in box.result
    assert "._provisioning.toml" not in box.result
    assert "provisioning.toml.bak" in box.on_boot


def test_the_same_wrong_name_is_not_written_again_and_the_right_one_ends_it(box: Box) -> None:
    box.put("provisioning (1).toml", NEW)
    box.start()
    box.start()
    assert not box.has_written_boot
    (box.paths.boot / "provisioning (1).toml").rename(box.paths.boot / "provisioning.toml")
    box.start()
    assert box.notices == ()
    assert box.result.startswith("taken")


def test_a_wrong_name_that_is_gone_is_over(box: Box) -> None:
    box.put("provisioning (1).toml", NEW).unlink()
    box.put("provisioning (1).toml", NEW)
    box.start()
    (box.paths.boot / "provisioning (1).toml").unlink()
    box.start()
    assert (box.on_boot, box.notices) == ({}, ())


def test_a_wrong_name_is_told_too_where_this_version_refuses_the_file_that_the_box_has(working: Box) -> None:
    working.paths.active.write_bytes(BAD)
    working.put("provisioning (1).toml", NEW)
    working.start()
    assert working.notices[0].code == "E-TAKE-NAME"


# Copies and backups


@pytest.fixture
def littered(box: Box) -> Box:
    """A boot partition on which a laptop has left more than the file."""
    box.put("provisioning.toml", NEW)
    for name in ("provisioning (1).toml", ".Trashes/501/provisioning.toml", "aurora.txt"):
        box.put(name, NEW)
    for name in ("provisioning.toml~", ".provisioning.toml.swp", "._provisioning.toml"):
        box.put(name, b"x" + NEW[:600])
    return box


def test_copies_and_backups_of_a_taken_file_are_erased_like_the_file_itself(littered: Box) -> None:
    with ExitStack() as stack:
        paths = [path for path in littered.paths.boot.rglob("*") if path.is_file()]
        copies = [stack.enter_context(path.open("rb")) for path in paths]
        littered.start()
        assert [set(copy.read()) for copy in copies] == [{0}] * 7
    assert list(littered.on_boot) == ["provisioning-result.txt"]
    assert "copies and backups of it on the boot partition are erased too: .Trashes/501/" in littered.steps
    assert littered.notices == ()
    assert littered.holding(b"new kettle 1212") == {"provisioning.toml"}


def test_copies_and_backups_of_a_refused_file_stay(littered: Box) -> None:
    littered.put("provisioning.toml", BAD)
    before = littered.on_boot
    littered.start()
    assert {name: text for name, text in littered.on_boot.items() if name != "provisioning-result.txt"} == before


def test_a_copy_that_comes_later_is_erased_at_the_next_start(working: Box) -> None:
    working.put("provisioning (1).toml", OLD)
    working.start()
    assert list(working.on_boot) == ["provisioning-result.txt"]
    assert working.notices == ()


def test_a_copy_of_any_file_that_the_box_has_taken_before_is_erased(working: Box) -> None:
    for password in ("second kettle 22", "third kettle 33"):
        working.put("provisioning.toml", provisioning(password))
        working.start()
    working.put("provisioning-old.toml", OLD)
    working.start()
    assert list(working.on_boot) == ["provisioning-result.txt"]


def test_another_file_with_passwords_is_named_on_page_and_in_the_result_until_it_is_gone(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    other = working.put("provisioning (1).toml", provisioning("other kettle 5656"))
    working.put("notes.txt", b"the password is new kettle 1212")
    for _ in range(2):  # at the start that takes the file, and at each one after it
        working.start()
        working.confirm()
        [notice] = working.notices
        assert notice.code == "E-TAKE-LEFT"
        for words in (working.result, working.steps, notice.text):
            assert "notes.txt" in words
            assert "provisioning (1).toml" in words
        assert other.exists()
    assert not working.has_written_boot
    other.unlink()
    (working.paths.boot / "notes.txt").unlink()
    working.start()
    assert working.notices == ()
    assert "notes.txt" not in working.result


def test_a_copy_that_cannot_be_erased_is_named_and_tried_again(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    working.put("provisioning (1).toml", NEW)
    working.start(Sick("overwrite provisioning (1).toml"))
    working.confirm()
    [notice] = working.notices
    assert notice.code == "E-TAKE-LEFT"
    assert "provisioning (1).toml IS STILL on the boot partition, WITH ITS PASSWORDS" in notice.text
    working.start()
    assert list(working.on_boot) == ["provisioning-result.txt"]
    assert working.notices == ()


def test_all_that_cannot_be_erased_is_named_at_once(littered: Box) -> None:
    littered.programs.fails = lambda argv: "remount,rw" in argv
    littered.start()
    assert "provisioning.toml, .Trashes/501/provisioning.toml" in littered.notices[0].text
    assert "and cannot be erased (mount: the disk is write-protected). Delete them" in littered.notices[0].text


def test_a_box_that_cannot_note_what_it_takes_takes_it_all_the_same(box: Box) -> None:
    box.paths.box.touch()  # where a folder should be
    box.put("provisioning.toml", NEW)
    box.start()
    assert "which one the box has taken cannot be noted" in box.steps
    assert "which ones the box has taken before cannot be read (not a directory)" in box.steps
    assert box.kept == {"provisioning.toml": NEW}
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_a_boot_partition_full_of_other_things_is_said_and_holds_nothing_up(box: Box) -> None:
    for number in range(MOST_ENTRIES):
        box.put(f"DCIM/{number}.jpg", b"")
    box.put("provisioning.toml", NEW)
    box.put("provisioning (1).toml", NEW)
    box.start()
    assert "not all of it was looked at" in box.steps
    assert {"provisioning.toml", "provisioning (1).toml"}.isdisjoint(box.on_boot)


# Nothing there


def test_a_box_without_a_file_says_where_to_put_one(box: Box) -> None:
    box.start()
    assert "no provisioning file yet: put provisioning.toml on the boot partition" in box.steps
    assert box.on_boot == {}
    assert not box.has_written_boot
    assert box.notices == ()


def test_a_start_with_nothing_new_writes_nothing(working: Box) -> None:
    before = working.paths.provisioning.stat().st_mtime_ns
    working.start()
    assert working.programs.ran == []
    assert working.on_boot == {}
    assert working.paths.provisioning.stat().st_mtime_ns == before
    assert "nothing new on the boot partition" in working.steps


def test_the_refusal_of_a_file_that_was_deleted_is_over(working: Box) -> None:
    working.put("provisioning.toml", BAD)
    working.start()
    (working.paths.boot / "provisioning.toml").unlink()
    working.start()
    assert working.result.startswith("taken")
    assert working.notices == ()
    working.start()
    assert not working.has_written_boot


def test_a_result_of_before_a_factory_reset_is_withdrawn(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    working.start()
    for path in working.paths.provisioning.iterdir():
        path.unlink()
    working.start()
    assert working.on_boot == {}


def test_a_result_stays_while_the_data_partition_is_away(working: Box) -> None:
    working.put("provisioning.toml", NEW)
    working.start()
    working.paths.active.unlink()
    working.mount("boot")
    working.start()
    assert working.result.startswith("taken")


def test_an_active_file_that_this_version_refuses_is_shown_with_its_reasons(working: Box) -> None:
    working.paths.active.write_bytes(BAD)
    working.start()
    assert "this version refuses the one that the box has" in working.steps
    assert "box.timezone" in working.steps


def test_an_active_file_that_cannot_be_read_is_replaced_by_a_good_one(box: Box) -> None:
    box.paths.provisioning.mkdir()
    box.paths.active.mkdir()
    box.start()
    assert "the one that the box has cannot be read (is a directory)" in box.steps
    box.paths.active.rmdir()
    box.put("provisioning.toml", NEW)
    box.start()
    assert box.kept == {"provisioning.toml": NEW}


def test_a_boot_partition_that_is_not_mounted_is_said(box: Box) -> None:
    box.mount("data")
    box.start()
    [notice] = box.notices
    assert notice.code == "E-BOX-STORAGE"
    assert "The boot partition cannot be read (it is not mounted)" in notice.text
    box.mount("boot", "data")
    box.start()
    assert box.notices == ()


def test_a_boot_partition_that_cannot_be_listed_is_said(box: Box) -> None:
    box.paths.boot.rmdir()
    box.start()
    assert "The boot partition cannot be read (no such file or directory)" in box.notices[0].text


# A disk that does not take it


def test_without_a_data_partition_a_good_file_is_not_taken_and_stays(box: Box) -> None:
    box.mount("boot")
    box.put("provisioning.toml", NEW)
    box.start()
    [notice] = box.notices
    assert notice.code == "E-TAKE-REFUSED"
    assert "cannot keep it (the data partition is not there)" in notice.text
    assert box.on_boot["provisioning.toml"] == NEW
    assert box.result.startswith("not taken")
    assert not box.paths.provisioning.exists()


@pytest.mark.parametrize(
    "on", ["make provisioning", "open .provisioning", "write .provisioning", "sync .provisioning"]
)
def test_a_data_partition_that_takes_no_writing_keeps_the_file_on_the_boot_partition(box: Box, on: str) -> None:
    box.put("provisioning.toml", NEW)
    box.start(Sick(on))
    assert "cannot keep it (read-only file system)" in box.steps
    assert box.on_boot["provisioning.toml"] == NEW
    assert "provisioning.toml" not in box.kept
    box.start()
    assert box.kept == {"provisioning.toml": NEW}
    assert box.result.startswith("taken")


def test_a_boot_partition_that_takes_no_writing_is_told_loudly(box: Box) -> None:
    box.programs.fails = lambda argv: "remount,rw" in argv
    box.put("provisioning.toml", NEW)
    box.start()
    [notice] = box.notices
    assert notice.code == "E-TAKE-LEFT"
    assert "provisioning.toml IS STILL on the boot partition, WITH ITS PASSWORDS" in notice.text
    assert "WITH ITS PASSWORDS" in box.steps
    assert box.kept == {"provisioning.toml": NEW}


def test_the_copy_is_erased_at_the_first_start_that_can(box: Box) -> None:
    box.programs.fails = lambda argv: "remount,rw" in argv
    box.put("provisioning.toml", NEW)
    box.start()
    box.programs.fails = lambda argv: False
    box.start()
    assert list(box.on_boot) == ["provisioning-result.txt"]
    assert box.notices == ()


def test_a_copy_that_cannot_be_overwritten_is_told_loudly(box: Box) -> None:
    box.put("provisioning.toml", NEW)
    box.start(Sick("overwrite provisioning.toml"))
    assert box.notices[0].code == "E-TAKE-LEFT"


def test_a_boot_partition_that_stays_writable_is_a_step(box: Box) -> None:
    box.programs.fails = lambda argv: "remount,ro" in argv
    box.put("provisioning.toml", NEW)
    box.start()
    assert "cannot be written as it should" in box.steps
    assert box.notices == ()


def test_what_is_left_of_an_older_file_is_erased_or_told(working: Box) -> None:
    left = working.paths.provisioning / ".provisioning.toml.coming"
    left.write_bytes(NEW)
    working.start(Sick("overwrite"))
    assert "what is left of an older one cannot be erased" in working.steps
    working.start()
    assert working.kept == {"provisioning.toml": OLD}


# The site's own profile


def test_the_sites_own_profile_is_taken_along(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", PROFILE)
    box.start()
    assert profile_path(box.paths, SITE).read_bytes() == PROFILE
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_a_changed_file_goes_on_with_the_profile_that_the_box_has(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", PROFILE)
    box.start()
    changed = provisioning("new kettle 1212", profile="site.toml")
    box.put("provisioning.toml", changed)
    box.start()
    assert box.kept == {
        "provisioning.toml": changed,
        profile_path(box.paths, changed).name: PROFILE,
        "previous.toml": SITE,
        profile_path(box.paths, SITE).name: PROFILE,
    }


def test_a_changed_profile_alone_is_taken(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", PROFILE)
    box.start()
    box.put("site.toml", PROFILE + b'name = "two"\n')
    box.start()
    assert profile_path(box.paths, SITE).read_bytes() == PROFILE + b'name = "two"\n'
    assert list(box.on_boot) == ["provisioning-result.txt"]


def test_a_bad_profile_alone_is_refused_and_the_old_one_stays(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", PROFILE)
    box.start()
    box.put("site.toml", BAD_PROFILE)
    box.start()
    assert "site.toml, line 1, base: names no profile" in box.result
    assert box.notices[0].code == "E-TAKE-REFUSED"
    assert profile_path(box.paths, SITE).read_bytes() == PROFILE


def test_a_profile_goes_with_the_last_file_that_names_it(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", PROFILE)
    box.start()
    box.put("provisioning.toml", NEW)
    box.start()
    assert profile_path(box.paths, SITE).name in box.kept  # the way back needs it
    box.confirm()
    box.put("provisioning.toml", OLD)
    box.start()
    assert box.kept == {"provisioning.toml": OLD, "previous.toml": NEW}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("site.toml", 'there is no file "site.toml"'),
        ("/etc/site.toml", "is no plain name of another file"),
        ("sub/site.toml", "is no plain name of another file"),
        ("../site.toml", "is no plain name of another file"),
        ("provisioning.toml", "is no plain name of another file"),
    ],
)
def test_a_profile_that_cannot_be_taken_along_refuses_the_file(box: Box, name: str, words: str) -> None:
    box.put("provisioning.toml", provisioning(profile=name))
    box.start()
    assert words in box.result
    assert box.kept == {}


def test_a_profile_with_mistakes_refuses_the_file(box: Box) -> None:
    box.put("provisioning.toml", SITE)
    box.put("site.toml", BAD_PROFILE)
    box.start()
    assert "error    site.toml, line 1, base: names no profile that ships with the box" in box.result
    assert box.kept == {}


def test_a_profile_written_with_a_dot_is_the_file_beside(box: Box) -> None:
    box.put("provisioning.toml", provisioning(profile="./site.toml"))
    box.put("site.toml", PROFILE)
    box.start()
    assert PROFILE in box.kept.values()
