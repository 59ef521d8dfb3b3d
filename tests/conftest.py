"""Settings that all tests share."""

import os

from hypothesis import settings

pytest_plugins = ("tests.needs",)

# A busy machine is no bug: what must not take long says so itself. The examples are the same in each run, so one
# commit has one verdict; `make explore` looks for others.
settings.register_profile("night-porter", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("explore" if "NIGHTPORTER_EXPLORE" in os.environ else "night-porter")
