"""The folders without I/O, as pyproject.toml lists them; `python -m tests.pure` prints them for coverage.

No excuse there for a branch that no test takes.
"""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def pure() -> tuple[str, ...]:
    """The dotted names of the folders, in the order of the list."""
    contracts = tomllib.loads(_PROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return tuple(next(contract["source_modules"] for contract in contracts if contract["id"] == "pure"))


if __name__ == "__main__":
    print(",".join(f"{name.replace('.', '/')}/*" for name in pure()))
