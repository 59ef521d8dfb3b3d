"""RAUC's command: a script that prints the real one's lines, and the real one where it is installed."""

import os
import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pytest

from agent.box.tools.live_program import follow
from agent.box.tools.programs import Finished, ProgramTrouble, Run, run
from agent.box.update import rauc
from agent.box.update.rauc import Bundle
from agent.foundation.errors import UserMistake

ROOT = Path(__file__).parents[3]
with_tools = pytest.mark.needs("rauc", "mksquashfs", "openssl")

# What RAUC 1.13 prints to a pipe (src/main.c on_installer_changed, src/install.c).
INSTALLED = """\
installing
  0% Installing
  0% Determining slot states
 10% Determining slot states done.
 10% Checking bundle
 10% Verifying signature
 20% Verifying signature done.
 20% Checking bundle done.
 20% Checking manifest contents
 30% Checking manifest contents done.
 30% Determining target install group
 40% Determining target install group done.
 40% Updating slots
 40% Checking slot rootfs.1 (B)
 46% Checking slot rootfs.1 (B) done.
 46% Copying image to rootfs.1
 51% Copying image to rootfs.1
 56% Copying image to rootfs.1
 66% Copying image to rootfs.1
 70% Copying image to rootfs.1 done.
 99% Updating slots done.
100% Installing done.
idle
Installing `/data/update/bundle.raucb` succeeded"""
REFUSED = """\
installing
  0% Installing
 10% Checking bundle
100% Installing failed.
LastError: Failed mounting bundle: bundle payload is corrupted: dm-verity hash mismatch
idle
Installing `/tmp/u/dam.raucb` failed"""


class Spoken:
    """A program of that name in `folder` that prints `lines` and ends with `code`."""

    def __init__(self, folder: Path, lines: str, code: int = 0) -> None:
        self.path = folder / "rauc"
        self.asked = folder / "asked"
        (folder / "lines").write_text(lines + "\n")
        self.path.write_text(f"#!/bin/sh\necho \"$@\" >>'{self.asked}'\ncat '{folder}/lines'\nexit {code}\n")
        self.path.chmod(0o755)

    def run(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        return run((str(self.path), *argv[1:]), timeout=timeout, stdin=stdin, fine=fine)

    def follow(self, argv: Sequence[str], hear: Callable[[str], None], *, timeout: float) -> int:
        return follow((str(self.path), *argv[1:]), hear, timeout=timeout)


def test_an_installation_is_told_in_a_few_plain_lines(tmp_path: Path) -> None:
    told: list[str] = []
    spoken = Spoken(tmp_path, INSTALLED)
    rauc.install(spoken.follow, Path("/data/update/bundle.raucb"), told.append)
    assert told == ["Checking the bundle.", "Copying: 40 %.", "Copying: 50 %.", "Copying: 60 %.", "Copying: 70 %."]
    assert spoken.asked.read_text() == "install /data/update/bundle.raucb\n"


def test_a_refusal_is_told_with_raucs_reason(tmp_path: Path) -> None:
    with pytest.raises(rauc.NotInstalled, match=r"did not install dam.raucb: Failed mounting .* hash mismatch\.$"):
        rauc.install(Spoken(tmp_path, REFUSED, 1).follow, Path("/tmp/u/dam.raucb"), print)


def test_a_refusal_without_a_reason_says_so(tmp_path: Path) -> None:
    with pytest.raises(rauc.NotInstalled, match="it gives no reason"):
        rauc.install(Spoken(tmp_path, "", 1).follow, Path("/x.raucb"), print)


def test_a_service_that_goes_away_leaves_everything_open(tmp_path: Path) -> None:
    with pytest.raises(ProgramTrouble, match="went away while it was installing"):
        rauc.install(Spoken(tmp_path, "RAUC service disappeared", 2).follow, Path("/x.raucb"), print)


@pytest.mark.parametrize(
    ("mark", "asked"),
    [
        (rauc.mark_good, "status mark-good booted"),
        (rauc.mark_bad, "status mark-bad booted"),
        (rauc.mark_other_bad, "status mark-bad other"),
        (rauc.mark_first, "status mark-active booted"),
    ],
)
def test_slots_are_marked(tmp_path: Path, mark: Callable[[Run], None], asked: str) -> None:
    spoken = Spoken(tmp_path, "rauc status: marked slot rootfs.0 as good")
    mark(spoken.run)
    assert spoken.asked.read_text().strip() == asked


# -- the real program, keys and bundles as image/rauc makes them --------------------------------------------------


class Made:
    """Keys and a bundle of two small images, and `run` with a box's settings that trusts one authority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "root.squashfs").write_bytes(os.urandom(300_000))
        (folder / "kernel.vfat").write_bytes(os.urandom(50_000) + bytes(50_000))
        self.ca = self.keys("own")
        self.bundle = folder / "new.raucb"
        self.pack("0.3.0", self.bundle, "own")

    def keys(self, name: str) -> Path:
        return Path(self._script("make-keys", "--print-ca", keys=name).strip())

    def pack(self, version: str, out: Path, keys: str) -> None:
        self._script(
            "bundle",
            *(str(self.folder / name) for name in ("root.squashfs", "kernel.vfat")),
            version,
            str(out),
            keys=keys,
        )

    def trusting(self, ca: Path) -> Run:
        """RAUC with a box's rules for signatures; the rest of its settings is for 1.13 and slots."""
        settings = self.folder / f"{ca.parent.name}.conf"
        settings.write_text(
            "[system]\ncompatible=nightporter-amd64\nbootloader=noop\nbundle-formats=verity\n"
            f"[keyring]\npath={ca}\ncheck-purpose=codesign\nuse-bundle-signing-time=true\n"
        )

        def asked(
            argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
        ) -> Finished:
            return run((argv[0], f"--conf={settings}", *argv[1:]), timeout=timeout)

        return asked

    def _script(self, name: str, *words: str, keys: str) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "ARCH": "amd64",
            "COMMIT": "0123456789ab",
            "SOURCE_DATE_EPOCH": "1767225600",
            "NIGHTPORTER_KEYS": str(self.folder / keys),
        }
        return subprocess.run(
            [ROOT / "image" / "rauc" / name, *words], env=environment, capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("rauc"))


