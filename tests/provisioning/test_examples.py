"""The examples that ship with the box: the good ones are good, each bad one breaks exactly the rule it names."""

from importlib.resources import files

import pytest

from provisioning.problems import Level, Problem
from provisioning.read import read

EXAMPLES = files("provisioning") / "examples"
INVALID = sorted(path.name for path in (EXAMPLES / "invalid").iterdir())
DOUBTFUL = sorted(path.name for path in (EXAMPLES / "doubtful").iterdir())
GOOD = ("provisioning.toml", "minimal.toml")


def content(*parts: str) -> bytes:
    return EXAMPLES.joinpath(*parts).read_bytes()


def expected(text: bytes) -> tuple[str, str]:
    first = text.partition(b"\n")[0].decode()
    path, _, part = first.removeprefix("# expect: ").partition(": ")
    return path, part


def assert_is(problem: Problem, text: bytes) -> None:
    path, part = expected(text)
    assert problem.path == path
    assert part in f"{problem.wrong}. {problem.write}"


@pytest.mark.parametrize("name", GOOD)
def test_a_good_example_has_no_problem_at_all(name: str) -> None:
    assert read(content(name)).problems == ()


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
