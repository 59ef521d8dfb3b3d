"""That a file is on trial here, for every other program and face that could begin a trial of the same file.

Console and page are faces of their own, perhaps in two processes, and each watches its own trial. The mark is a
lock of the kernel on a file beside the provisioning file: it ends with the process that has it, however that ends.
"""

import fcntl
import os
from pathlib import Path


class TrialMark:
    """Of the provisioning file `config`."""

    def __init__(self, config: Path) -> None:
        self._path = config.with_name(f"{config.name}.trial")
        self._held: int | None = None

    def take(self) -> bool:
        """Whether it is ours now, or was before; False while another has it. Raises `OSError`."""
        while self._held is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            if self._is_at_path(file):
                self._held = file
            else:  # its last holder took it away between the two calls
                os.close(file)
        return True

    def drop(self) -> None:
        """No trial runs here any more."""
        if self._held is not None:
            self._path.unlink(missing_ok=True)  # while it is ours: who opened it meanwhile looks again
            os.close(self._held)
            self._held = None

    def _is_at_path(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except FileNotFoundError:
            return False
