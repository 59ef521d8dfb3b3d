"""Every kind of wrong file through every command: a sentence or a list of problems, exit code 2, no traceback."""

import codecs
from pathlib import Path

import pytest

from agent.__main__ import main
from tests.provisioning.text import EXAMPLES, MINIMAL, PASSWORD

TEXT = MINIMAL.encode()
WRONG = {
    **{path.name: path.read_bytes() for path in sorted((EXAMPLES / "invalid").iterdir(), key=str)},
    "truncated in a text": TEXT[: TEXT.index(b"nightporter") + 4],
    "truncated in a section": TEXT[: TEXT.index(b"password")],
    "a byte order mark in the middle": TEXT.replace(b"[mews]", codecs.BOM_UTF8 + b"[mews]"),
    "a byte order mark in a value": TEXT.replace(b"aurora-desk", "aurora\ufeffdesk".encode()),
    "latin-1": TEXT.replace(b"Front desk", "Büro".encode("latin-1")),
    "utf-16": MINIMAL.encode("utf-16"),
    "10 MB": TEXT + b"# filled up\n" * 900_000,
    "10 MB in one line": b"x" * 10_000_000,
    "empty": b"",
    "zeros": bytes(4096),
    "only carriage returns": TEXT.replace(b"\n", b"\r"),
}
COMMANDS = ("check", "explain", "diff-old", "diff-new", "sign", "write", "label")


def words(command: str, wrong: Path, folder: Path) -> list[str]:
    """The command line; what it needs besides is there and good."""
    good, key, boot = folder / "good.toml", folder / "key", folder / "boot"
    good.write_bytes(TEXT)
    key.write_bytes(b"never read")
    boot.mkdir()
    (boot / "provisioning-example.toml").touch()
    more = {
        "diff-old": ["diff", str(wrong), str(good)],
        "diff-new": ["diff", str(good), str(wrong)],
        "sign": ["sign", str(wrong), "--key", str(key)],
        "write": ["write", str(wrong), "--boot", str(boot)],
    }
    return ["provision", *more.get(command, [command, str(wrong)])]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_file_is_told_in_words_by_every_command(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    line = words(command, wrong, tmp_path)
    for name, content in WRONG.items():
        wrong.write_bytes(content)
        assert (name, main(line)) == (name, 2)
        said = capsys.readouterr()
        lines = said.out.splitlines()
        assert lines[-1].startswith(wrong.as_posix()) or any(
            "wrong.toml cannot be used" in each for each in lines
        ), name
        assert "Traceback" not in said.out + said.err
        assert PASSWORD not in said.out + said.err
        assert wrong.read_bytes() == content
    assert [path.name for path in (tmp_path / "boot").iterdir()] == ["provisioning-example.toml"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_not_there_is_one_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(command, tmp_path / "none.toml", tmp_path)) == 2
    assert "There is no file" in capsys.readouterr().out


def test_the_line_ends_of_windows_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(codecs.BOM_UTF8 + TEXT.replace(b"\n", b"\r\n"))
    for command in ("check", "explain"):
        assert main(["provision", command, str(path)]) == 0
