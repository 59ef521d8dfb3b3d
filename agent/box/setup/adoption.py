"""How a provisioning file becomes the active one, wherever it comes from: judged, kept in one step, on trial.

The boot partition, a USB stick and the helper all come here. Nothing is said here and nothing put to work: the
caller knows whom to tell, and whether the box is starting or running.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from agent.box.setup import signed, site_network, trial_record
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.active_folder import ActiveFolder
from agent.box.setup.decisions.file_trial import FileTrial, Standing, standing
from agent.box.setup.known_copies import digest
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Run
from agent.drivers.check import by_plain_name, judge
from agent.foundation.errors import reason_of
from provisioning.model import Provisioning
from provisioning.problems import Level, render


class Judged(msgspec.Struct, frozen=True):
    """A file that was looked at. `provisioning` is None exactly when it is refused; `lines` are its problems."""

    text: bytes
    provisioning: Provisioning | None
    lines: tuple[str, ...]
    profile: bytes | None = None


def judged(
    paths: Paths, text: bytes, profile: Callable[[str], Path | None], active: ActiveFile | None, run: Run
) -> Judged:
    """Judge a file by its rules, its site's own profile (`profile` finds one by its name) and its signature."""
    found = judge(text, by_plain_name(profile))
    lines = tuple(render(found.problems).splitlines())
    if found.provisioning is None:
        return Judged(text, None, lines)
    if why := signed.refusal(paths, text, active, run):
        return Judged(text, None, (f"{Level.ERROR:<7}  {why}",))
    return Judged(text, found.provisioning, lines, found.profile_text)


class Adoption:
    """The data partition's files of one box. Its methods raise `OSError`; what can wait is said (`say`)."""

    def __init__(self, paths: Paths, lasting: LastingFiles, say: Callable[[str], None]) -> None:
        self._paths, self._files, self._say = paths, lasting, say
        self.folder = ActiveFolder(paths, lasting)

    def adopt(self, new: Judged, active: ActiveFile | None, well: Sequence[str]) -> None:
        """Make `new` the active file; on trial if there was one before that the box could work with.

        `well` are the hops that are well with that one. Raises `NotKept` too.
        """
        trial = self.trial(active.text) if active else None
        if trial and digest(new.text) == trial.before:
            self.go_back(trial, "It was taken again by hand")
            return
        is_same = active is not None and new.text == active.text
        is_good = active is not None and active.provisioning is not None and trial is None
        if active and not is_same and (is_good or trial):
            self._begin(new.text, active.text, trial, well)
        self.folder.keep(new.text, new.profile, active.text if active else None, is_good=is_good)
        self._remember(new.text)
        self.clear(new.text)

    def clear(self, active: bytes | None) -> None:
        """Settle and erase what an older file left, where the disk lets us."""
        try:
            self.folder.clear(active)
        except OSError as error:
            self._say(f"what is left of an older one cannot be erased ({reason_of(error)})")

    def trial(self, active: bytes) -> FileTrial | None:
        """The trial of the active file, None where it is on none."""
        trial = trial_record.read(self._paths)
        return trial if trial and self.standing(trial, active) is Standing.OPEN else None

    def standing(self, trial: FileTrial, active: bytes) -> Standing:
        """Where the trial stands, by the files that are there."""
        previous = self.folder.previous()
        return standing(trial, digest(active), None if previous is None else digest(previous))

    def decide(self, trial: FileTrial, reason: str) -> FileTrial:
        """Note that the file goes, and why, before anything is done about it."""
        decided = msgspec.structs.replace(trial, reason=reason)
        trial_record.keep(self._paths, decided, self._files)
        return decided

    def go_back(self, trial: FileTrial, reason: str) -> None:
        """Make the file before the active one again; the trial's record goes last."""
        self.decide(trial, trial.reason or reason)
        self.return_to_previous()
        self.end_trial()

    def return_to_previous(self) -> None:
        """Make the previous file the active one, and erase what was that. Raises `OSError` if there is none."""
        text = self.folder.previous()
        self.folder.go_back()
        self.clear(text)

    def end_trial(self) -> None:
        """The file that is active now stays."""
        trial_record.end(self._paths, self._files)
        site_network.forget_if_over(self._paths)

    def _remember(self, text: bytes) -> None:
        try:
            self.folder.remember(text)
        except OSError as error:
            self._say(f"which one the box has taken cannot be noted ({reason_of(error)})")

    def _begin(self, new: bytes, active: bytes, trial: FileTrial | None, well: Sequence[str]) -> None:
        """Noted before the file has its place: until then it speaks of a file that is not there, and is void.

        Where another one is on trial, that trial stays open until its place is taken.
        """
        files = (digest(active), digest(new)) if trial else (digest(new),)
        before, hops = (trial.before, trial.well) if trial else (digest(active), tuple(well))
        trial_record.keep(self._paths, FileTrial(files, before, hops), self._files)
