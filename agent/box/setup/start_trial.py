"""A start of the box while a provisioning file is on trial: the first tries it once more, the second ends it.

The start is counted before anything else is done, so that no power cut can make it look like the first one again.
What is decided is on the disk before it is done, and told by whichever start finishes it.
"""

import msgspec

from agent.box.setup import trial_record
from agent.box.setup.adoption import Adoption
from agent.box.setup.announce import Announcer
from agent.box.setup.decisions.file_trial import FileTrial, Standing
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.foundation.errors import reason_of
from provisioning.file import content

TWICE = "The box was started twice while the new file was on trial, so what it reaches was not seen."
_AGAIN = (
    "A new provisioning file is on trial, and the box came back with it after a start in between. It is given two "
    "minutes once more; if Mews or a lock server is not reached then, the file before comes back."
)
_NEW = (
    "A new provisioning file is on trial. If Mews and the lock servers that were well are not reached with it "
    "within two minutes, the file before comes back."
)


class Start:
    """One start. Says what a disk refuses, and goes on."""

    def __init__(self, paths: Paths, adoption: Adoption, announcer: Announcer, lasting: LastingFiles) -> None:
        self._paths, self._adoption, self._files = paths, adoption, lasting
        self._announcer = announcer

    def count(self) -> None:
        """Before anything is taken: this start counts. A trial that is over without a word is told of."""
        try:
            trial, standing = self._standing()
            if trial and standing is Standing.OPEN:
                counted = msgspec.structs.replace(trial, starts=trial.starts + 1)
                trial_record.keep(self._paths, counted, self._files)
            elif trial and standing is Standing.GONE_BACK:
                self._announcer.taken_back(trial.reason)
                self._adoption.end_trial()
        except OSError as error:
            self._announcer.say(f"its trial cannot be noted ({reason_of(error)})")

    def settle(self) -> None:
        """After all that was to be taken: the file stays on trial, goes, or was never on one."""
        try:
            trial, standing = self._standing()
            if trial and standing is Standing.OPEN:
                self._settle(trial)
            elif self._paths.data.is_dir():
                self._adoption.end_trial()
        except OSError as error:
            self._announcer.say(f"its trial cannot be ended ({reason_of(error)})")

    def _settle(self, trial: FileTrial) -> None:
        if not trial.is_lost:
            self._announcer.on_trial(_AGAIN if trial.starts else _NEW)
            return
        reason = trial.reason or TWICE
        self._adoption.decide(trial, reason)
        self._adoption.return_to_previous()
        self._announcer.taken_back(reason)
        self._adoption.end_trial()

    def _standing(self) -> tuple[FileTrial | None, Standing]:
        trial = trial_record.read(self._paths)
        if trial is None or not self._paths.active.is_file():
            return None, Standing.VOID
        return trial, self._adoption.standing(trial, content(self._paths.active))
