"""What can do no I/O, as pyproject.toml lists it; `python -m tests.pure` prints it for coverage.

No excuse there for a branch that no test takes.
"""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def pure() -> tuple[str, ...]:
    """Their dotted names, in the order of the list."""
    contracts = tomllib.loads(_PROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return tuple(next(contract["source_modules"] for contract in contracts if contract["id"] == "pure"))


def place(name: str) -> str:
    """Where it is, from the top of the project: a folder, or a file that is pure among others that are not."""
    path = name.replace(".", "/")
    return path if (_PROJECT.parent / path).is_dir() else f"{path}.py"


if __name__ == "__main__":
    print(",".join(at if at.endswith(".py") else f"{at}/*" for at in map(place, pure())))
