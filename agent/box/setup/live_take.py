"""Takes a provisioning file on a running box, and ends its trial: what the helper, a stick and the trial do.

One of them at a time. What is said goes into the steps, and the caller gets the words for the one who asked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.box.setup import active_file, put_to_work
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.active_folder import NotKept
from agent.box.setup.adoption import Adoption, Judged, judged
from agent.box.setup.announce import Announcer
from agent.box.setup.decisions.file_trial import FileTrial
from agent.box.tools import one_at_a_time, programs
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.foundation.errors import NightPorterError, UserMistake, reason_of
from provisioning.difference import difference

TRIAL_UNIT = "nightporter-take-trial.service"
_START_TRIAL = ("systemctl", "restart", "--no-block", TRIAL_UNIT)
LONG_SECONDS = 400.0  # s; another who takes a file can run five programs of 60 s
_BUSY = "The box is just taking a provisioning file, or setting its network: try again in a moment."


class LiveTake:
    """One piece of work on the active file of a running box. Open it with `working`."""

    def __init__(self, paths: Paths, run: programs.Run, lasting: LastingFiles) -> None:
        self._paths, self._run = paths, run
        self.announcer = Announcer(paths, run, lasting)
        self.adoption = Adoption(paths, lasting, self.announcer.say)
        self.active: ActiveFile | None = active_file.load(paths)
        self.adoption.clear(self.active.text if self.active else None)

    def judge(self, text: bytes, profile: Callable[[str], Path | None], whence: str) -> Judged:
        """The file, judged whole. Raises `UserMistake` with every reason, which is also put on the page."""
        new = judged(self._paths, text, lambda name: profile(name) or self._own(name), self.active, self._run)
        if new.provisioning is None:
            raise UserMistake(self.announcer.refused_here(new.lines, whence, self.active))
        return new

    def differences(self, new: Judged) -> tuple[str, ...]:
        """What `new` changes, a sentence each."""
        assert new.provisioning is not None
        before = self.active.provisioning if self.active else None
        return tuple(change.sentence for change in difference(before, new.provisioning))

    def take(self, new: Judged, well: Sequence[str]) -> bool:
        """Make `new` the active file and put it to work; whether it is on trial. Raises `NightPorterError`."""
        try:
            self.adoption.adopt(new, self.active, well)
        except (NotKept, OSError) as error:
            raise NightPorterError(
                f"The box cannot keep the file ({reason_of(error)}). Nothing was changed."
            ) from None
        is_on_trial = self.adoption.trial(new.text) is not None
        if is_on_trial:
            self.announcer.on_trial("A new provisioning file is on trial for two minutes.")
        self.announcer.say("the box works with another one from now on")
        put_to_work.put_to_work(self._paths, self._run)
        if is_on_trial:
            put_to_work.ask(self._paths, self._run, _START_TRIAL)
        return is_on_trial

    @property
    def trial(self) -> FileTrial | None:
        """The trial of the active file, None where it is on none."""
        return self.adoption.trial(self.active.text) if self.active else None

    def keep(self, words: str) -> None:
        """The file that is on trial stays. Raises `OSError`."""
        self.adoption.end_trial()
        self.announcer.stays(words)

    def go_back(self, reason: str) -> None:
        """Put the file before in its place again, and to work; noted first, and told before that is over.

        Raises `OSError`.
        """
        if (trial := self.trial) is not None:
            self.adoption.decide(trial, reason)
        self.adoption.return_to_previous()
        put_to_work.put_to_work(self._paths, self._run)
        self.announcer.taken_back(reason)
        self.adoption.end_trial()

    def _own(self, name: str) -> Path | None:
        """The site's own profile that the box has already."""
        return self.active.profile if self.active and self.active.profile_name == name else None


@contextmanager
def working(
    paths: Paths,
    run: programs.Run = programs.run,
    lasting: LastingFiles | None = None,
    patience: float = one_at_a_time.SECONDS,
) -> Iterator[LiveTake]:
    """Work on the active file, alone. Raises `UserMistake` while another does, `NightPorterError` for the disk."""
    with one_at_a_time.held(paths.take_lock, _BUSY, patience):
        try:
            yield LiveTake(paths, run, lasting or LastingFiles())
        except OSError as error:
            raise NightPorterError(f"The data partition does not take it ({reason_of(error)}).") from None
