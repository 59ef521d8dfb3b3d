"""What was seen of one state of the sources, over as many runs as it takes, and the stamp: it was all well.

A whole run takes half an hour and more: one that was broken off, or met the emulator's faults, is gone on with.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.image.scenarios.catalogue import Scenario, chosen
from tests.image.scenarios.record import Result, load, save

_IMAGE = Path(__file__).parents[2] / "image"


class Seen:
    """The results in the file `path` that belong to the sources as they are at this moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inputs = _inputs()
        self._results: dict[str, Result] = {}
        self._read()

    def missing(self, scenarios: Sequence[Scenario]) -> list[Scenario]:
        """Those that were not seen to end well."""
        return [scenario for scenario in scenarios if not self._is_well(scenario)]

    def add(self, results: Sequence[Result]) -> None:
        """Keep these, in place of older ones of the same scenarios."""
        self._read()  # another run may have come to its end meanwhile
        for result in results:
            self._results[result.name] = msgspec.structs.replace(result, inputs=self._inputs)
        save(list(self._results.values()), self._path)

    def stamp(self, arch: str, path: Path = _IMAGE / "stamp") -> bool:
        """Write the stamp if all that a run without names plays was well, of sources that are still the same."""
        if arch != "amd64" or self.missing(chosen(arch, ())) or _inputs() != self._inputs:
            return False
        path.write_text(self._inputs + "\n")
        return True

    def _read(self) -> None:
        self._results = {result.name: result for result in load(self._path) if result.inputs == self._inputs}

    def _is_well(self, scenario: Scenario) -> bool:
        result = self._results.get(scenario.name)
        return result is not None and result.is_good


def _inputs() -> str:
    return subprocess.run([_IMAGE / "inputs"], capture_output=True, text=True, check=True).stdout.strip()
