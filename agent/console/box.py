"""The box as the console has it: its page, its desk, its helper, and the files in which its programs meet."""

import os
from collections.abc import Callable
from pathlib import Path

from agent.console.desk_link import DeskLink
from agent.console.helper import Helper, SocketHelper
from agent.console.own_page import OwnPage, page_of_box
from agent.handover import identity, release, site_facts
from agent.handover.site_facts import SiteFacts
from agent.journal.state_folder import BOX_STATE
from board.base import Network
from board.linux import LinuxBoard

RUN = Path("/run/nightporter")
FILE_BYTES = 16_384  # of a file; the summary of a provisioning file has under 2 KB
LAST_STEPS = 8


class ConsoleBox:
    """`facts` are of the provisioning file; `run` is the folder of steps and summary.

    `identify` has the lights blink for some seconds; False: there are none. `provision_text` is the active file in
    plain words, empty without one; left out, as the box's programs have written it.
    """

    def __init__(
        self,
        page: OwnPage,
        desk: DeskLink,
        helper: Helper,
        get_network: Callable[[], Network],
        facts: Callable[[], SiteFacts],
        *,
        run: Path = RUN,
        name: Callable[[], str] = lambda: os.uname().nodename.partition(".")[0],
        version: str = "",
        identify: Callable[[float], bool] = lambda _: False,
        provision_text: Callable[[], str] | None = None,
    ) -> None:
        self.page, self.desk, self.helper = page, desk, helper
        self.get_network, self.facts, self.get_name = get_network, facts, name
        self.version, self.identify = version, identify
        self.run = run
        self.provision_text = provision_text or (lambda: _content(run / "provision.txt"))
        self._steps_read = 0

    @property
    def name(self) -> str:
        """The box's name on the network."""
        return self.get_name()

    @property
    def url(self) -> str:
        """The page's address in a browser."""
        return self.page.url(self.name)

    @property
    def about(self) -> str:
        """Model and serial number, as far as they are known; empty where neither is."""
        known = identity.read(self.run / identity.IDENTITY.name)
        serial = f"serial number {known.serial}" if known.serial else ""
        return ", ".join(filter(None, (known.model, serial)))

    def new_steps(self) -> list[str]:
        """The whole lines that the box's programs wrote since the last call."""
        try:
            with (self.run / "steps").open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._steps_read:
                    self._steps_read = 0
                file.seek(self._steps_read)
                lines = file.read(FILE_BYTES).rpartition(b"\n")[0]
        except OSError:
            return []
        self._steps_read += len(lines) + 1 if lines else 0
        return lines.decode(errors="replace").splitlines()

    def last_steps(self, most: int = LAST_STEPS) -> str:
        """The last few steps."""
        return "\n".join(_content(self.run / "steps").splitlines()[-most:])


def box_itself(board: LinuxBoard, identify: Callable[[float], bool] = lambda _: False) -> ConsoleBox:
    """This machine, as the image's box."""
    version = release.read().version
    return ConsoleBox(
        OwnPage(page_of_box()),
        DeskLink(Path(BOX_STATE)),
        SocketHelper(),
        board.network,
        lambda: site_facts.read() or SiteFacts(is_provisioned=True),  # nothing told: nothing is let
        version="" if version == release.UNKNOWN else version,
        identify=identify,
    )


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES).decode(errors="replace")
    except OSError:
        return ""
