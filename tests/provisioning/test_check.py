"""`nightporter check` as an installer meets it: text and exit code."""

from pathlib import Path

import pytest

from provisioning.check import check
from provisioning.file import why_not
from tests.provisioning.text import COMPLETE, MINIMAL, QUEUE, TRUSTING, minimal


def written(folder: Path, text: str) -> Path:
    path = folder / "hotel.toml"
    path.write_text(text)
    return path


def test_a_good_file_is_told_what_it_will_do(tmp_path: Path) -> None:
    path = written(tmp_path, COMPLETE)
    assert check(path).text.splitlines() == [
        f"{path} is good.",
        "  box          aurora-desk, time zone Europe/Vienna, address 10.4.5.20/24",
        "  Mews         https://demo.mews.li, dialect 2016, signs in with its connector token, asks every 2 s",
        "  Coder Bridge http://10.4.5.6:7331/mst/enc, active, profile coder-bridge-v2",
        "               calls that the profile does not mark as confirmed are refused",
        "    encoder 1 (Front desk left) cuts for key cutter 1",
        "    encoder 2 (Front desk right) cuts for key cutter 2, 63efb573-fc58-4065-b687-9bdd51568529",
        "  VisiOnline   https://10.4.5.7/api/v1",
        "    encoder BAR1 (Bar) cuts for key cutter 3",
        "  printer      Front Office at ipp://10.4.5.30/ipp/print",
        "  doors        3 listed; any other lock id is the room of that name",
        "  refused      keys after 180 s, prints after 3600 s,",
        "               more than 10 keys in one command",
        "  status page  http, on 0.0.0.0:80",
        "  acts by page none",
        "  serial line  only looks, because it has no code",
    ]


def test_a_good_file_ends_with_exit_code_0(tmp_path: Path) -> None:
    assert check(written(tmp_path, MINIMAL)).exit_code == 0


def test_warnings_alone_leave_the_exit_code_at_0(tmp_path: Path) -> None:
    result = check(written(tmp_path, minimal("active = true", "allow_unconfirmed = true")))
    assert result.exit_code == 0
    assert "hotel.toml is good, with 1 warning." in result.text


def test_an_inactive_bridge_is_pointed_out(tmp_path: Path) -> None:
    assert "NOT ACTIVE" in check(written(tmp_path, minimal("active = true\n"))).text


def test_a_file_for_printing_only_mentions_no_lock(tmp_path: Path) -> None:
    text = MINIMAL.split("[coder_bridge]")[0].replace("connector_token", "access_token")
    text += '[[printers]]\nname = "Bar"\nuri = "socket://10.4.5.9:9100"\n'
    lines = check(written(tmp_path, text)).text.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [
        "box",
        "Mews",
        "printer",
        "doors",
        "refused",
        "more",
        "status",
        "acts",
        "serial",
    ]


def test_a_queue_of_the_box_is_told_with_what_is_behind_it(tmp_path: Path) -> None:
    assert (
        "  printer      Back Office at ipp://127.0.0.1:631/printers/back-office,"
        " a queue of the box itself for socket://10.4.5.31:9100"
    ) in check(written(tmp_path, minimal(add=QUEUE))).text.splitlines()


def test_errors_come_before_warnings_and_are_counted(tmp_path: Path) -> None:
    text = (
        minimal("active = true", "active = true\nallow_unconfirmed = true")
        .replace('identifier = "1"', "identifier = 1")
        .replace('["1"]', "[]")
    )
    lines = check(written(tmp_path, text)).text.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["error", "error", "warning"]
    assert lines[-1].endswith("hotel.toml cannot be used: 2 errors and 1 warning.")


def test_of_very_many_problems_the_first_hundred_are_shown(tmp_path: Path) -> None:
    doors = "".join(f"{at} = 1\n" for at in range(250))
    lines = check(written(tmp_path, minimal(add=f"[doors]\n{doors}"))).text.splitlines()
    assert lines[99].startswith("error    line 123, doors.99:")
    assert lines[100] == "... and 150 more"


def test_a_bad_file_ends_with_exit_code_2(tmp_path: Path) -> None:
    assert check(written(tmp_path, "")).exit_code == 2


def test_no_secret_is_printed_for_a_good_file(tmp_path: Path) -> None:
    text = check(written(tmp_path, COMPLETE)).text
    assert not [secret for secret in ("C66EF7B", "kettle", "teapot") if secret in text]


def test_a_missing_file_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = check(tmp_path / "none.toml")
    assert (result.text, result.exit_code) == (
        f"There is no file {tmp_path}/none.toml: check the name and the folder.",
        2,
    )


def test_a_folder_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = check(tmp_path)
    assert (result.text, result.exit_code) == (f"{tmp_path} is a folder: name the file in it.", 2)


def test_a_file_in_a_file_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = check(written(tmp_path, MINIMAL) / "more.toml")
    assert (result.text.count("\n"), result.exit_code) == (0, 2)
    assert "cannot be read: Not a directory" in result.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), "a.toml may not be read by this user: change its permissions."),
        (OSError(), "a.toml cannot be read: the reason is not known."),
    ],
)
def test_an_unreadable_file_is_one_sentence(error: OSError, sentence: str) -> None:
    assert why_not(Path("a.toml"), error) == sentence


def test_an_endless_file_is_refused_as_too_large() -> None:
    assert "is larger than 256 KB" in check(Path("/dev/zero")).text


def test_who_may_act_and_whose_files_are_taken_is_told_without_a_secret(tmp_path: Path) -> None:
    text = check(written(tmp_path, TRUSTING)).text
    assert text.splitlines()[-3:] == [
        "  acts by page https, on 0.0.0.0:443, with its password",
        "  serial line  acts with its code",
        "  signing      only signed files are taken; this one has number 7",
    ]
    assert "wicker" not in text
    assert "k7mp" not in text


def test_a_file_with_mobile_keys_and_common_areas_says_so(tmp_path: Path) -> None:
    text = COMPLETE.replace("common_areas = []", 'common_areas = ["1", "2"]').replace(
        "mobile = false", "mobile = true"
    )
    told = check(written(tmp_path, text)).text.splitlines()
    assert "    encoder 1 (Front desk left) issues mobile keys for key cutter 1" in told
    assert "               each key for a room opens 1, 2 as well" in told
