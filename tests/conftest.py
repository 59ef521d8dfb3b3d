"""Settings that all tests share."""

from hypothesis import settings

pytest_plugins = ("tests.needs",)

# A busy machine is no bug: what must not take long says so itself.
settings.register_profile("night-porter", deadline=None)
settings.load_profile("night-porter")
