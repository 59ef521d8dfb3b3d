"""Which queues the box has, by values."""

import pytest

from agent.box.queues.decisions import plan
from agent.box.queues.decisions.plan import Plan
from agent.box.queues.decisions.wanted import Queue, read, wanted, written
from provisioning.model import Provisioning
from tests.provisioning.text import COMPLETE, QUEUE, good, minimal

LASER = "drv:///sample.drv/laserjet.ppd"
BACK = Queue("back-office", "socket://10.4.5.31:9100", LASER)
BAR = Queue("bar", "socket://[fd00::5]:9100", "drv:///sample.drv/generic.ppd")
THERE = {"back-office": "socket://10.4.5.31:9100"}


def test_a_file_wants_a_queue_for_each_printer_with_a_device() -> None:
    assert wanted(good(minimal(add=QUEUE))) == (BACK,)


@pytest.mark.parametrize("provisioning", [None, good(COMPLETE)])
def test_without_such_a_printer_nothing_is_wanted_and_nothing_written(provisioning: Provisioning | None) -> None:
    assert wanted(provisioning) == ()
    assert written(wanted(provisioning)) is None


def test_what_is_written_is_read_again() -> None:
    assert read((written((BACK, BAR)) or "").encode()) == (BACK, BAR)


@pytest.mark.parametrize("text", [b"", b"[", b"{}", b'[{"name": "a"}]', b"\xff"])
def test_half_a_list_has_no_queues(text: bytes) -> None:
    assert read(text) == ()


def test_what_is_as_it_should_be_is_left_alone() -> None:
    assert plan.plan((BACK,), THERE, (BACK,)) == Plan((), ())


@pytest.mark.parametrize(
    ("there", "made"),
    [
        pytest.param({}, (), id="is new"),
        pytest.param({}, (BACK,), id="was made, and is not there"),
        pytest.param({"back-office": "socket://10.4.5.9:9100"}, (BACK,), id="sends elsewhere"),
        pytest.param(THERE, (Queue("back-office", BACK.device, BAR.model),), id="was made for another model"),
        pytest.param(THERE, (), id="was made by no one knows whom"),
    ],
)
def test_a_queue_is_made_that_is_not_as_it_should_be(there: dict[str, str], made: tuple[Queue, ...]) -> None:
    assert plan.plan((BACK,), there, made) == Plan((), (BACK,))


def test_a_queue_that_the_file_has_no_more_goes() -> None:
    assert plan.plan((BAR,), THERE, (BACK,)) == Plan(("back-office",), (BAR,))


def test_what_lpstat_lists_is_read() -> None:
    said = "device for back-office: socket://10.4.5.31:9100\ndevice for bar: socket://[fd00::5]:9100\n"
    assert plan.listed(said) == {"back-office": BACK.device, "bar": BAR.device}
    assert plan.listed("lpstat: No destinations added.\n") == {}


def test_lpadmin_is_told_through_the_socket_and_the_paper_is_a4() -> None:
    words = plan.make(BACK, "/run/q/control")
    assert words[:5] == ("lpadmin", "-h", "/run/q/control", "-p", "back-office")
    assert words[5:10] == ("-E", "-v", "socket://10.4.5.31:9100", "-m", LASER)
    assert "PageSize=A4" in words
    assert plan.remove("bar", "/run/q/control") == ("lpadmin", "-h", "/run/q/control", "-x", "bar")
