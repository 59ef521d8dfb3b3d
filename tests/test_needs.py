"""A test whose programs are not here is skipped with the reason, or fails where no test may be skipped."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.needs import NO_SKIP, unnamed
from tests.tools import PACKAGES, missing

HERE = Path(__file__).parents[1]
LACKING = "@pytest.mark.needs('xmllint')\ndef test_it():\n    raise AssertionError('it ran')\n"
REASON = "xmllint is not installed (Debian: libxml2-utils)"


def outcome(folder: Path, test: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and words of pytest for a module with this test in it, on a machine with hardly a program."""
    (folder / "test_one.py").write_text(f"import subprocess\nimport pytest\n{test}")
    words = (sys.executable, "-m", "pytest", "-p", "tests.needs", "-p", "no:cacheprovider", "-rs", str(folder))
    bare = {"PATH": str(folder), **(environment or {})}
    done = subprocess.run(words, cwd=HERE, env=bare, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_test_whose_program_is_missing_is_skipped_with_the_package_that_brings_it(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, LACKING)
    assert (code, "1 skipped" in said) == (0, True)
    assert REASON in said


@pytest.mark.parametrize(
    ("test", "reason"), [(LACKING, REASON), ("def test_it():\n    pytest.skip('not today')\n", "not today")]
)
def test_where_no_test_may_be_skipped_a_skip_is_a_failure_with_its_reason(
    tmp_path: Path, test: str, reason: str
) -> None:
    code, said = outcome(tmp_path, test, {NO_SKIP: "1"})
    assert (code, "skipped:" in said) == (1, True)
    assert reason in said


def test_a_test_that_runs_a_program_without_naming_it_fails_on_every_machine(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, "def test_it():\n    subprocess.run(['strace', 'true'])\n")
    assert 'This test runs "strace" without @pytest.mark.needs("strace")' in said
    assert code == 1


@pytest.mark.parametrize(
    ("argv", "programs"),
    [
        (["nft", "--check"], ["nft"]),
        (["unshare", "--net", "nft", "--check"], ["nft", "unshare"]),
        (["sh", "-ec", "ip link set lo up; mount -t tmpfs x y"], ["ip", "mount"]),
        (["/bin/sh", "-c", "strace true"], ["strace"]),
        (["/usr/sbin/nft", "--check"], []),  # a place of its own: whoever writes it has looked there
        (["ls", "/"], ["ls"]),  # here, and in no list
        (["no-such-program"], []),
        (["sh", "-c", "cat; sleep 1"], []),
        ([sys.executable, "-m", "agent", "mount"], []),
        (["/repository/bin/grub-editenv", "list"], []),  # ours, of the same name
    ],
)
def test_programs_are_seen_wherever_they_stand_in_a_command_line(argv: list[str], programs: list[str]) -> None:
    assert unnamed(argv, frozenset()) == programs
    assert unnamed(argv, frozenset(programs)) == []


def test_a_need_that_no_list_knows_is_a_bug() -> None:
    with pytest.raises(KeyError):
        missing(["no-such-need"])


def test_continuous_integration_is_told_the_packages_that_are_not_here() -> None:
    told = subprocess.run(
        (sys.executable, "-m", "tests.tools"), cwd=HERE, capture_output=True, text=True, check=True
    ).stdout.split()
    assert told == sorted({PACKAGES[program] for program in PACKAGES if missing([program])})
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", package) for package in told)


def test_what_is_found_by_a_test_is_found_by_what_it_runs() -> None:
    assert "/usr/sbin" in os.environ["PATH"].split(":")
