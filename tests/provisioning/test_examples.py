"""The examples that ship with the box: the good ones are good, each bad one breaks exactly the rule it names."""

import re

import pytest

from provisioning.problems import Level, Problem
from provisioning.read import read
from tests.provisioning.text import COMPLETE, EXAMPLES, MINIMAL

INVALID = sorted(path.name for path in (EXAMPLES / "invalid").iterdir())
DOUBTFUL = sorted(path.name for path in (EXAMPLES / "doubtful").iterdir())
GOOD = {"provisioning.toml": COMPLETE, "minimal.toml": MINIMAL}


def content(*parts: str) -> bytes:
    return EXAMPLES.joinpath(*parts).read_bytes()


def assert_is(problem: Problem, text: bytes) -> None:
    """The example's first line has where the problem is, and a part of what is said of it."""
    first = text.partition(b"\n")[0].decode().removeprefix("# expect: ")
    where, _, part = first.partition(": ")
    assert problem.line.startswith(f"{problem.level:<7}  {where}: ")
    assert part
    assert part in f"{problem.wrong}. {problem.write}"


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_good_example_that_is_filled_in_has_no_problem_at_all(text: str) -> None:
    assert read(text.encode()).problems == ()


@pytest.mark.parametrize("name", GOOD)
def test_what_nobody_can_mean_of_a_good_example_is_pointed_out(name: str) -> None:
    invented = [line for line in content(name).decode().splitlines() if re.match("password|certificate", line)]
    found = read(content(name))
    assert found.provisioning is not None
    assert {problem.wrong for problem in found.problems} == {"is the one of the example file"}
    assert len(found.problems) == len(invented)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_example_breaks_exactly_its_rule(name: str) -> None:
    text = content("invalid", name)
    [problem] = read(text).problems
    assert_is(problem, text)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_example_gives_no_provisioning(name: str) -> None:
    assert read(content("invalid", name)).provisioning is None


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_doubtful_example_has_exactly_its_warning(name: str) -> None:
    text = content("doubtful", name)
    [problem] = read(text).problems
    assert_is(problem, text)
    assert problem.level is Level.WARNING


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_doubtful_example_can_be_used(name: str) -> None:
    assert read(content("doubtful", name)).provisioning is not None


@pytest.mark.parametrize("name", [*INVALID, *DOUBTFUL])
def test_every_sentence_fits_on_one_line_and_ends_without_a_full_stop(name: str) -> None:
    folder = "invalid" if name in INVALID else "doubtful"
    [problem] = read(content(folder, name)).problems
    assert problem.line.isprintable()
    assert not problem.write.endswith(".")


@pytest.mark.parametrize("name", [*INVALID, *DOUBTFUL])
def test_every_problem_but_one_of_the_whole_file_has_a_line_of_it(name: str) -> None:
    text = content("invalid" if name in INVALID else "doubtful", name)
    [problem] = read(text).problems
    assert (problem.line_number is None) == (problem.path == "file")
    assert problem.line_number is None or 1 <= problem.line_number <= text.count(b"\n") + 1
