"""Takes the provisioning file from the boot partition: checked whole, kept on the data partition, erased there.

A power cut at any moment leaves it either not taken or taken; what comes after that moment is done again at the
next start until it is finished. Never ends in failure for what an installer or a disk did, never says a secret.
"""

from pathlib import Path

from msgspec.structs import replace

from agent.box.setup import active_file as active_file
from agent.box.setup import boot_files, offer, result_file, strays
from agent.box.setup.active_file import Active
from agent.box.setup.active_folder import Keeping, NotKept
from agent.box.setup.announce import Outcome, why
from agent.box.setup.boot_files import BootFile
from agent.box.setup.clearing import Clearing
from agent.box.setup.judgement import judge
from agent.box.setup.known_copies import Around, Known, around_of, is_half_erased
from agent.box.setup.offer import Offer
from agent.box.tools import programs
from agent.box.tools.filesystem import mounted_options
from agent.box.tools.lasting_files import Files
from agent.box.tools.paths import Places
from agent.handover import steps
from provisioning.problems import Problem, render

_PUT = "put provisioning.toml on the boot partition (the first one of the card or disk) and start the box again"


def run(places: Places, run: programs.Run = programs.run, files: Files | None = None) -> None:
    """Take what is on the boot partition, if it is good; say in steps, notice and result file what came of it."""
    _Taking(places, run, files or Files()).take()


class _Taking:
    def __init__(self, places: Places, run: programs.Run, files: Files) -> None:
        self._places, self._run, self._files = places, run, files
        self._keeping = Keeping(places, files)
        self._outcome = Outcome(places, run, files)
        self._clearing = Clearing(places, run, files, self._keeping, self._outcome)
        self._recalled = self._recall()
        self._files_there: tuple[BootFile, ...] = ()

    def take(self) -> None:
        """Look, judge, keep, clear."""
        active = self._active()
        self._clear_leftovers(active.text if active else None)
        if not self._can_read_boot():
            return
        self._clearing.erase_pieces(strays.pieces(self._files_there))
        found = self._find(active)
        if found is None:
            self._go_on(active)
        elif isinstance(found, Problem):
            self._outcome.refused((found.line,), active)
        else:
            self._judge(found, active)

    def _active(self) -> Active | None:
        try:
            return active_file.load(self._places)
        except OSError as error:
            self._outcome.say(f"the one that the box has cannot be read ({why(error)})")
            return None

    def _clear_leftovers(self, active: bytes | None) -> None:
        try:
            self._keeping.clear(active)
        except OSError as error:
            self._outcome.say(f"what is left of an older one cannot be erased ({why(error)})")

    def _recall(self) -> Known:
        try:
            return Known((), self._keeping.taken(), self._keeping.erasing())
        except OSError as error:
            self._outcome.say(f"which ones the box has taken before cannot be read ({why(error)})")
            return Known()

    def _known(self, *texts: bytes | None) -> Known:
        return replace(self._recalled, texts=tuple(text for text in texts if text is not None))

    def _remember(self, text: bytes) -> None:
        try:
            self._keeping.remember(text)
        except OSError as error:
            self._outcome.say(f"which one the box has taken cannot be noted ({why(error)})")

    def _can_read_boot(self) -> bool:
        try:
            look = boot_files.look(self._places.boot, strays.is_similar)
            is_mounted = mounted_options(self._places.mounts, self._places.boot) is not None
            trouble = "" if is_mounted else "it is not mounted"
        except OSError as error:
            trouble = why(error)
        if trouble:
            self._outcome.boot_is_away(trouble)
            return False
        if not look.is_whole:
            self._outcome.say("there is so much on the boot partition that not all of it was looked at")
        self._files_there = look.files
        return True

    def _find(self, active: Active | None) -> Offer | Problem | None:
        found = offer.find(self._places.boot)
        if active is None or isinstance(found, Problem):
            return found
        if found is None:
            is_profile_there = active.profile_name and (self._places.boot / active.profile_name).is_file()
            return Offer(active.text, None) if is_profile_there else None
        is_rest = self._keeping.is_unfinished and is_half_erased(found.text, active.text)
        return Offer(active.text, found.file) if is_rest else found

    def _judge(self, found: Offer, active: Active | None) -> None:
        self._outcome.say("there is one on the boot partition; checking it")
        judgement = judge(found.text, lambda name: self._profile(name, active))
        lines = tuple(render(judgement.problems).splitlines())
        if judgement.provisioning is None:
            self._outcome.refused(lines, active)
            return
        self._outcome.say_lines(lines)
        before = active.text if active else None
        try:
            self._keeping.keep(found.text, judgement.profile_text, before)
        except (NotKept, OSError) as error:
            self._outcome.not_kept(why(error), active)
            return
        self._remember(found.text)
        self._clear_leftovers(found.text)
        self._outcome.say("it is good: the box works with it from now on")
        around = around_of(self._files_there, self._known(found.text, before))
        if self._clearing.finish(found.file, around, judgement.provisioning, lines):
            self._outcome.say("its copy on the boot partition is erased; provisioning-result.txt says more")
        self._outcome.left(around.left)

    def _profile(self, name: str, active: Active | None) -> Path | None:
        here = self._places.boot / name
        if here.is_file():
            return here
        return active.profile if active and active.profile_name == name else None

    def _go_on(self, active: Active | None) -> None:
        if active is None:
            steps.say(f"no provisioning file yet: {_PUT}", self._places.steps)
            self._look_for_attempts(None)
            return
        judgement = judge(active.text, lambda name: active.profile)
        problems = tuple(render(judgement.problems).splitlines())
        if judgement.provisioning is None:
            self._outcome.say(f"this version refuses the one that the box has; {_PUT}")
            self._outcome.say_lines(problems)
            self._look_for_attempts(active)
            return
        self._outcome.say("nothing new on the boot partition; the box goes on with the one that it has")
        around = around_of(self._files_there, self._known(active.text))
        told = result_file.taken(self._outcome.version, judgement.provisioning, problems, around.left)
        if self._keeping.is_unfinished or around.ours or self._is_over(told, around):
            self._clearing.finish(None, around, judgement.provisioning, problems)
        self._outcome.left(around.left)

    def _is_over(self, told: bytes, around: Around) -> bool:
        """Whether the result file tells of something that is so no longer."""
        written = self._outcome.written()
        is_other = result_file.tells_of_left(written) if not around.left else written != told
        return is_other or written.startswith(result_file.OVER_WITHOUT_FILE)

    def _look_for_attempts(self, active: Active | None) -> None:
        """The box has no file that it could work with, and none was put there under its name."""
        known = self._known(active.text if active else None)
        names = [file.name for file in strays.attempts(self._files_there) if not known.has(file)]
        if names:
            self._outcome.misnamed(names)
        elif active is None and self._keeping.is_there:  # else there may be a file after all
            self._outcome.withdraw()
