"""The mark `needs`: what a test uses of the machine beside Python and a shell. Without it the test is skipped.

Three rules make one mechanism of it. What is missing is said with the package that brings it. A test that runs a
program which it does not name fails, on every machine. With NIGHTPORTER_NO_SKIP=1, as in continuous integration,
no test may be skipped at all, for whatever reason.
"""

import os
import sys
from collections.abc import Generator, Sequence
from shutil import which
from typing import cast

import pytest

from tests.tools import PACKAGES, SHELL, lookup_path, missing

NO_SKIP = "NIGHTPORTER_NO_SKIP"
_named: list[frozenset[str]] = []  # what the test that runs now has named; empty between tests


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and let tests find programs where `missing` looks for them."""
    config.addinivalue_line("markers", "needs(*names): programs and abilities of tests/tools.py")
    os.environ["PATH"] = lookup_path()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Know what the test has named for as long as it and its fixtures run."""
    _named.append(needs_of(item))
    try:
        return (yield)
    finally:
        _named.pop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip before any fixture is made."""
    lacking = missing(needs_of(item))
    if lacking:
        pytest.skip("; ".join(lacking))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where no test may be skipped, a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get(NO_SKIP) == "1":
        report.outcome = "failed"
        report.longrepr = f"{NO_SKIP}=1, and this test was skipped: {_reason(report)}"
    return report


def needs_of(item: pytest.Item) -> frozenset[str]:
    """What the marks of a test name, its own and those of its module."""
    return frozenset(name for mark in item.iter_markers("needs") for name in mark.args)


def unnamed(argv: Sequence[str], named: frozenset[str]) -> list[str]:
    """The programs in a command line that have to be named and are not, also those that no list has yet."""
    first, is_path = os.path.basename(argv[0]), "/" in argv[0]  # noqa: PTH119 - a word, perhaps no path
    if is_path and first not in SHELL | PACKAGES.keys():  # Python itself, or a script of ours
        return []
    words = {word for text in argv for word in text.split()}  # `sh -c` and `unshare` have programs in their words
    strange = set() if is_path or which(first) is None else {first} - SHELL
    return sorted((words & PACKAGES.keys() | strange) - named)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "subprocess.Popen" or not _named:
        return
    argv = cast("Sequence[str | bytes | os.PathLike[str]]", arguments[1])  # by the audit table of Python's docs
    wrong = unnamed([os.fsdecode(word) for word in argv], _named[-1])
    if wrong:
        marks = ", ".join(f'"{name}"' for name in wrong)
        pytest.fail(f"This test runs {marks} without @pytest.mark.needs({marks}): see tests/tools.py.")


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


sys.addaudithook(_watch)
