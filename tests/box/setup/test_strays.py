"""What a laptop leaves on the boot partition beside the provisioning file, told apart by name and content."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.box.setup import strays
from agent.box.setup.boot_files import BootFile
from agent.box.setup.known_copies import TakenFiles, digest, is_half_erased, sort_strays
from tests.box.setup.taking import EXAMPLE, PROFILE, provisioning

TAKEN, OTHER = provisioning("new kettle 1212"), provisioning("other kettle 5656")
KNOWN = TakenFiles((TAKEN,))


def listed(names: str) -> list[str]:
    """Names with a bar or the end of a line between them."""
    return [name.strip() for name in names.replace("\n", "|").split("|") if name.strip()]


# Of vim, Emacs, nano, Kate, Notepad++, TextEdit, Finder, Office, rsync; in bins of a Mac, GNOME and Windows.
BACKUPS = listed(
    r"""
    provisioning.toml~ | .provisioning.toml~ | provisioning.toml.~1~ | provisioning.toml.bak
    PROVISIONING.TOML.BAK | provisioning.toml.2026-11-26_120000.bak | provisioning.toml.old
    provisioning.toml.orig | provisioning.toml.save | provisioning.toml.save.1 | provisioning.toml.swp
    .provisioning.toml.swp | .provisioning.toml.swo | .provisioning.toml.un~ | #provisioning.toml#
    .#provisioning.toml | .provisioning.toml.kate-swp | ._provisioning.toml
    provisioning.toml.sb-4c2c8a5f-K3jrhB | ~$provisioning.toml | .~lock.provisioning.toml#
    .provisioning.toml.a1B2c3 | provisioning.bak | provisioning.toml.txt.bak
    .Trashes/501/provisioning.toml | .Trash-1000/files/provisioning.toml | .Trash/provisioning.toml.txt
    $RECYCLE.BIN/S-1-5-21-1/provisioning.toml | .Trashes/501/._provisioning.toml
    """
)
# Not surely ours, and where somebody sees them: perhaps what was meant.
SIMILAR = listed(
    r"""
    provisioning (1).toml | provisioning.toml.toml | provisioning.txt | provisioning.toml.download
    provisioning | provisionning.toml | provisoning.toml | Provisoning.Toml | provisioning - Copy.toml
    provisioning - Kopie.toml | Copy of provisioning.toml | provisioning_final.toml | PROVIS~1.TOM
    provision.toml | aurora-provisioning.toml | provisioning.toml.part | provisioning.json
    provisioning.docx | provisioning.toml.rtf | hotel/provisioning.toml
    """
)
FOREIGN = listed(
    r"""
    README.txt | config.txt | boot.scr | cmdline.txt | EFI/BOOT/BOOTX64.EFI | bcm2711-rpi-4-b.dtb
    start4.elf | factory-reset | site.toml | provisioning-result.txt | provisioning-example.toml
    .fseventsd/fseventsd-uuid | System Volume Information/WPSettings.dat | nightporter-amd64.raucb
    promotion.toml | DCIM/100/IMG_0001.JPG
    """
)


def file(name: str, content: bytes | None = b"") -> BootFile:
    return BootFile(Path("/boot") / name, name, content)


def names(files: list[BootFile]) -> list[str]:
    return [found.name for found in files]


@pytest.mark.parametrize("name", BACKUPS)
def test_a_backup_of_the_file_goes_by_its_name_and_is_nobodys_attempt(name: str) -> None:
    assert names(strays.ours([file(name, bytes(9))], KNOWN.has)) == [name]
    assert strays.attempts([file(name, bytes(9))]) == []


@pytest.mark.parametrize("name", SIMILAR)
def test_a_name_that_is_nearly_right_is_an_attempt_and_not_ours_to_erase(name: str) -> None:
    assert names(strays.attempts([file(name)])) == [name]
    assert strays.ours([file(name, OTHER)], KNOWN.has) == []


@pytest.mark.parametrize("name", FOREIGN)
def test_what_the_image_and_others_put_there_is_left_alone(name: str) -> None:
    found = [file(name, PROFILE)]
    assert (strays.attempts(found), sort_strays(found, KNOWN).ours, sort_strays(found, KNOWN).left) == ([], (), ())


@pytest.mark.parametrize("name", [*SIMILAR, "hotel.toml", "notes", "IMG_0001.JPG", "provisioning-example.toml"])
def test_a_copy_of_a_taken_file_goes_whatever_its_name_is(name: str) -> None:
    older = TakenFiles((), frozenset({digest(TAKEN)}))
    for known in (KNOWN, older):
        assert names(strays.ours([file(name, TAKEN)], known.has)) == [name]


@pytest.mark.parametrize(
    "content",
    [
        OTHER,
        OTHER.replace(b"\n", b"\r\n"),
        codecs.BOM_UTF8 + OTHER,
        codecs.BOM_UTF16_LE + OTHER.decode().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + OTHER.decode().encode("utf-16-be"),
        OTHER + b"this is no TOML [[",
        b'[mews]\naccess_token="ABCDEF-123456"',
        b"[[ coder_bridge.encoders ]]\n[x]\npassword = 'blue'",
    ],
)
def test_another_provisioning_file_is_known_by_its_content_and_left_for_a_person(content: bytes) -> None:
    found = [file("hotel/of/somebody.cfg", content)]
    assert names(strays.attempts(found)) == ["hotel/of/somebody.cfg"]
    assert sort_strays(found, KNOWN).left == ("hotel/of/somebody.cfg",)


@pytest.mark.parametrize("text", ["the password is new kettle 1212!", '{"password": "new kettle 1212"}'])
def test_a_text_that_holds_a_secret_of_the_taken_file_is_left_for_a_person(text: str) -> None:
    for content in (text.encode(), codecs.BOM_UTF16_LE + text.encode("utf-16-le"), b"\x00\xff" + text.encode()):
        assert sort_strays([file("notes.txt", content)], KNOWN).left == ("notes.txt",)


def test_the_shipped_example_is_no_attempt_until_somebody_has_filled_it_in() -> None:
    assert strays.attempts([file("provisioning-example.toml", EXAMPLE)]) == []
    filled = file("provisioning-example.toml", OTHER)
    assert names(strays.attempts([filled])) == ["provisioning-example.toml"]
    assert sort_strays([filled], KNOWN).left == ("provisioning-example.toml",)


def test_no_secret_of_the_present_example_counts_as_one() -> None:
    assert strays.secrets(EXAMPLE) == frozenset()  # a new one goes into PUBLISHED: old cards keep old examples
    assert strays.secrets(TAKEN) == {b"new kettle 1212"}


def test_a_short_secret_stands_in_any_file_by_chance() -> None:
    known = TakenFiles((provisioning("1234"),))
    assert sort_strays([file("config.txt", b"gpio=1234")], known).left == ()


def test_what_was_too_large_to_be_read_is_known_by_its_name_alone() -> None:
    found = [file("provisioning (1).toml", None), file("film.toml", None), file("provisioning.toml~", None)]
    assert names(strays.attempts(found)) == ["provisioning (1).toml"]
    assert sort_strays(found, KNOWN).left == ()
    assert names(list(sort_strays(found, KNOWN).ours)) == ["provisioning.toml~"]


@pytest.mark.parametrize("name", ["hotel-b/provisioning.toml.bak", "hotel-b/provisioning.toml"])
def test_a_file_in_somebodys_own_folder_is_not_erased_for_its_name(name: str) -> None:
    found_strays = sort_strays([file(name, OTHER)], KNOWN)
    assert (found_strays.ours, found_strays.left) == ((), (name,))


@pytest.mark.parametrize(
    "name", ["provisioning.toml", "PROVISIONING.TOML", "provisioning.toml.txt", "FSCK0000.REC"]
)
def test_what_is_offered_and_what_goes_anyway_is_no_stray(name: str) -> None:
    found = [file(name, TAKEN)]
    assert (strays.attempts(found), sort_strays(found, KNOWN).ours, sort_strays(found, KNOWN).left) == ([], (), ())


@given(st.sets(st.integers(0, len(TAKEN) // 512), min_size=1))
def test_a_copy_that_was_being_erased_is_known_by_the_sectors_that_are(erased: set[int]) -> None:
    sectors = [TAKEN[at : at + 512].ljust(512, b"\0") for at in range(0, len(TAKEN), 512)]
    rest = b"".join(bytes(512) if number in erased else sector for number, sector in enumerate(sectors))
    found = file("hotel.toml", rest)
    assert TakenFiles(erasing=frozenset({"hotel.toml"})).has(found)
    assert not KNOWN.has(found)
    assert is_half_erased(rest, TAKEN)


@pytest.mark.parametrize(("name", "content"), [("hotel.toml", b""), ("hotel.toml", OTHER), ("ssh", bytes(4096))])
def test_nothing_else_is_taken_for_what_is_left_of_a_copy(name: str, content: bytes) -> None:
    assert not TakenFiles((TAKEN,), erasing=frozenset({"hotel.toml"})).has(file(name, content))
