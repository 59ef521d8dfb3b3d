"""Takes off the boot partition what holds secrets: the file that was taken, its profile, copies, backups, pieces.

All that is erased is overwritten first. What cannot be erased is said, with its name, and tried at the next start.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from agent.box.setup import result_file
from agent.box.setup.active_file import own_profile
from agent.box.setup.active_folder import ActiveFolder
from agent.box.setup.announce import Announcer
from agent.box.setup.boot_files import BootFile
from agent.box.setup.boot_partition import writable
from agent.box.setup.known_copies import StrayFiles
from agent.box.tools import programs
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation.errors import reason_of
from provisioning.model import Provisioning

_TRIM_TIMEOUT = 60  # s; 128 MB


class Clearing:
    """The boot partition's side of taking a file. Raises for nothing that a disk does."""

    def __init__(
        self,
        paths: Paths,
        run: programs.Run,
        files: LastingFiles,
        active_folder: ActiveFolder,
        announcer: Announcer,
    ) -> None:
        self._paths, self._run, self._files = paths, run, files
        self._active_folder, self._announcer = active_folder, announcer

    def erase_pieces(self, pieces: Sequence[BootFile]) -> None:
        """Erase what a check of the boot partition has saved of broken files; none is fine."""
        if not pieces:
            return
        try:
            with writable(self._paths, self._run):
                self._erase(pieces)
        except (OSError, ProgramTrouble) as error:
            self._tell_trouble(pieces, error, self._announcer.pieces_not_erased)

    def finish(
        self, file: Path | None, found_strays: StrayFiles, provisioning: Provisioning, warnings: Sequence[str]
    ) -> bool:
        """Erase `file` and what else is ours, and write there what the box does now; whether all that was done."""
        profile = own_profile(provisioning)
        try:
            with writable(self._paths, self._run):
                self._active_folder.begin_clearing(stray.name for stray in found_strays.ours)
                if file is not None:
                    self._files.erase(file)
                if profile and (self._paths.boot / profile).is_file():
                    self._files.remove(self._paths.boot / profile)
                self._announcer.write(
                    result_file.taken(self._announcer.version, provisioning, warnings, found_strays.left)
                )
                self._erase(found_strays.ours)
                if file is not None or found_strays.ours:
                    self._forget_what_is_free()
            self._active_folder.end_clearing()
        except (OSError, ProgramTrouble) as error:
            offered = [BootFile(file, file.name)] if file is not None else []
            self._tell_trouble([*offered, *found_strays.ours], error, self._announcer.not_erased)
            return False
        self._announcer.erased([stray.name for stray in found_strays.ours])
        return True

    def _erase(self, files: Iterable[BootFile]) -> None:
        for file in files:
            self._files.erase(file.path)

    def _forget_what_is_free(self) -> None:
        """An editor may have left older versions of the file where nothing is now: the card may drop that."""
        with suppress(ProgramTrouble):  # not every card can
            self._run(("fstrim", str(self._paths.boot)), timeout=_TRIM_TIMEOUT)

    def _tell_trouble(
        self, going: Iterable[BootFile], error: Exception, tell: Callable[[Sequence[str], str], None]
    ) -> None:
        """Say which of the files that should go are still there, if any."""
        still = [file.name for file in going if file.path.exists()]
        if still:
            tell(still, reason_of(error))
        else:
            self._announcer.say(f"the boot partition cannot be written as it should ({reason_of(error)})")
