"""What became of a provisioning file, told where it is looked for: steps, notice, and the result file beside it.

The result file is written only where it says something else than before. No word holds a secret.
"""

from collections.abc import Callable, Sequence

from agent.box.setup import result_file
from agent.box.setup.active_file import ActiveFile
from agent.box.setup.boot_partition import writable
from agent.box.setup.offer import NAME
from agent.box.tools import programs
from agent.box.tools.lasting_files import LastingFiles
from agent.box.tools.paths import Paths
from agent.box.tools.programs import ProgramTrouble
from agent.foundation.errors import reason_of
from agent.foundation.reading.text import plain
from agent.handover import notices, release, steps
from provisioning.problems import Level

NOTICE = "take"
BOOT_NOTICE = "boot-partition"
PIECES_NOTICE = "boot-pieces"
LEFT_NOTICE = "boot-left"
TRIAL_NOTICE = "take-trial"
_HOUR = 3600.0  # s
_TOLD = 8  # reasons or names in a notice; the result file has them all
_ERROR = f"{Level.ERROR:<7}  "  # how the line of an error begins
_LINE = 400  # characters
_LARGEST_RESULT = 64 * 1024  # bytes; a hundred problems fill 20 KB


class Announcer:
    """Tells what one start did with the file. What cannot be written on the boot partition is said as a step."""

    def __init__(self, paths: Paths, run: programs.Run, files: LastingFiles) -> None:
        self._paths, self._run, self._files = paths, run, files
        self.version = release.read(paths.release).version

    def begin(self) -> None:
        """What an earlier start told is over."""
        for notice in (NOTICE, BOOT_NOTICE, PIECES_NOTICE, LEFT_NOTICE):
            notices.drop(notice, self._paths.notices)

    def say(self, words: str) -> None:
        """A step."""
        steps.say(f"provisioning file: {words}", self._paths.steps)

    def say_lines(self, lines: tuple[str, ...]) -> None:
        """Problems, a step each."""
        for line in lines:
            steps.say(f"  {plain(line, _LINE)}", self._paths.steps)

    def boot_is_away(self, why: str) -> None:
        """The boot partition cannot be read."""
        words = f"The boot partition cannot be read ({why}), so no provisioning file can be taken from it."
        self._note(BOOT_NOTICE, "E-BOX-STORAGE", words)
        self.say(f"the boot partition cannot be read ({why})")

    def refused(self, lines: tuple[str, ...], active: ActiveFile | None) -> None:
        """The file is refused for what the lines say."""
        told = _reasons(lines)
        few = "\n".join(plain(reason, _LINE) for reason in told[:_TOLD])
        more = f"\n{len(told) - _TOLD} more are in provisioning-result.txt." if len(told) > _TOLD else ""
        words = f"The provisioning file on the boot partition was refused; {_goes_on(active)}.\n{few}{more}"
        self._note(NOTICE, "E-TAKE-REFUSED", words)
        self.say(f"refused; {_goes_on(active)}")
        self.say_lines(lines)
        self._tell(result_file.refused(self.version, lines, active is not None))

    def not_kept(self, why: str, active: ActiveFile | None) -> None:
        """The file is good, and the box has nowhere to keep it."""
        words = f"The provisioning file was not taken: the box cannot keep it ({why}); {_goes_on(active)}."
        self._note(NOTICE, "E-TAKE-REFUSED", words)
        self.say(f"not taken, for the box cannot keep it ({why}); {_goes_on(active)}")
        self._tell(result_file.not_kept(self.version, why, active is not None))

    def refused_here(self, lines: tuple[str, ...], whence: str, active: ActiveFile | None) -> str:
        """A file from elsewhere than the boot partition is refused; the same on the page, for an hour."""
        told = "\n".join(plain(reason, _LINE) for reason in _reasons(lines)[:_TOLD])
        words = f"The provisioning file {whence} was refused; {_goes_on(active)}.\n{told}"
        notices.put(NOTICE, "E-TAKE-REFUSED", words, lasts=_HOUR, folder=self._paths.notices)
        self.say(f"the one {whence} is refused; {_goes_on(active)}")
        self.say_lines(lines)
        return words

    def on_trial(self, words: str) -> None:
        """The file that is in use may still go."""
        self._warn(TRIAL_NOTICE, "E-TAKE-TRIAL", words)

    def stays(self, words: str) -> None:
        """A trial is over, and the file that is in use stays."""
        notices.drop(TRIAL_NOTICE, self._paths.notices)
        self.say(words)

    def taken_back(self, reason: str) -> None:
        """The box works with the file before again."""
        notices.drop(TRIAL_NOTICE, self._paths.notices)
        words = f"The new provisioning file was taken back, and the box works with the one before. {reason}"
        self._warn(NOTICE, "E-TAKE-BACK", words)
        self._tell(result_file.taken_back(self.version, reason))

    def misnamed(self, names: Sequence[str]) -> None:
        """No file has the right name; these have nearly that, or the content of one."""
        words = (
            f"There is no {NAME} on the boot partition. What looks like it: {_few(names)}. Give the file that is "
            f"meant the name {NAME}, not in a folder."
        )
        self._warn(NOTICE, "E-TAKE-NAME", words)
        self._tell(result_file.misnamed(self.version, names))

    def not_erased(self, names: Sequence[str], why: str) -> None:
        """The file was taken, and it or copies of it are still on the boot partition, with its secrets."""
        words = (
            f"The provisioning file was taken, but {_few(names)} {_are(names)} STILL on the boot partition, "
            f"WITH ITS PASSWORDS, and cannot be erased ({why}). Delete {_them(names)} there with a laptop."
        )
        self._warn(NOTICE, "E-TAKE-LEFT", words)

    def erased(self, names: Sequence[str]) -> None:
        """Copies and backups of the file were erased too; none where there were none."""
        if names:
            self.say(f"copies and backups of it on the boot partition are erased too: {_few(names)}")

    def left(self, names: Sequence[str]) -> None:
        """These are not the box's to erase, and hold secrets of this hotel's file or of another's, if any do."""
        if not names:
            return
        words = (
            f"On the boot partition there are other files with passwords of a provisioning file: {_few(names)}. "
            f"Delete them there with a laptop. If the box is to work with one of them, give it the name {NAME}."
        )
        self._warn(LEFT_NOTICE, "E-TAKE-LEFT", words)

    def pieces_not_erased(self, names: Sequence[str], why: str) -> None:
        """Pieces that a check of the boot partition has saved are still there; no look can tell what they hold."""
        words = (
            f"Pieces of files that a power cut broke off ARE STILL on the boot partition and MAY HOLD PASSWORDS: "
            f"{_few(names)} cannot be erased ({why}). Delete them there with a laptop."
        )
        self._warn(PIECES_NOTICE, "E-TAKE-LEFT", words)

    def written(self) -> bytes:
        """The result file as it is, b"" where there is none."""
        try:
            with self._paths.result.open("rb") as file:
                return file.read(_LARGEST_RESULT)
        except OSError:
            return b""

    def write(self, text: bytes) -> None:
        """Write the result file, on a boot partition that is writable now. Raises `OSError`."""
        if self.written() != text:
            self._files.write_through(self._paths.result, text)

    def withdraw(self) -> None:
        """Remove a result file that is not true any more."""
        if self.written():
            self._on_boot(lambda: self._files.remove(self._paths.result))

    def _warn(self, notice: str, code: str, words: str) -> None:
        self._note(notice, code, words)
        self.say(words)

    def _note(self, notice: str, code: str, words: str) -> None:
        notices.put(notice, code, words, folder=self._paths.notices)

    def _tell(self, text: bytes) -> None:
        if self.written() != text:
            self._on_boot(lambda: self.write(text))

    def _on_boot(self, change: Callable[[], None]) -> None:
        try:
            with writable(self._paths, self._run):
                change()
        except (OSError, ProgramTrouble) as error:
            self.say(f"provisioning-result.txt cannot be written ({reason_of(error)})")


def _reasons(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The errors among the lines of problems, as sentences."""
    errors = (line.removeprefix(_ERROR).rstrip(".") for line in lines if line.startswith(_ERROR))
    return tuple(error if error.endswith("?") else f"{error}." for error in errors)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return plain(", ".join(names[:_TOLD]), _LINE) + more


def _are(names: Sequence[str]) -> str:
    return "IS" if len(names) == 1 else "ARE"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _goes_on(active: ActiveFile | None) -> str:
    return "the box goes on with the one that it took before" if active else "the box has no other yet"
