"""A provisioned hotel for each test of a fault."""

from pathlib import Path

import pytest

from tests.manner import Manner
from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path, manner: Manner) -> Hotel:
    """Three encoders, signing in. Tests ask for `autojump_clock` themselves: the plugin only sees it there."""
    hotel = Hotel(tmp_path, dialect=manner.dialect, has_push=manner.has_push)
    hotel.provision()
    return hotel
