"""Takes the provisioning file from the boot partition: checked whole, kept on the data partition, erased there.

A power cut at any moment leaves it either not taken or taken; what comes after that moment is done again at the
next start until it is finished. Never ends in failure for what an installer or a disk did, never says a secret.
"""

from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from agent import steps
from agent.box import active as active_file
from agent.box import offer, programs, result
from agent.box.active import Active
from agent.box.boot_partition import writable
from agent.box.files import Files
from agent.box.filesystem import mounted_options
from agent.box.judgement import judge
from agent.box.keeping import Keeping, NotKept
from agent.box.offer import Offer
from agent.box.outcome import Outcome, why
from agent.box.places import Places
from agent.box.programs import ProgramTrouble
from provisioning.model import Provisioning
from provisioning.problems import Problem, render

_TRIM_TIMEOUT = 60  # s; 128 MB
_PUT = "put provisioning.toml on the boot partition (the first one of the card or disk) and start the box again"


def run(places: Places, run: programs.Run = programs.run, files: Files | None = None) -> None:
    """Take what is on the boot partition, if it is good; say in steps, notice and result file what came of it."""
    _Taking(places, run, files or Files()).take()


class _Taking:
    def __init__(self, places: Places, run: programs.Run, files: Files) -> None:
        self._places, self._run, self._files = places, run, files
        self._keeping = Keeping(places, files)
        self._outcome = Outcome(places, run, files)

    def take(self) -> None:
        """Look, judge, keep, clear."""
        active = self._active()
        self._clear_leftovers(active.text if active else None)
        if not self._can_read_boot():
            return
        self._erase_salvaged()
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

    def _can_read_boot(self) -> bool:
        try:
            offer.named(self._places.boot, ())
            is_mounted = mounted_options(self._places.mounts, self._places.boot) is not None
            trouble = "" if is_mounted else "it is not mounted"
        except OSError as error:
            trouble = why(error)
        if trouble:
            self._outcome.boot_is_away(trouble)
        return not trouble

    def _erase_salvaged(self) -> None:
        """What a check of the boot partition has saved of files that were being written may hold passwords."""
        salvaged: list[Path] = []
        try:
            salvaged = offer.salvaged(self._places.boot)
            if salvaged:
                self._erase(salvaged)
        except (OSError, ProgramTrouble) as error:
            left = [file.name for file in salvaged if file.exists()]
            if left:
                self._outcome.pieces_not_erased(left, why(error))
            else:
                self._outcome.say(f"the boot partition cannot be written as it should ({why(error)})")

    def _erase(self, files: list[Path]) -> None:
        with writable(self._places, self._run):
            for file in files:
                self._files.erase(file)

    def _find(self, active: Active | None) -> Offer | Problem | None:
        found = offer.find(self._places.boot)
        if active is None or isinstance(found, Problem):
            return found
        if found is None:
            is_profile_there = active.profile_name and (self._places.boot / active.profile_name).is_file()
            return Offer(active.text, None) if is_profile_there else None
        return Offer(active.text, found.file) if self._is_half_erased(found.text, active.text) else found

    def _is_half_erased(self, text: bytes, active: bytes) -> bool:
        """Whether this is what a power cut left while the copy of the active file was overwritten."""
        pairs = zip_longest(text, active, fillvalue=0)
        return self._keeping.is_unfinished and all(seen in (0, was) for seen, was in pairs)

    def _judge(self, found: Offer, active: Active | None) -> None:
        self._outcome.say("there is one on the boot partition; checking it")
        judgement = judge(found.text, lambda name: self._profile(name, active))
        lines = tuple(render(judgement.problems).splitlines())
        if judgement.provisioning is None:
            self._outcome.refused(lines, active)
            return
        self._outcome.say_lines(lines)
        try:
            self._keeping.keep(found.text, judgement.profile_text, active.text if active else None)
        except (NotKept, OSError) as error:
            self._outcome.not_kept(why(error), active)
            return
        self._clear_leftovers(found.text)
        self._outcome.say("it is good: the box works with it from now on")
        if self._finish(found.file, judgement.provisioning, lines):
            self._outcome.say("its copy on the boot partition is erased; provisioning-result.txt says more")

    def _profile(self, name: str, active: Active | None) -> Path | None:
        here = self._places.boot / name
        if here.is_file():
            return here
        return active.profile if active and active.profile_name == name else None

    def _finish(self, file: Path | None, provisioning: Provisioning, warnings: tuple[str, ...]) -> bool:
        """Clear the boot partition, and write there what the box does now; whether that could be done."""
        profile = active_file.own_profile(provisioning)
        try:
            with writable(self._places, self._run):
                self._keeping.begin_clearing()
                if file is not None:
                    self._files.erase(file)
                if profile and (self._places.boot / profile).is_file():
                    self._files.remove(self._places.boot / profile)
                self._outcome.write(result.taken(self._outcome.version, provisioning, warnings))
                if file is not None:
                    self._forget_what_is_free()
            self._keeping.end_clearing()
        except (OSError, ProgramTrouble) as error:
            if file is not None and file.exists():
                self._outcome.not_erased(file.name, why(error))
            else:
                self._outcome.say(f"the boot partition cannot be written as it should ({why(error)})")
            return False
        return True

    def _forget_what_is_free(self) -> None:
        """An editor may have left older versions of the file where nothing is now: the card may drop that."""
        with suppress(ProgramTrouble):  # not every card can
            self._run(("fstrim", str(self._places.boot)), timeout=_TRIM_TIMEOUT)

    def _go_on(self, active: Active | None) -> None:
        if active is None:
            steps.say(f"no provisioning file yet: {_PUT}", self._places.steps)
            if self._keeping.is_there:  # else there may be a file after all
                self._outcome.withdraw()
            return
        judgement = judge(active.text, lambda name: active.profile)
        problems = tuple(render(judgement.problems).splitlines())
        if judgement.provisioning is None:
            self._outcome.say(f"this version refuses the one that the box has; {_PUT}")
            self._outcome.say_lines(problems)
            return
        self._outcome.say("nothing new on the boot partition; the box goes on with the one that it has")
        if self._keeping.is_unfinished or self._outcome.written().startswith(result.OVER_WITHOUT_FILE):
            self._finish(None, judgement.provisioning, problems)