@with_tools
def test_a_bundle_of_ours_is_known_by_its_authority(made: Made) -> None:
    assert rauc.info(made.trusting(made.ca), made.bundle) == Bundle("nightporter-amd64", "0.3.0")


@with_tools
def test_a_bundle_that_somebody_else_signed_is_refused(made: Made) -> None:
    with pytest.raises(UserMistake, match=r"^new.raucb is not signed by a key that this box trusts\.$"):
        rauc.info(made.trusting(made.keys("foreign")), made.bundle)


@with_tools
@pytest.mark.parametrize("damage", ["cut off", "signature", "rubbish", "empty", "no bundle"])
def test_a_damaged_bundle_is_refused(made: Made, tmp_path: Path, damage: str) -> None:
    whole = made.bundle.read_bytes()
    damaged = {
        "cut off": whole[: len(whole) // 2],
        "signature": whole[:-500] + b"XXXX" + whole[-496:],
        "rubbish": os.urandom(5000),
        "empty": b"",
        "no bundle": (made.folder / "root.squashfs").read_bytes(),
    }
    path = tmp_path / "odd.raucb"
    path.write_bytes(damaged[damage])
    with pytest.raises(UserMistake, match=r"^odd.raucb is no update bundle, or is damaged\.$"):
        rauc.info(made.trusting(made.ca), path)


@with_tools
def test_two_bundles_of_the_same_images_have_the_same_payload(made: Made, tmp_path: Path) -> None:
    made.pack("0.3.0", tmp_path / "second.raucb", "own")
    one, other = made.bundle.read_bytes(), (tmp_path / "second.raucb").read_bytes()
    used = int.from_bytes(one[40:48], "little")  # squashfs' superblock: bytes used
    assert used > 350_000
    assert one[:used] == other[:used]


@with_tools
def test_the_throw_away_keys_stay_the_same_and_are_roots_alone(made: Made) -> None:
    before = made.ca.read_bytes()
    assert made.keys("own").read_bytes() == before
    assert (made.ca.parent / "key.pem").stat().st_mode & 0o777 == 0o600
    assert not (made.ca.parent / "ca-key.pem").exists()


@with_tools
@pytest.mark.parametrize("version", ["1.2.3.4", "v1", "1.2 rc", ""])
def test_a_version_that_a_box_cannot_compare_is_not_bundled(made: Made, tmp_path: Path, version: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        made.pack(version, tmp_path / "x.raucb", "own")
    assert refused.value.returncode == 2
    assert "is no version that a box can compare" in refused.value.stderr


def script(name: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "image" / "rauc" / name, *words],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_keys_for_a_release_are_all_named_or_none() -> None:
    said = script("make-keys", "--print-ca", NIGHTPORTER_CA="/ca.pem")
    assert (said.returncode, said.stderr) == (
        2,
        "make-keys: set all of NIGHTPORTER_CA, NIGHTPORTER_CERT and NIGHTPORTER_KEY, or none.\n",
    )


def test_keys_for_a_release_may_be_on_a_token(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    named = {"NIGHTPORTER_CA": str(ca), "NIGHTPORTER_CERT": "pkcs11:a", "NIGHTPORTER_KEY": "pkcs11:b"}
    words = ("--print-ca", "--print-cert", "--print-key")
    assert [script("make-keys", word, **named).stdout.strip() for word in words] == [
        str(ca),
        "pkcs11:a",
        "pkcs11:b",
    ]


def test_a_key_that_cannot_be_read_and_a_word_that_means_nothing_are_mistakes(tmp_path: Path) -> None:
    named = {
        name: str(tmp_path / "none.pem") for name in ("NIGHTPORTER_CA", "NIGHTPORTER_CERT", "NIGHTPORTER_KEY")
    }
    assert script("make-keys", **named).returncode == 2
    assert script("make-keys", "--all").returncode == 2
    assert script("bundle", "one").returncode == 2
