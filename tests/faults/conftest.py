"""A provisioned hotel for each test of a fault."""

from pathlib import Path

import pytest

from tests.whole_hotel import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """Three encoders, signing in. Tests ask for `autojump_clock` themselves: the plugin only sees it there."""
    hotel = Hotel(tmp_path)
    hotel.provision()
    return hotel
