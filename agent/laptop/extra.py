"""Packages that an installer's laptop has and no box: loaded when needed, with one sentence if missing."""

from importlib import import_module
from types import ModuleType

from agent.foundation.errors import UserMistake


def extra(name: str, purpose: str) -> ModuleType:
    """The package of that name. Raises `UserMistake` with what to install for `purpose`."""
    try:
        return import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise UserMistake(
            f"{purpose} needs the package {package}: run pip install 'nightporter[laptop]'"
        ) from None
