"""Settings that all tests share."""

import os

import pytest
from hypothesis import settings

from agent.simulators.mews.switches import Dialect
from tests.manner import Manner

pytest_plugins = ("tests.needs",)

# A busy machine is no bug: what must not take long says so itself. The examples are the same in each run, so one
# commit has one verdict; `make explore` looks for others.
settings.register_profile("night-porter", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("explore" if "NIGHTPORTER_EXPLORE" in os.environ else "night-porter")


@pytest.fixture(params=list(Dialect))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each of Mews' two dialects: what the pass promises holds in both."""
    found: Dialect = request.param
    return found


@pytest.fixture(params=list(Manner), ids=lambda manner: manner.value)
def manner(request: pytest.FixtureRequest) -> Manner:
    """Each manner in which box and Mews speak: where news by itself could change what is promised."""
    found: Manner = request.param
    return found
