"""Takes the provisioning file from the boot partition: checked whole, kept on the data partition, erased there.

The one before stays beside it, and comes back if the new one does not reach what that did (`adoption`).

A power cut at any moment leaves it either not taken or taken; what comes after that moment is done again at the
next start until it is finished. Never ends in failure for what an installer or a disk did, never says a secret.
"""

from pathlib import Path

from msgspec.structs import replace

from agent.box.setup import active_file, boot_files, offer, result_file, start_trial, strays, trial_record
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.active_folder import NotKept
from agent.box.setup.adoption import Adoption, judged
from agent.box.setup.announce import Announcer
from agent.box.setup.boot_files import BootFile
from agent.box.setup.clearing import Clearing
from agent.box.setup.known_copies import StrayFiles, TakenFiles, is_half_erased, sort_strays
from agent.box.setup.offer import Offer
from agent.box.tools import programs
from agent.box.tools.filesystem import mounted_options
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.drivers.check import by_plain_name, judge
from agent.foundation.errors import reason_of
from agent.handover import steps
from provisioning.problems import Problem, render

_PUT = "put provisioning.toml on the boot partition (the first one of the card or disk) and start the box again"


def take_offer(paths: Paths, run: programs.Run = programs.run, files: LastingFiles | None = None) -> None:
    """Take what is on the boot partition, if it is good; say in steps, notice and result file what came of it."""
    _Taking(paths, run, files or LastingFiles()).take()


class _Taking:
    def __init__(self, paths: Paths, run: programs.Run, files: LastingFiles) -> None:
        self._paths, self._run, self._files = paths, run, files
        self._announcer = Announcer(paths, run, files)
        self._adoption = Adoption(paths, files, self._announcer.say)
        self._active_folder = self._adoption.folder
        self._clearing = Clearing(paths, run, files, self._active_folder, self._announcer)
        self._announcer.begin()
        self._recalled = self._recall()
        self._boot_files: tuple[BootFile, ...] = ()

    def take(self) -> None:
        """What an earlier start began, then what is offered now, then the trial that is open."""
        active = self._active()
        self._adoption.clear(active.text if active else None)
        trial = start_trial.Start(self._paths, self._adoption, self._announcer, self._files)
        trial.count()
        self._take(active)
        trial.settle()

    def _take(self, active: ActiveFile | None) -> None:
        """BootFiles, judge, keep, clear."""
        if not self._can_read_boot():
            return
        self._clearing.erase_pieces(strays.pieces(self._boot_files))
        found = self._find(active)
        if found is None:
            self._go_on(active)
        elif isinstance(found, Problem):
            self._announcer.refused((found.line,), active)
        else:
            self._judge(found, active)

    def _active(self) -> ActiveFile | None:
        try:
            return active_file.load(self._paths)
        except OSError as error:
            self._announcer.say(f"the one that the box has cannot be read ({reason_of(error)})")
            return None

    def _recall(self) -> TakenFiles:
        try:
            return TakenFiles((), self._active_folder.taken(), self._active_folder.erasing())
        except OSError as error:
            self._announcer.say(f"which ones the box has taken before cannot be read ({reason_of(error)})")
            return TakenFiles()

    def _known(self, *texts: bytes | None) -> TakenFiles:
        return replace(self._recalled, texts=tuple(text for text in texts if text is not None))

    def _can_read_boot(self) -> bool:
        try:
            found = boot_files.read_all(self._paths.boot, strays.is_similar)
            is_mounted = mounted_options(self._paths.mounts, self._paths.boot) is not None
            trouble = "" if is_mounted else "it is not mounted"
        except OSError as error:
            trouble = reason_of(error)
        if trouble:
            self._announcer.boot_is_away(trouble)
            return False
        if not found.is_whole:
            self._announcer.say("there is so much on the boot partition that not all of it was looked at")
        self._boot_files = found.files
        return True

    def _find(self, active: ActiveFile | None) -> Offer | Problem | None:
        found = offer.find(self._paths.boot)
        if active is None or isinstance(found, Problem):
            return found
        if found is None:
            is_profile_there = active.profile_name and (self._paths.boot / active.profile_name).is_file()
            return Offer(active.text, None) if is_profile_there else None
        is_rest = self._active_folder.is_unfinished and is_half_erased(found.text, active.text)
        return Offer(active.text, found.file) if is_rest else found

    def _judge(self, found: Offer, active: ActiveFile | None) -> None:
        self._announcer.say("there is one on the boot partition; checking it")
        new = judged(self._paths, found.text, lambda name: self._profile(name, active), active, self._run)
        if new.provisioning is None:
            self._announcer.refused(new.lines, active)
            return
        self._announcer.say_lines(new.lines)
        before = active.text if active else None
        try:
            self._adoption.adopt(new, active, trial_record.last_well(self._paths))
        except (NotKept, OSError) as error:
            self._announcer.not_kept(reason_of(error), active)
            return
        self._announcer.say("it is good: the box works with it from now on")
        found_strays = sort_strays(self._boot_files, self._known(found.text, before))
        if self._clearing.finish(found.file, found_strays, new.provisioning, new.lines):
            self._announcer.say("its copy on the boot partition is erased; provisioning-result.txt says more")
        self._announcer.left(found_strays.left)

    def _profile(self, name: str, active: ActiveFile | None) -> Path | None:
        here = self._paths.boot / name
        if here.is_file():
            return here
        return active.profile if active and active.profile_name == name else None

    def _go_on(self, active: ActiveFile | None) -> None:
        if active is None:
            steps.say(f"no provisioning file yet: {_PUT}", self._paths.steps)
            self._look_for_attempts(None)
            return
        judgement = judge(active.text, by_plain_name(lambda name: active.profile))
        problems = tuple(render(judgement.problems).splitlines())
        if judgement.provisioning is None:
            self._announcer.say(f"this version refuses the one that the box has; {_PUT}")
            self._announcer.say_lines(problems)
            self._look_for_attempts(active)
            return
        self._announcer.say("nothing new on the boot partition; the box goes on with the one that it has")
        found_strays = sort_strays(self._boot_files, self._known(active.text))
        told = result_file.taken(self._announcer.version, judgement.provisioning, problems, found_strays.left)
        if self._active_folder.is_unfinished or found_strays.ours or self._is_over(told, found_strays):
            self._clearing.finish(None, found_strays, judgement.provisioning, problems)
        self._announcer.left(found_strays.left)

    def _is_over(self, told: bytes, found_strays: StrayFiles) -> bool:
        """Whether the result file tells of something that is so no longer."""
        written = self._announcer.written()
        is_other = result_file.tells_of_left(written) if not found_strays.left else written != told
        return is_other or written.startswith(result_file.OVER_WITHOUT_FILE)

    def _look_for_attempts(self, active: ActiveFile | None) -> None:
        """The box has no file that it could work with, and none was put there under its name."""
        known = self._known(active.text if active else None)
        names = [file.name for file in strays.attempts(self._boot_files) if not known.has(file)]
        if names:
            self._announcer.misnamed(names)
        elif active is None and self._active_folder.is_there:  # else there may be a file after all
            self._announcer.withdraw()
