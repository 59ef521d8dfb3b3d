"""A suggestion, taken literally, works: the problem is gone, and no other has come."""

import pytest

from provisioning.problems import Problem
from provisioning.read import read
from tests.provisioning.literally import obeyed
from tests.provisioning.text import EXAMPLES, MINIMAL, problems

BAD = {
    path.name: path.read_bytes() for folder in ("invalid", "doubtful") for path in (EXAMPLES / folder).iterdir()
}
QUOTED = 60  # examples; at least so many quote what to write


def told(content: bytes) -> tuple[str, Problem]:
    [problem] = read(content).problems
    return content.decode("utf-8", "replace"), problem


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_doing_what_an_example_is_told_mends_it(content: bytes) -> None:
    text, problem = told(content)
    after = obeyed(text, problem)
    if after is not None:
        assert after != text
        assert [each.line for each in problems(after)] == []


def test_most_advice_that_can_quote_what_to_write_does() -> None:
    assert len([content for content in BAD.values() if obeyed(*told(content)) is not None]) >= QUOTED


def test_a_section_that_is_mistyped_twice_is_not_told_to_be_taken_out() -> None:
    text = MINIMAL.replace("[coder_bridge]", "[coderbridge]").replace("[[coder_bridge.", "[[coderbridge.")
    [first] = problems(text)
    assert (first.line_number, first.write) == (13, "Did you mean coder_bridge?")
    [second] = [problem for problem in problems(obeyed(text, first) or "") if problem.path == "coderbridge"]
    assert (second.line_number, second.write) == (19, "Did you mean coder_bridge, too?")
