"""The installer at the emulated box's page that acts, with a real page of this machine: found without a boot."""

from functools import partial
from pathlib import Path

import pytest
import trio

from agent.status.acting import certificate
from tests.image.emulator.acting_page import ActingPage
from tests.image.emulator.hotel import Hotel
from tests.provisioning.text import good
from tests.status.acting.test_box_acts import PASSWORD, box_in

pytestmark = pytest.mark.needs("openssl")
SECONDS = 20.0  # s


async def test_the_installer_compares_logs_in_acts_and_restarts(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        port = box.web.base_url.port
        assert port
        page = ActingPage("127.0.0.1", port)
        met = await trio.to_thread.run_sync(page.certificate)
        assert met == certificate.fingerprint(tmp_path / certificate.FOLDER / certificate.NAME)
        assert await trio.to_thread.run_sync(page.log_in, "not the password") == 403
        assert (await trio.to_thread.run_sync(page.get)).status == 303
        assert await trio.to_thread.run_sync(page.log_in, PASSWORD) == 303
        place = await trio.to_thread.run_sync(partial(page.act, verb="takeover"))
        assert "Done." in await trio.to_thread.run_sync(page.end, place, SECONDS)
        place = (await trio.to_thread.run_sync(partial(page.send, "/restart", box="yes"))).place
        assert place.startswith("/act/")


def test_where_nothing_answers_in_tls_there_is_no_certificate() -> None:
    assert ActingPage("127.0.0.1", 1).certificate() == ""


def test_the_hotels_file_has_a_page_that_acts() -> None:
    hotel = Hotel()
    assert good(hotel.file(network=hotel.acting)).page.acting == "0.0.0.0:443"
