"""The folder of the active provisioning file: how another file takes its place, and that nothing else stays there.

The rename of `paths.active` is the one step between the old file and the new one. A replaced file keeps a second
name: until it has become the previous one, the way back, or until its bytes are overwritten. So a power cut cannot
leave a secret where it is never found again.
"""

from collections.abc import Iterable
from pathlib import Path

from agent.box.setup.active_file import profile_path
from agent.box.setup.known_copies import digest
from agent.box.tools.filesystem import mounted_options
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.foundation import files
from agent.foundation.errors import NightPorterError
from provisioning.file import content

_GOING = ".provisioning.toml.going"
_BEFORE = ".provisioning.toml.before"  # is to become the previous one
_MARK = "unfinished"
_MOST_TAKEN = 100  # files; a hotel changes its own a few times a year


class NotKept(NightPorterError):
    """The file cannot be made to last. `str()` is a few words why."""


class ActiveFolder:
    """The data partition's side of taking a file. All methods raise `OSError`."""

    def __init__(self, paths: Paths, lasting: LastingFiles) -> None:
        self._paths, self._files = paths, lasting
        self._folder = paths.provisioning
        self._mark = self._folder / _MARK

    @property
    def is_there(self) -> bool:
        """Whether the data partition is mounted, writable or not."""
        return mounted_options(self._paths.mounts, self._paths.data) is not None

    @property
    def is_unfinished(self) -> bool:
        """Whether the boot partition was being cleared when the power went."""
        return self._mark.exists()

    def erasing(self) -> frozenset[str]:
        """The names of the files on the boot partition that may be half erased."""
        return (
            frozenset(self._mark.read_text(errors="replace").splitlines()) if self.is_unfinished else frozenset()
        )

    def begin_clearing(self, names: Iterable[str]) -> None:
        """Note that the offered file, and those of these names, may be half erased from now on."""
        going = "".join(f"{name}\n" for name in sorted(self.erasing().union(names))).encode()
        if not self.is_unfinished or self._mark.read_bytes() != going:
            self._files.write(self._mark, going)

    def end_clearing(self) -> None:
        """All is done."""
        self._files.remove(self._mark)

    def previous(self) -> bytes | None:
        """The last good file before the active one, None where there is none."""
        try:
            return content(self._paths.previous)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def keep(self, text: bytes, profile: bytes | None, before: bytes | None, *, is_good: bool = True) -> None:
        """Make `text` the active file, with the site's own `profile`, instead of `before`. Raises `NotKept`.

        `is_good`: `before` becomes the previous one. Both of its files are settled by the next `clear`.
        """
        if not self.is_there:
            raise NotKept("the data partition is not there")
        self._files.make_folder(self._folder)
        if profile is not None:
            self._keep_profile(text, profile)
        if text != before:
            self._files.write(self._paths.active, text, self._folder / (_BEFORE if is_good else _GOING))

    def go_back(self) -> None:
        """Make the previous file the active one, in one step. Raises `OSError` also where there is none."""
        going = self._folder / _GOING
        if going.exists():
            self._discard(going)
        self._files.promote(self._paths.previous, self._paths.active, going)

    def clear(self, text: bytes | None) -> None:
        """Erase all but the active file, with this content, the previous one, and their profiles.

        Nothing without a data partition.
        """
        if not self.is_there or not self._folder.is_dir():
            return
        self._settle_before()
        kept = {self._paths.active, self._paths.previous, self._mark}
        kept.update(profile_path(self._paths, each) for each in (text, self.previous()) if each is not None)
        for path in sorted(path for path in set(self._folder.iterdir()) - kept if path.is_file()):
            self._discard(path)

    def _discard(self, path: Path) -> None:
        if self._is_active(path):
            self._files.remove(path)  # the power went between the second name and the rename
        else:
            self._files.erase(path)

    def _is_active(self, path: Path) -> bool:
        return self._paths.active.exists() and path.samefile(self._paths.active)

    def _settle_before(self) -> None:
        """A file that was replaced becomes the previous one, in the place of an older one."""
        before = self._folder / _BEFORE
        if not before.exists() or self._is_active(before):
            return
        if self._paths.previous.exists():
            self._files.erase(self._paths.previous)
        self._files.promote(before, self._paths.previous)

    def remember(self, text: bytes) -> None:
        """Note that the box has taken this file: a copy of it on a boot partition is then known for one."""
        known = [*(line for line in self._taken() if line != digest(text)), digest(text)]
        self._paths.box.mkdir(exist_ok=True)
        files.write(self._paths.taken, "".join(f"{line}\n" for line in known[-_MOST_TAKEN:]).encode())

    def taken(self) -> frozenset[str]:
        """The digests of the files that the box has taken, as far as it remembers."""
        return frozenset(self._taken())

    def _taken(self) -> list[str]:
        try:
            return self._paths.taken.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _keep_profile(self, text: bytes, profile: bytes) -> None:
        path = profile_path(self._paths, text)
        if not path.is_file() or path.read_bytes() != profile:
            self._files.write(path, profile)
