"""What a scenario did and found: told on the terminal as it happens, and kept for the results' file."""

import os
import time
from pathlib import Path

import msgspec


class Measure(msgspec.Struct, frozen=True):
    """A figure, with its goal where it has one."""

    name: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether it keeps its goal."""
        return self.at_most is None or self.value <= self.at_most

    @property
    def text(self) -> str:
        """On one line."""
        goal = "" if self.at_most is None else f" (goal: <= {self.at_most:g}{'' if self.is_met else ', MISSED'})"
        return f"{self.name}: {self.value:g} {self.unit}{goal}".replace("  ", " ")


class Result(msgspec.Struct, frozen=True):
    """One scenario at its end; `inputs` is the hash of what the image was made of (image/inputs)."""

    name: str
    sentence: str
    is_good: bool
    seconds: float
    said: list[str]
    measures: list[Measure]
    problems: list[str]
    inputs: str = ""


class Record:
    """One scenario while it runs."""

    def __init__(self, name: str, sentence: str) -> None:
        self.name, self._sentence = name, sentence
        self._began = time.monotonic()
        self._said: list[str] = []
        self._measures: list[Measure] = []
        self.problems: list[str] = []

    def say(self, text: str) -> None:
        """What was done or seen."""
        self._said.append(text)
        print(f"{time.monotonic() - self._began:6.0f} s  {self.name}: {text}", flush=True)

    def measure(self, name: str, value: float, unit: str = "", at_most: float | None = None) -> None:
        """A figure; one that misses its goal is a problem."""
        measure = Measure(name, round(value, 3), unit, at_most)
        self._measures.append(measure)
        self.say(measure.text)
        if not measure.is_met:
            self.problems.append(measure.text)

    def check(self, is_so: bool, sentence: str, seen: object = "") -> None:
        """Something that has to be so; if it is not, the scenario goes on, and has failed."""
        if is_so:
            self.say(f"yes: {sentence}")
            return
        self.problems.append(f"not so: {sentence}{f' ({seen})' if seen != '' else ''}")
        self.say(self.problems[-1])

    def fail(self, why: str) -> None:
        """It cannot go on."""
        self.problems.append(why)
        self.say(f"FAILED: {why}")

    def result(self) -> Result:
        """All of it."""
        seconds = round(time.monotonic() - self._began, 1)
        return Result(
            self.name, self._sentence, not self.problems, seconds, self._said, self._measures, self.problems
        )


def save(results: list[Result], path: Path) -> None:
    """Write results to a file, whole or not at all: a run may be broken off at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    coming = path.with_suffix(f".{os.getpid()}")
    coming.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    coming.replace(path)


def load(path: Path) -> list[Result]:
    """Results of a file; none where a journey never came to write it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Result])
    except OSError:
        return []
