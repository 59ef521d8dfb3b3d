"""`nightporter provision ...` as an installer meets it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.__main__ import main
from agent.laptop.signing import verify
from provisioning.read import read
from provisioning.schema import HINT, NAME
from provisioning.signature import why_not_taken
from tests.provisioning.text import MINIMAL, PASSWORD, TRUSTING, minimal


class Said:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, captured: pytest.CaptureFixture[str]) -> None:
        self.code = code
        self.out, self.err = captured.readouterr()


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *words: Said(main(["provision", *map(str, words)]), capsys)


def written(folder: Path, text: str, name: str = "provisioning.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_explain_diff_and_schema_print(run: Run, tmp_path: Path) -> None:
    old, new = written(tmp_path, MINIMAL), written(tmp_path, minimal("aurora-desk", "aurora-bar"), "new.toml")
    assert "  timezone: Europe/Vienna" in run("explain", old).out
    assert run("diff", old, new).out == "The box's name changes from aurora-desk to aurora-bar.\n"
    assert run("diff", old, old).out == "Nothing changes: both files say the same.\n"
    assert run("schema").out.startswith("{")
    assert run("schema", "--out", tmp_path).code == 0
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o644


def test_a_label_is_printed_or_written_for_no_one_else_to_read(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, TRUSTING)
    assert "Console code   k7mp-3xqd" in run("label", path, "--serial", "a1").out
    shown = ":".join(["AB"] * 32)
    assert (
        f"Certificate    {shown[:48]}" in run("label", path, "--fingerprint", f"{shown[:48]}\n {shown[48:]}").out
    )
    wrong = run("label", path, "--fingerprint", "AB:CD")
    assert (wrong.code, "--fingerprint is not a SHA-256 of 64 hex digits. Copy it" in wrong.err) == (2, True)
    said = run("label", path, "--out", tmp_path / "labels")
    files = sorted((tmp_path / "labels").iterdir())
    assert [file.name for file in files] == ["aurora-desk-label.svg", "aurora-desk-label.txt"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert "k7mp" not in said.out


def test_a_key_is_made_once_and_signs(run: Run, tmp_path: Path) -> None:
    said = run("keygen", "--out", tmp_path / "keys")
    private = tmp_path / "keys" / "nightporter-signing.key"
    assert private.stat().st_mode & 0o777 == 0o600
    section = said.out[said.out.index("[signing]") :]
    again = run("keygen", "--out", tmp_path / "keys")
    assert (again.code, "is there already" in again.err) == (2, True)

    path = written(tmp_path, MINIMAL + section)
    assert run("sign", path, "--key", private).code == 0
    assert why_not_taken(path.read_bytes(), read(path.read_bytes()).provisioning.signing, verify).startswith(  # type: ignore[union-attr]
        "The file's number 1 is not above 1"
    )
    assert why_not_taken(path.read_bytes(), None, verify) == ""
    before = path.read_bytes()
    assert run("sign", path, "--key", private).code == 0  # signing again changes nothing
    assert path.read_bytes() == before


def test_signing_by_another_key_than_the_file_names_is_pointed_out(run: Run, tmp_path: Path) -> None:
    run("keygen", "--out", tmp_path)
    path = written(tmp_path, TRUSTING)
    said = run("sign", path, "--key", tmp_path / "nightporter-signing.key", "--out", tmp_path / "signed.toml")
    assert "It names another key than the one that signed it" in said.out
    assert path.read_text() == TRUSTING


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (None, "cannot be read"),
        (b"", "is no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "is no private key"),
        (bytes(100), "is no private key"),
    ],
)
def test_a_key_that_is_none_is_one_sentence(run: Run, tmp_path: Path, key: bytes | None, sentence: str) -> None:
    if key is not None:
        (tmp_path / "key").write_bytes(key)
    said = run("sign", written(tmp_path, TRUSTING), "--key", tmp_path / "key")
    assert (said.code, sentence in said.err) == (2, True)


def test_a_file_without_a_key_in_it_is_not_signed(run: Run, tmp_path: Path) -> None:
    run("keygen", "--out", tmp_path)
    said = run("sign", written(tmp_path, MINIMAL), "--key", tmp_path / "nightporter-signing.key")
    assert (said.code, "has no section [signing]" in said.err) == (2, True)


def boot(folder: Path, mark: str = "provisioning-example.toml", text: str = "") -> Path:
    (folder / "boot").mkdir()
    (folder / "boot" / mark).write_text(text)
    return folder / "boot"


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("provisioning-example.toml", ""),
        ("provisioning-result.txt", ""),
        ("README.txt", "Night Porter\n\n1. Copy"),
    ],
)
def test_a_file_is_put_onto_a_card_with_its_profile(run: Run, tmp_path: Path, mark: str, text: str) -> None:
    profile = b'base = "coder-bridge-v2"\n'
    (tmp_path / "site.toml").write_bytes(profile)
    path = written(tmp_path, minimal("active = true", 'active = true\nprofile = "site.toml"'))
    card = boot(tmp_path, mark, text)
    said = run("write", path, "--boot", card)
    assert (said.code, said.err) == (0, "")
    assert (card / "provisioning.toml").read_bytes() == path.read_bytes()
    assert (card / "site.toml").read_bytes() == profile
    assert sorted(each.name for each in card.iterdir()) == sorted(["provisioning.toml", "site.toml", mark])


def test_a_file_that_brings_a_key_and_is_not_signed_is_pointed_out(run: Run, tmp_path: Path) -> None:
    path, card = written(tmp_path, TRUSTING), boot(tmp_path)
    assert "The box will not take it. The file brings a signing key" in run("write", path, "--boot", card).out
    run("keygen", "--out", tmp_path)
    run("sign", path, "--key", tmp_path / "nightporter-signing.key")
    assert "The box will not take it" not in run("write", path, "--boot", card).out


def test_a_folder_that_is_no_card_is_refused_with_what_is_missing(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL)
    card = boot(tmp_path, "README.txt", "Something else\n")
    said = run("write", path, "--boot", card)
    assert (said.code, "is not the boot partition" in said.err) == (2, True)
    assert not (card / "provisioning.toml").exists()
    assert run("write", path, "--boot", tmp_path / "none").code == 2


def test_a_card_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    card = boot(tmp_path)
    (card / "provisioning.toml").mkdir()  # a folder in the place of the file
    said = run("write", written(tmp_path, MINIMAL), "--boot", card)
    assert (said.code, "cannot be written" in said.err) == (1, True)


def test_without_a_port_send_says_which_there_are(run: Run, tmp_path: Path) -> None:
    said = run("send", written(tmp_path, MINIMAL))
    assert (said.code, said.out.startswith("Write --port and one of this machine's serial ports.")) == (2, True)


def test_a_port_that_is_not_there_is_one_sentence(run: Run, tmp_path: Path) -> None:
    said = run("send", written(tmp_path, MINIMAL), "--port", tmp_path / "ttyNONE")
    assert (said.code, "cannot be opened" in said.err) == (2, True)


def typed(folder: Path, *answers: str, file: str = "hotel.toml") -> subprocess.CompletedProcess[bytes]:
    """`provision new` as a process of its own, whose standard input are the answers."""
    words = [sys.executable, "-m", "agent", "provision", "new", str(folder / file)]
    keys = "".join(f"{answer}\n" for answer in answers).encode("utf-8", "surrogateescape")
    return subprocess.run(words, input=keys, capture_output=True, check=False, env={**os.environ, "TERM": "dumb"})


def test_new_ends_in_a_file_that_check_passes(tmp_path: Path) -> None:
    done = typed(tmp_path, "aurora!", "<", "?", "aurora-desk", "vienna", "", "", "demo", "", "coder-bridge",
                 "http://10.4.5.6", "nightporter", PASSWORD, "Desk", "", "", "", "", "", "", "")  # fmt: skip
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hotel.toml is good" in text
    assert PASSWORD not in text
    file = tmp_path / "hotel.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().startswith(HINT + "\n")
    assert (tmp_path / NAME).is_file()
    assert read(file.read_bytes()).problems == ()


def test_input_that_ends_early_writes_nothing(tmp_path: Path) -> None:
    done = typed(tmp_path, "aurora-desk", "\udcff\udcfe")
    assert done.returncode == 2
    assert b"nothing was written" in done.stderr
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_new_over_a_file_keeps_its_comments(tmp_path: Path) -> None:
    path = written(tmp_path, "# ours\n" + TRUSTING.replace("[mews]", "[mews]  # the demo"), "hotel.toml")
    done = typed(tmp_path, "aurora-bar", *[""] * 30)
    assert (done.returncode, done.stderr) == (0, b"")
    text = path.read_text()
    assert text.startswith("# ours\n")
    assert "[mews]  # the demo" in text
    assert "number = 8" in text
    assert 'name = "aurora-bar"' in text


def test_new_over_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    written(tmp_path, "format = \n", "hotel.toml")
    done = typed(tmp_path, "")
    assert done.returncode == 2
    assert b"The old file cannot be read, so mend it first" in done.stderr


def test_no_other_command_loads_the_laptops_tools() -> None:
    code = "import sys; from agent.__main__ import _parser; _parser(['status']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.startswith(("agent.laptop", "tomlkit", "segno"))]
