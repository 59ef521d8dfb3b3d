"""The box's program for its queues: against a CUPS on paper, which does what lpadmin and lpstat are said to do."""

import socket
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from agent.box.queues import queues
from agent.box.queues.decisions.wanted import Queue, written
from agent.box.tools.paths import Paths
from agent.box.tools.programs import Finished, ProgramTrouble

LASER = "drv:///sample.drv/laserjet.ppd"
BACK = Queue("back-office", "socket://10.4.5.31:9100", LASER)
BAR = Queue("bar", "socket://10.4.5.32:9100", LASER)


class PaperCups:
    """`deaf`: so many times lpadmin does nothing, and says nothing. `refuses`: models that it does not have."""

    def __init__(self) -> None:
        self.devices: dict[str, str] = {}
        self.ran: list[tuple[str, ...]] = []
        self.deaf = 0
        self.refuses = ""
        self.is_away = False

    def __call__(
        self, argv: Sequence[str], *, timeout: float, stdin: str = "", fine: Collection[int] = (0,)
    ) -> Finished:
        assert timeout > 0
        self.ran.append(tuple(argv))
        if self.is_away:
            raise ProgramTrouble(argv[0], 1, "Unable to connect to server")
        match argv:
            case ["lpstat", "-h", _, "-v"]:
                said = "".join(f"device for {name}: {device}\n" for name, device in self.devices.items())
                assert 1 in fine
                return Finished(0 if said else 1, said, "")
            case ["lpadmin", "-h", _, "-p", name, "-E", "-v", device, "-m", model, *_]:
                if model == self.refuses:
                    raise ProgramTrouble("lpadmin", 1, "Unable to copy PPD file")
                if self.deaf:
                    self.deaf -= 1
                else:
                    self.devices[name] = device
            case ["lpadmin", "-h", _, "-x", name]:
                del self.devices[name]
            case _:
                raise AssertionError(argv)
        return Finished(0, "", "")

    @property
    def changes(self) -> list[str]:
        """The queues that were made or removed, in that order."""
        return [argv[4] for argv in self.ran if argv[0] == "lpadmin"]


class Site:
    """A box with its file, and CUPS."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(run=folder / "run", queues=folder / "queues")
        self.paths.run.mkdir()
        self.cups = PaperCups()
        self.said: list[str] = []

    def want(self, *wanted: Queue) -> None:
        self.paths.queues_wanted.write_text(written(wanted) or "")

    def put_right(self) -> bool:
        self.cups.ran.clear()
        return queues.put_right(self.paths, self.cups, self.said.append)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_queues_of_the_file_are_made(site: Site) -> None:
    site.want(BACK, BAR)
    assert site.put_right()
    assert site.cups.devices == {"back-office": BACK.device, "bar": BAR.device}
    assert site.said == []


def test_a_second_time_nothing_is_told_to_cups(site: Site) -> None:
    site.want(BACK)
    site.put_right()
    assert site.put_right()
    assert site.cups.changes == []


def test_what_another_file_changes_is_changed_and_the_rest_left_alone(site: Site) -> None:
    site.want(BACK, BAR)
    site.put_right()
    site.want(BACK, Queue("bar", BAR.device, "drv:///sample.drv/generpcl.ppd"))
    assert site.put_right()
    assert site.cups.changes == ["bar"]


def test_a_queue_that_the_file_has_no_more_is_removed(site: Site) -> None:
    site.want(BACK, BAR)
    site.put_right()
    site.want(BAR)
    assert site.put_right()
    assert site.cups.devices == {"bar": BAR.device}
    site.paths.queues_wanted.unlink()
    assert site.put_right()
    assert site.cups.devices == {}


def test_lpadmin_that_makes_nothing_and_says_nothing_is_asked_again(site: Site) -> None:
    site.want(BACK)
    site.cups.deaf = queues.TRIES - 1
    assert site.put_right()
    assert site.cups.changes == ["back-office"] * queues.TRIES


def test_a_queue_that_never_comes_is_said_and_is_no_success(site: Site) -> None:
    site.want(BACK)
    site.cups.deaf = queues.TRIES
    assert not site.put_right()
    assert site.said == ["the queue back-office is not as the provisioning file has it"]


def test_one_queue_that_cannot_be_made_keeps_no_other_from_being_made(site: Site) -> None:
    site.want(Queue("old", BAR.device, "drv:///sample.drv/none.ppd"), BACK)
    site.cups.refuses = "drv:///sample.drv/none.ppd"
    assert not site.put_right()
    assert site.cups.devices == {"back-office": BACK.device}
    assert "lpadmin: Unable to copy PPD file" in site.said


def test_without_an_answer_of_cups_it_ends_and_says_so(site: Site) -> None:
    site.want(BACK)
    site.cups.is_away = True
    assert not site.put_right()
    assert "lpstat: Unable to connect to server" in site.said


def test_a_cups_that_is_just_starting_is_waited_for(tmp_path: Path) -> None:
    pauses: list[float] = []
    with socket.socket(socket.AF_UNIX) as cups:

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 1:
                cups.bind(str(tmp_path / "control"))
            else:
                cups.listen()

        assert queues.has_started(tmp_path / "control", pause)
    assert len(pauses) == 2


def test_a_cups_that_never_answers_is_waited_for_two_minutes(tmp_path: Path) -> None:
    pauses: list[float] = []
    assert not queues.has_started(tmp_path / "control", pauses.append)
    assert sum(pauses) == pytest.approx(120.0)


def test_half_a_list_of_what_was_made_is_made_again(site: Site) -> None:
    site.want(BACK)
    site.put_right()
    site.paths.queues_made.write_bytes(b"[{")
    assert site.put_right()
    assert site.cups.changes == ["back-office"]
