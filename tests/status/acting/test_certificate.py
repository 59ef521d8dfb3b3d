"""The certificate of the page that acts: made once, whole, and made again where it is not."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from agent.foundation.errors import NightPorterError
from agent.status.acting import certificate

pytestmark = pytest.mark.needs("openssl")
NAMES = ("aurora", "desk.example")


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    text = path.read_bytes()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert certificate.ensure(tmp_path, NAMES).read_bytes() == text
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_it_is_for_the_names_of_the_box_and_valid_whatever_the_clock_says(tmp_path: Path) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    found = x509.load_pem_x509_certificate(path.read_bytes())
    assert found.not_valid_before_utc == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.not_valid_after_utc >= datetime(2036, 1, 1, tzinfo=UTC)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"aurora", "aurora.local", "localhost", "desk.example"}
    assert found.subject.rfc4514_string() == "CN=aurora"
    assert certificate.last_day(path) == found.not_valid_after_utc
    assert certificate.last_day(tmp_path / "none") is None


def test_it_is_made_again_for_other_names_and_when_it_runs_out_and_says_why(tmp_path: Path) -> None:
    said: list[str] = []
    path = certificate.ensure(tmp_path, NAMES, made=said.append)
    certificate.ensure(tmp_path, NAMES, made=said.append)
    certificate.ensure(tmp_path, ("aurora", "other.example"), made=said.append)
    certificate.ensure(tmp_path, ("aurora", "other.example"), today=date(2060, 1, 1), made=said.append)
    certificate.ensure(tmp_path, ("aurora", "other.example"), today=date(2060, 1, 1), made=said.append)
    path.write_bytes(path.read_bytes().partition(b"\n")[2])  # as one that says nothing of itself
    certificate.ensure(tmp_path, ("aurora", "other.example"), made=said.append)
    others = "the names of the box are others"
    assert said == ["there was none", others, "the one before runs out", others]
    assert certificate.is_usable(path)


@pytest.mark.parametrize("year", [1970, 2026, 2039, 2045, 2060])
def test_it_is_made_again_a_day_before_its_end_whatever_the_year(tmp_path: Path, year: int) -> None:
    path = certificate.ensure(tmp_path, NAMES, today=date(year, 6, 1))
    end = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc.date()
    assert end == date(max(year, 2026) + 10, 1, 1)
    assert certificate.why_not(path, NAMES, end - timedelta(days=2)) == ""
    assert certificate.why_not(path, NAMES, end - timedelta(days=1)) == "the one before runs out"


def test_a_look_at_one_that_counts_writes_nothing(tmp_path: Path) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    before = [(each.stat().st_ctime_ns, each.stat().st_mtime_ns) for each in (path, path.parent)]
    certificate.ensure(tmp_path, NAMES)
    assert [(each.stat().st_ctime_ns, each.stat().st_mtime_ns) for each in (path, path.parent)] == before
    path.chmod(0o644)
    assert certificate.ensure(tmp_path, NAMES).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [b"", b"-----BEGIN PRIVATE KEY-----\nMIGH", b"\xff\x00 junk"])
def test_what_a_power_cut_or_a_disk_has_spoiled_is_made_again(tmp_path: Path, left: bytes) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    path.write_bytes(left)
    assert not certificate.is_usable(path)
    assert certificate.fingerprint(path) == ""
    assert certificate.is_usable(certificate.ensure(tmp_path, NAMES))


def test_half_of_it_is_made_again(tmp_path: Path) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert certificate.is_usable(certificate.ensure(tmp_path, NAMES))


def test_the_fingerprint_is_the_one_that_a_browser_shows(tmp_path: Path) -> None:
    path = certificate.ensure(tmp_path, NAMES)
    shown = certificate.fingerprint(path)
    assert len(shown.split(":")) == 32
    assert shown == shown.upper()
    assert certificate.fingerprint(tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("program", "words"), [("no-such-openssl", "is not installed"), (sys.executable, "code 2")]
)
def test_a_machine_without_a_working_openssl_says_so(tmp_path: Path, program: str, words: str) -> None:
    with pytest.raises(NightPorterError, match=words):
        certificate.ensure(tmp_path, NAMES, program)


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / certificate.FOLDER).write_text("in the way")
    with pytest.raises(NightPorterError, match="cannot be kept"):
        certificate.ensure(tmp_path, NAMES)
